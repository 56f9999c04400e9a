"""Strangers with unknown key ids, while the issuer accepts questions and never answers: they wait for one question
together, and nobody else waits for them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from support_api.outbound import jwks as outbound
from support_api.outbound.jwks import IssuerKeys, PublicKey
from tests.outbound.origin import Origin

NAME = "https://issuer.example"
STRANGERS, FETCH_SECONDS, ALL_TOGETHER = 30, 1.0, 6.0


async def check_pile_up(origin: Origin) -> None:
    moment = 1000.0
    keys = IssuerKeys({}, {NAME: origin.address}, lambda: moment, fetch_seconds=FETCH_SECONDS)
    assert await keys.key(NAME, "k1") is not None
    moment += 61
    origin.answers(b"", trickle=b"")
    origin.answered.clear()
    async with asyncio.timeout(ALL_TOGETHER):
        pile = asyncio.gather(*(keys.key(NAME, f"unknown {number}") for number in range(STRANGERS)))
        await origin.answered.wait()
        assert await keys.key(NAME, "k1") is not None
        assert keys._locks[NAME].locked(), "a known key waited for the strangers"
        assert await pile == [None] * STRANGERS
    assert len(origin.asked) == 2


async def test_strangers_wait_once_and_nobody_waits_for_them(origin: Origin) -> None:
    await check_pile_up(origin)


@pytest.mark.slow
async def test_a_question_for_each_stranger_is_noticed(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(outbound, "_RETRY_SECONDS", 0.0)
    with pytest.raises(TimeoutError):
        await check_pile_up(origin)


async def test_a_known_key_that_stands_in_line_is_noticed(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    find: Callable[..., Awaitable[PublicKey | None]] = IssuerKeys.key

    async def in_line(self: IssuerKeys, issuer: str, kid: str) -> Any:
        async with self._locks[issuer]:
            pass
        return await find(self, issuer, kid)

    monkeypatch.setattr(IssuerKeys, "key", in_line)
    with pytest.raises(AssertionError, match="waited for the strangers"):
        await check_pile_up(origin)
