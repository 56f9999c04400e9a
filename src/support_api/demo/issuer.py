"""The demo's own token issuer. Its key lies in the data folder; the service accepts it only with the database that the
demo made."""

import base64
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

# The name under which its subjects are known, at whatever address the demo runs.
ISSUER = "urn:support-api:demo"
AUDIENCE = "support-api"
LIFETIME_SECONDS = 3600
ACR = "urn:support-api:demo:substantial"
ASSURANCE = {ACR: 2}
ACCESS_TOKEN = "at+jwt"  # noqa: S105


class DemoIssuer:
    """`name`: the `iss` of its tokens."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, name: str = ISSUER) -> None:
        self._key = key
        self.name = name
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
        canonical = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        digest = hashlib.sha256(canonical.encode()).digest()
        self.thumbprint = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()  # RFC 7638
        self.jwks = {"keys": [{**jwk, "kid": self.thumbprint, "alg": "ES256", "use": "sig"}]}

    def token(self, claims: dict[str, Any], lifetime: int = LIFETIME_SECONDS) -> str:
        return self.signed({"aud": AUDIENCE, "acr": ACR, **claims}, ACCESS_TOKEN, lifetime)

    def signed(self, claims: dict[str, Any], kind: str, lifetime: int) -> str:
        """A JWT of the type `kind` (RFC 8725, 3.11): none of one kind passes for another."""
        now = int(time.time())
        payload = {"iss": self.name, "iat": now, "exp": now + lifetime, "jti": str(uuid4()), **claims}
        return jwt.encode(payload, self._key, algorithm="ES256", headers={"typ": kind, "kid": self.thumbprint})

    def opened(self, token: str, kind: str) -> dict[str, Any] | None:
        """The claims of what it signed itself as `kind`, and that still holds; else None."""
        try:
            if jwt.get_unverified_header(token).get("typ") != kind:
                return None
            return jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["ES256"],
                issuer=self.name,
                options={"require": ["exp", "jti"], "verify_aud": False},
            )
        except (jwt.PyJWTError, ValueError):
            return None

    def settings(self) -> dict[str, Any]:
        moved = {"subject_namespace": ISSUER} if self.name != ISSUER else {}
        return {
            "issuer": self.name,
            **moved,
            "jwks": self.jwks,
            "algorithms": ["ES256"],
            "max_lifetime_seconds": LIFETIME_SECONDS,
            "assurance": ASSURANCE,
            "demo": True,
        }


def make(path: Path) -> DemoIssuer:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    return DemoIssuer(key)


def read(path: Path, name: str = ISSUER) -> DemoIssuer:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not the demo's key")
    return DemoIssuer(key, name)
