"""The keys of issuers, from a real HTTP server: rotation, outage, and answers that are slow, huge, moved or nonsense.

An unauthenticated stranger decides when we ask (a token with an unknown key id), so asking is bounded in every way."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest

from support_api.domain.errors import Unavailable
from support_api.outbound import jwks as outbound
from support_api.outbound.jwks import IssuerKeys
from tests.outbound.origin import Origin, entry, keyset

NAME = "https://issuer.example"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(origin: Origin, clock: Callable[[], float]) -> IssuerKeys:
    return IssuerKeys({}, {NAME: origin.address}, clock, fetch_seconds=0.5)


async def test_keys_are_fetched_once_and_kept(origin: Origin, keys: IssuerKeys) -> None:
    for _ in range(3):
        found = await keys.key(NAME, "k1")
        assert found is not None
    assert origin.asked == ["/jwks.json"]
    assert await keys.key("https://nobody.example", "k1") is None


async def test_a_new_key_is_found_at_the_price_of_one_question_a_minute(
    origin: Origin, keys: IssuerKeys, clock: Clock
) -> None:
    await keys.key(NAME, "k1")
    origin.body = keyset("k2")
    assert await keys.key(NAME, "k2") is None
    clock.now += 61
    found = await asyncio.gather(*(keys.key(NAME, kid) for kid in ("k2", "x", "y", "z", "../k2")))
    assert [key is not None for key in found] == [True, False, False, False, False]
    assert len(origin.asked) == 2
    assert await keys.key(NAME, "k1") is None, "a key that the issuer took away"


async def test_an_issuer_that_is_away_keeps_its_known_keys_for_a_day(
    origin: Origin, keys: IssuerKeys, clock: Clock
) -> None:
    await keys.key(NAME, "k1")
    origin.status = 500
    for hours in (1, 11, 11.9):
        clock.now += hours * 3600
        assert await keys.key(NAME, "k1") is not None
        assert await keys.key(NAME, "unknown") is None
    clock.now += 600
    with pytest.raises(Unavailable):
        await keys.key(NAME, "k1")
    origin.status = 200
    clock.now += 61
    assert await keys.key(NAME, "new") is None
    assert await keys.key(NAME, "k1") is not None


async def test_an_issuer_that_was_never_reached_is_unavailable(clock: Clock, unused_tcp_port: int) -> None:
    keys = IssuerKeys({}, {NAME: f"http://127.0.0.1:{unused_tcp_port}/"}, clock)
    with pytest.raises(Unavailable):
        await keys.key(NAME, "k1")
    broken = IssuerKeys({}, {NAME: "no address"}, clock)
    with pytest.raises(Unavailable):
        await broken.key(NAME, "k1")


USELESS: dict[str, dict[str, Any]] = {
    "a server error": {"status": 500},
    "not found": {"status": 404},
    "moved": {"status": 302, "headers": "Location: /elsewhere\r\n"},
    "moved away": {"status": 307, "headers": "Location: http://169.254.169.254/\r\n"},
    "no answer in time": {"trickle": b"", "body": b""},
    "an answer that trickles": {"trickle": b" "},
    "huge": {"body": keyset("k2")[:-1] + b" " * 300_000 + b"}"},
    "a bomb": {"headers": "Content-Encoding: gzip\r\n", "body": b"\x1f\x8b" + b"\x00" * 50},
    "deep": {"body": b'{"keys": ' + b"[" * 100_000},
    "html": {"body": b"<html>"},
    "not utf-8": {"body": b'{"keys": "\xff"}'},
    "a list": {"body": b"[]"},
    "null": {"body": b"null"},
    "keys no list": {"body": b'{"keys": 5}'},
    "no keys": {"body": b'{"keys": []}'},
    "another thing": {"body": b'{"error": "maintenance"}'},
    "keys no objects": {"body": b'{"keys": ["k2", null, 5, []]}'},
}


async def check_useless(origin: Origin, keys: IssuerKeys, clock: Clock) -> None:
    assert await keys.key(NAME, "k1") is not None
    for name, answer in USELESS.items():
        origin.answers(**{"body": keyset("k2"), **answer})
        clock.now += 61
        asked = len(origin.asked)
        async with asyncio.timeout(5):
            assert await keys.key(NAME, "k2") is None, name
        assert await keys.key(NAME, "k1") is not None, name
        assert len(origin.asked) == asked + 1, name
    assert set(origin.asked) == {"/jwks.json"}, "a redirect was followed"


@pytest.mark.slow
async def test_a_useless_answer_changes_nothing(origin: Origin, keys: IssuerKeys, clock: Clock) -> None:
    await check_useless(origin, keys, clock)


@pytest.mark.slow
async def test_a_trusting_fetch_is_noticed(
    origin: Origin, keys: IssuerKeys, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive controls: follow redirects, read without a bound, expect a key set in whatever comes."""

    async def following(address: str) -> bytes:
        async with httpx.AsyncClient(follow_redirects=True) as client:
            return (await client.get(address)).content

    def expecting(jwks: Any) -> dict[str, jwt.PyJWK]:
        return {each["kid"]: jwt.PyJWK(each) for each in jwks["keys"]}

    for name, trusting in (("_fetch", following), ("_LONGEST_ANSWER", 10**9), ("_parse", expecting)):
        with monkeypatch.context() as broken:
            broken.setattr(outbound, name, trusting)
            with pytest.raises((AssertionError, TypeError, KeyError)):
                await check_useless(origin, IssuerKeys({}, {NAME: origin.address}, clock, fetch_seconds=0.5), clock)
        origin.answers()


async def test_only_public_signing_keys_that_we_can_read_are_used(origin: Origin, keys: IssuerKeys) -> None:
    """A private key that somebody published can sign for anyone; a shared one too."""
    origin.body = json.dumps(
        {
            "keys": [
                entry("ec"),
                entry("rsa", kind="RSA", alg="PS256"),
                entry("without use", use=None),
                entry(None),
                {**entry("x"), "kid": 5},
                entry("encryption", use="enc"),
                entry("private", private=True),
                entry("private rsa", kind="RSA", private=True),
                {"kty": "oct", "kid": "shared", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0", "alg": "HS256"},
                entry("hs256", kind="RSA", alg="HS256"),
                entry("none", alg="none"),
                entry("unknown algorithm", alg="XY1"),
                entry("algorithm list", alg=["ES256"]),
                entry("encrypting algorithm", kind="RSA", alg="RSA-OAEP"),
                entry("unknown curve", crv="P-0"),
                entry("off the curve", x="AAAA"),
                entry("no point", x=5),
                {"kid": "nothing"},
            ]
        }
    ).encode()
    await keys.key(NAME, "ec")
    assert set(keys._keys[NAME]) == {"ec", "rsa", "without use"}


async def test_given_keys_are_read_the_same_way_and_never_fetched(clock: Clock) -> None:
    keys = IssuerKeys({NAME: {"keys": [entry("k1"), entry("private", private=True)]}}, {}, clock)
    assert await keys.key(NAME, "k1") is not None
    assert await keys.key(NAME, "private") is None
    assert await keys.key(NAME, "k2") is None


async def test_the_background_refresh_survives_any_answer(origin: Origin, keys: IssuerKeys, clock: Clock) -> None:
    origin.body = b"[]"
    task = asyncio.create_task(keys.keep_fresh())
    async with asyncio.timeout(5):
        await origin.answered.wait()
        with pytest.raises(Unavailable):
            await keys.key(NAME, "k1")
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
