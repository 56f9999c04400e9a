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

ISSUER = "urn:support-api:demo"
AUDIENCE = "support-api"
LIFETIME_SECONDS = 3600
ASSURANCE = {"urn:support-api:demo:substantial": 2}


class DemoIssuer:
    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
        canonical = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        digest = hashlib.sha256(canonical.encode()).digest()
        self.thumbprint = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()  # RFC 7638
        self.jwks = {"keys": [{**jwk, "kid": self.thumbprint, "alg": "ES256", "use": "sig"}]}

    def token(self, claims: dict[str, Any], lifetime: int = LIFETIME_SECONDS) -> str:
        now = int(time.time())
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lifetime,
            "jti": str(uuid4()),
            "acr": "urn:support-api:demo:substantial",
            **claims,
        }
        return jwt.encode(payload, self._key, algorithm="ES256", headers={"typ": "at+jwt", "kid": self.thumbprint})

    def settings(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
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


def read(path: Path) -> DemoIssuer:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not the demo's key")
    return DemoIssuer(key)
