"""What the verifier keeps: a verified token for at most 30 seconds and never past its end, and not without bound."""

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest

from support_api.demo import issuer as demo
from support_api.demo.cast import VOORBEELDSTAD
from support_api.demo.issuer import DemoIssuer
from support_api.domain.errors import Unavailable
from support_api.http import auth
from support_api.http.auth import Issuer, TokenVerifier, Unauthorized
from support_api.outbound import jwks
from support_api.outbound.jwks import PublicKey
from tests.make import PlainHasher

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256: n


class Keys:
    """The issuer's keys, as long as it is trusted; counts how often they are asked for."""

    def __init__(self, issuer: DemoIssuer) -> None:
        self.keys = jwks._parse(issuer.jwks)
        self.asked = 0

    async def key(self, _: str, kid: str) -> PublicKey | None:
        self.asked += 1
        return self.keys.get(kid)


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer(tmp_path: Any) -> DemoIssuer:
    return demo.make(tmp_path / "issuer.pem")


@pytest.fixture
def keys(issuer: DemoIssuer) -> Keys:
    return Keys(issuer)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(keys: Keys, clock: Callable[[], float]) -> TokenVerifier:
    trusted = Issuer(demo.ISSUER, ("ES256",), frozenset(), 3600, "municipality", "role", None)
    return TokenVerifier({demo.ISSUER: trusted}, keys, demo.AUDIENCE, PlainHasher(), clock)


def bearer(issuer: DemoIssuer, lifetime: int = 600, **claims: Any) -> list[str]:
    said = {"sub": "teun", "client_id": "x", "municipality": str(VOORBEELDSTAD.id), "role": "worker", **claims}
    return [f"Bearer {issuer.token(said, lifetime)}"]


async def test_a_token_is_checked_once_in_thirty_seconds(
    issuer: DemoIssuer, keys: Keys, clock: Clock, verifier: TokenVerifier
) -> None:
    sent = bearer(issuer)
    first = await verifier.verify(sent)
    assert (await verifier.verify(sent), keys.asked) == (first, 1)
    clock.now += 31
    assert (await verifier.verify(sent), keys.asked) == (first, 2)


async def test_a_kept_token_ends_when_it_ends(
    issuer: DemoIssuer, keys: Keys, clock: Clock, verifier: TokenVerifier
) -> None:
    """Kept until `exp` at the most: after that it is checked again, and would be refused for its age."""
    sent = bearer(issuer, lifetime=10)
    await verifier.verify(sent)
    clock.now += 11
    keys.keys.clear()
    with pytest.raises(Unauthorized):
        await verifier.verify(sent)


async def test_a_key_that_is_withdrawn_ends_its_tokens_within_thirty_seconds(
    issuer: DemoIssuer, keys: Keys, clock: Clock, verifier: TokenVerifier
) -> None:
    sent = bearer(issuer)
    await verifier.verify(sent)
    keys.keys.clear()
    with pytest.raises(Unauthorized):
        await verifier.verify(bearer(issuer))
    clock.now += 31
    with pytest.raises(Unauthorized):
        await verifier.verify(sent)


async def test_one_character_more_is_another_token(issuer: DemoIssuer, verifier: TokenVerifier) -> None:
    sent = bearer(issuer)
    await verifier.verify(sent)
    for other in (sent[0] + "A", sent[0][:-1], sent[0] + " ", sent[0] + "="):
        with pytest.raises(Unauthorized):
            await verifier.verify([other])


async def test_who_keeps_sending_new_tokens_does_not_fill_the_memory(
    issuer: DemoIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "_KEEP", 5)
    for _ in range(8):
        await verifier.verify(bearer(issuer))
    assert len(verifier._kept) == 5


def twin(sent: str) -> str:
    """The other signature that ES256 takes for the same token: s and n - s are both right."""
    signed, signature = sent.rsplit(".", 1)
    raw = base64.urlsafe_b64decode(signature + "==")
    other = ORDER - int.from_bytes(raw[32:], "big")
    return f"{signed}.{base64.urlsafe_b64encode(raw[:32] + other.to_bytes(32, 'big')).rstrip(b'=').decode()}"


async def test_the_twin_of_a_signature_is_the_same_principal_and_takes_one_more_place(
    issuer: DemoIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "_KEEP", 3)
    for _ in range(3):
        [sent] = bearer(issuer)
        assert await verifier.verify([twin(sent)]) == await verifier.verify([sent])
        assert twin(twin(sent)) == sent
        assert twin(sent) != sent
    assert len(verifier._kept) == 3


async def test_a_refused_token_is_not_kept(issuer: DemoIssuer, verifier: TokenVerifier) -> None:
    for _ in range(3):
        with pytest.raises(Unauthorized):
            await verifier.verify(bearer(issuer, role="director"))
    assert not verifier._kept


async def test_without_the_issuers_keys_it_is_unavailable_not_unauthorized(
    issuer: DemoIssuer, keys: Keys, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, so that a caller with a good token tries again instead of logging in again."""

    async def away(*_: object) -> None:
        raise Unavailable("issuer keys")

    monkeypatch.setattr(keys, "key", away)
    with pytest.raises(Unavailable):
        await verifier.verify(bearer(issuer))
