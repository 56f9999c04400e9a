"""Every keyed operation, ten times at once with one key: done once, and told ten times."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx
import pytest

from support_api.db.idempotency import Claim
from tests.api.problems import check_problem
from tests.conftest import World
from tests.every_operation import BY_NAME, KEYED, Good, good
from tests.repetition.stored import moved, versions

REPLAYED = [name for name in KEYED if BY_NAME[name].replay]
# Fien's, because a key is its caller's: hers is taken by another request of hers.
OTHERS = (
    *("createResident", "searchResidents", "answerRecall"),
    *("startCover", "endCover", "startEmergencyAccess", "reviewEmergencyAccess"),
)
OF_FIEN = [name for name in KEYED if name not in OTHERS and "WorkingRel" not in name]


async def ten(world: World, request: Good, key: str) -> list[httpx.Response]:
    return await asyncio.gather(*(request.send(world, **{"Idempotency-Key": key}) for _ in range(10)))


def check_told_once(name: str, request: Good, answers: list[httpx.Response]) -> None:
    assert {a.status_code for a in answers} == {request.operation.status}, (name, [a.text for a in answers])
    assert len({a.content for a in answers}) == 1, name
    assert Counter(a.headers.get("Idempotent-Replayed") for a in answers) == {None: 1, "true": 9}, name


async def gain(world: World, request: Good, key: str, times: int) -> dict[str, tuple[int, int]]:
    before = await versions(world)
    answers = await ten(world, request, key) if times == 10 else [await request.send(world)]
    if times == 10:
        check_told_once(request.operation.name, request, answers)
    return moved(before, await versions(world))


@pytest.mark.slow
@pytest.mark.parametrize("name", REPLAYED)
async def test_ten_at_once_are_done_once(world: World, name: str) -> None:
    """After a first one, so that the one and the ten meet the same state: a consent supersedes the one before it."""
    await (await good(world, name)).send(world)
    once = await gain(world, await good(world, name), "", 1)
    assert once == await gain(world, await good(world, name), uuid4().hex, 10), f"{name}: ten did more than one does"


@pytest.mark.parametrize("name", OF_FIEN)
async def test_the_key_of_another_request_does_nothing(world: World, name: str) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    taken = (await good(world, "createPortraitItem")).but(body={"kind": "joy", "text": "Een ander verzoek."})
    assert (await taken.send(world, **key)).status_code == 201
    request = await good(world, name)
    before = await versions(world)
    check_problem(await request.send(world, **key), 422, "key_in_use")
    assert not moved(before, await versions(world)), name


async def test_a_service_that_forgets_its_claims_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""

    async def forget(*_: object) -> None:
        return None

    monkeypatch.setattr(Claim, "take", forget)
    request = await good(world, "createPortraitItem")
    with pytest.raises(AssertionError):
        check_told_once("createPortraitItem", request, await ten(world, request, uuid4().hex))
