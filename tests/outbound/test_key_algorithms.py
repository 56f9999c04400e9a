"""A key verifies what its issuer says that it is for, and nothing else (RFC 8725, 3.1); one that says nothing verifies
what its kind fits."""

import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from support_api.http.auth import Issuer, TokenVerifier, Unauthorized
from support_api.outbound import jwks as outbound
from support_api.outbound.jwks import IssuerKeys
from tests.make import PlainHasher

NAME, TOWN = "https://issuer.example", "0199aaaa-0000-7000-8000-000000000001"
OURS = ("RS256", "PS256", "ES256", "EdDSA")
RSA, EC = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
P384, ED = ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()
PRIVATE: dict[str, Any] = {"RSA": RSA, "EC": EC, "P-384": P384, "OKP": ED}
# What signs, what the key states, and what it then verifies.
CASES: list[tuple[str, str | None, tuple[str, ...]]] = [
    ("RSA", None, ("RS256", "PS256")),
    ("RSA", "RS256", ("RS256",)),
    ("RSA", "PS256", ("PS256",)),
    ("RSA", "PS512", ()),
    ("RSA", "ES256", ()),
    ("EC", None, ("ES256",)),
    ("EC", "ES256", ("ES256",)),
    ("EC", "EdDSA", ()),
    ("P-384", None, ()),
    ("P-384", "ES384", ()),
    ("OKP", None, ("EdDSA",)),
    ("OKP", "EdDSA", ("EdDSA",)),
    ("OKP", "ES256", ()),
]


def public(kind: str, stated: str | None) -> dict[str, Any]:
    algorithm: Any = {"RSA": jwt.algorithms.RSAAlgorithm, "OKP": jwt.algorithms.OKPAlgorithm}.get(
        kind, jwt.algorithms.ECAlgorithm
    )
    made = {**json.loads(algorithm.to_jwk(PRIVATE[kind].public_key())), "kid": "k", "use": "sig"}
    return {**made, "alg": stated} if stated else made


def signed(kind: str, algorithm: str) -> str | None:
    """None if this key can't sign so."""
    now = int(time.time())
    claims = {"iss": NAME, "sub": "x", "aud": "us", "iat": now, "exp": now + 60, "jti": "j", "client_id": "c"}
    claims |= {"municipality": TOWN, "role": "worker"}
    try:
        return jwt.encode(claims, PRIVATE[kind], algorithm, {"typ": "at+jwt", "kid": "k"})
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError):
        return None


async def accepted(kind: str, stated: str | None) -> tuple[str, ...]:
    """The algorithms by which it gets in, at a service that trusts this issuer with all of ours."""
    keys = IssuerKeys({NAME: {"keys": [public(kind, stated)]}}, {})
    issuer = Issuer(NAME, OURS, frozenset(), 900, "municipality", "role", None)
    verifier, found = TokenVerifier({NAME: issuer}, keys, "us", PlainHasher()), []
    for algorithm in OURS:
        if token := signed(kind, algorithm):
            try:
                await verifier.verify([f"Bearer {token}"])
            except Unauthorized:
                continue
            found.append(algorithm)
    return tuple(found)


async def check_bound() -> None:
    found = {(kind, stated): await accepted(kind, stated) for kind, stated, _ in CASES}
    assert found == {(kind, stated): expected for kind, stated, expected in CASES}


async def test_a_key_verifies_only_what_it_is_for() -> None:
    await check_bound()


async def test_a_key_that_is_not_bound_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: go by the kind of key alone."""
    bound = outbound._algorithms
    monkeypatch.setattr(outbound, "_algorithms", lambda entry: bound({**entry, "alg": None}))
    with pytest.raises(AssertionError):
        await check_bound()
