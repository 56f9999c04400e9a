"""Two trusted issuers, with keys of the same name: neither can speak for the other, nor for the other's town."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from support_api.demo.cast import VERZONNERDAM, VOORBEELDSTAD, Town
from support_api.domain.facts import Principal
from support_api.http.auth import Issuer, TokenVerifier, Unauthorized
from support_api.outbound.jwks import IssuerKeys, PublicKey
from tests.make import PlainHasher

KEYS = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("urn:one", "urn:two")}
TOWNS = {"urn:one": VOORBEELDSTAD, "urn:two": VERZONNERDAM}


def verifier() -> TokenVerifier:
    to_jwk = jwt.algorithms.ECAlgorithm.to_jwk
    given = {name: {"keys": [{**to_jwk(key.public_key(), as_dict=True), "kid": "k"}]} for name, key in KEYS.items()}
    trusted = {
        name: Issuer(name, ("ES256",), frozenset([town.id]), 900, "municipality", "role", None)
        for name, town in TOWNS.items()
    }
    return TokenVerifier(trusted, IssuerKeys(given, {}), "us", PlainHasher())


def token(says: str, signed_by: str, town: Town) -> list[str]:
    now = int(time.time())
    claims: dict[str, Any] = {"iss": says, "sub": "x", "aud": "us", "iat": now, "exp": now + 60, "jti": "j"}
    claims |= {"client_id": "c", "municipality": str(town.id), "role": "worker"}
    return ["Bearer " + jwt.encode(claims, KEYS[signed_by], "ES256", {"typ": "at+jwt", "kid": "k"})]


async def check_apart() -> None:
    for name, other in (("urn:one", "urn:two"), ("urn:two", "urn:one")):
        assert (await verifier().verify(token(name, name, TOWNS[name]))).municipality_id == TOWNS[name].id
        for foreign in (
            token(name, other, TOWNS[name]),
            token(name, other, TOWNS[other]),
            token(name, name, TOWNS[other]),
            token(other, name, TOWNS[name]),
            token(other, name, TOWNS[other]),
        ):
            with pytest.raises(Unauthorized):
                await verifier().verify(foreign)


async def test_neither_speaks_for_the_other() -> None:
    await check_apart()


async def test_the_same_subject_is_somebody_else_at_each() -> None:
    found: list[Principal] = [await verifier().verify(token(name, name, town)) for name, town in TOWNS.items()]
    assert found[0].subject != found[1].subject


async def test_keys_that_are_shared_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: a key is sought by its name, at whichever issuer."""

    async def anywhere(self: IssuerKeys, _: str, kid: str) -> PublicKey | None:
        return self._keys["urn:one"].get(kid)

    monkeypatch.setattr(IssuerKeys, "key", anywhere)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        await check_apart()
