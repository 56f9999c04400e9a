"""Nothing that a caller can send gives a 500, comes back, or changes a record: each class over every operation."""

from functools import partial

import pytest

from support_api.http import bodies
from tests.conftest import World
from tests.every_operation import CREATING, NAMES
from tests.hostile.corpus import addresses, documents, headers, public, slow, values
from tests.hostile.judging import assert_none, driven, judged, records


@pytest.mark.slow
async def test_whole_bodies(world: World) -> None:
    assert_none([each for name in NAMES for each in await driven(world, name, documents.attempts)])


@pytest.mark.slow
async def test_values_in_each_place_of_a_body(world: World) -> None:
    assert_none([each for name in NAMES for each in await driven(world, name, values.attempts)])


@pytest.mark.slow
async def test_every_character_that_no_text_may_hold(world: World) -> None:
    assert_none([each for name in CREATING for each in await driven(world, name, values.of_every_character)])


@pytest.mark.slow
async def test_addresses_and_queries(world: World) -> None:
    assert_none([each for name in NAMES for each in await driven(world, name, addresses.attempts)])


@pytest.mark.slow
async def test_headers(world: World) -> None:
    wrong = partial(headers.attempts, world)
    assert_none([each for name in NAMES for each in await driven(world, name, wrong)])


@pytest.mark.slow
async def test_addresses_that_ask_for_no_token(world: World) -> None:
    before = await records(world)
    assert_none([f"{at.what}: {each}" for at in public.attempts() for each in await judged(world, at)])
    assert await records(world) == before


@pytest.mark.slow
async def test_slow_and_endless_senders(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.01)
    assert_none([each for name in NAMES for each in await driven(world, name, slow.attempts)])
