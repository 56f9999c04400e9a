"""Whom a resident may name: the workers whom they see. Anybody else is as unknown as an id that is nobody's."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from support_api.db import directory
from tests.api.problems import check_problem
from tests.conftest import World
from tests.every_operation import Good, good
from tests.make import TRACE, UNKNOWN, as_bytes, end, start, worker_id

ONLY_THEM, NOBODY_YET = {"visibility": "this_worker"}, {"visibility": "only_me"}
NAMING: list[tuple[str, dict[str, Any]]] = [
    ("createConsent", {"decision": "permit"}),
    ("createConsent", {"decision": "deny"}),
    *((name, said) for name in ("createPortraitItem", "createBaggageNote") for said in (ONLY_THEM, NOBODY_YET, {})),
    *((name, said) for name in ("changePortraitItem", "changeBaggageNote") for said in (ONLY_THEM, NOBODY_YET, {})),
    *(("confirmBaggageNote", said) for said in (ONLY_THEM, NOBODY_YET, {})),
]


def named(request: Good, said: dict[str, Any], worker: str) -> Good:
    who = {"party": {"type": "worker", "id": worker}} if "Consent" in request.operation.name else {"workerId": worker}
    if request.operation.name == "confirmBaggageNote":
        said = {"confirmation": "confirmed", **said}
    body = {} if "change" in request.operation.name else request.body
    return request.but(body={**body, **said, **who})


async def naming(world: World, name: str, said: dict[str, Any], worker: str) -> httpx.Response:
    return await named(await good(world, name), said, worker).send(world)


async def check_who_is_not_met_is_nobody(world: World, name: str, said: dict[str, Any]) -> None:
    request, strangers = await good(world, name), [await worker_id(world, login) for login in ("greet", "noor")]
    unknown = await named(request, said, UNKNOWN).send(world, **TRACE)
    check_problem(unknown, 409, "worker_unknown")
    for stranger in strangers:
        assert as_bytes(await named(request, said, stranger).send(world, **TRACE)) == as_bytes(unknown)


@pytest.mark.parametrize(("name", "said"), NAMING)
async def test_whom_a_resident_has_not_met_is_nobody_to_name(world: World, name: str, said: dict[str, Any]) -> None:
    await check_who_is_not_met_is_nobody(world, name, said)


@pytest.mark.parametrize(("name", "said"), [NAMING[0], NAMING[2], NAMING[3]])
async def test_control_a_resident_who_could_name_everybody_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, said: dict[str, Any]
) -> None:
    async def everybody(tx: Any, _: UUID) -> frozenset[UUID]:
        return frozenset(each.id for each in await directory.worker_page(tx, None, 100, backwards=False))

    monkeypatch.setattr(directory, "met", everybody)
    with pytest.raises(AssertionError):
        await check_who_is_not_met_is_nobody(world, name, said)


@pytest.mark.parametrize(("name", "said"), NAMING)
async def test_who_was_met_can_be_named_also_when_it_was_long_ago(
    world: World, name: str, said: dict[str, Any]
) -> None:
    for worker in ("teun", "w2"):
        answer = await naming(world, name, said, await worker_id(world, worker))
        assert answer.is_success, answer.text


async def test_who_is_assigned_from_then_on_can_be_named(world: World) -> None:
    pim = await worker_id(world, "pim")
    assert (await naming(world, "createConsent", {}, pim)).status_code == 409
    assert (await start(world, world.fien, pim)).status_code == 201
    assert (await naming(world, "createConsent", {}, pim)).status_code == 201


async def test_what_a_worker_wrote_stays_with_that_worker_and_can_be_confirmed_so(world: World) -> None:
    """The recorder is not named by the resident, and keeps it when the work is done."""
    request, teun = await good(world, "confirmBaggageNote"), await worker_id(world, "teun")
    await end(world, world.fien, str(world.person("teun").working_relationship_id))
    answer = await request.send(world)
    assert (answer.status_code, answer.json()["visibility"], answer.json()["workerId"]) == (200, "this_worker", teun)
    path, tag = request.path.removesuffix("/_confirm"), answer.headers["ETag"]
    changed = await world.patch("fien", path, {"title": "Nu in mijn woorden"}, tag)
    assert (changed.status_code, changed.json()["workerId"]) == (200, teun)
