"""Finding a resident by a number or address: a whole value, only the fields asked for, and nothing else learned."""

import hashlib
import logging
from typing import Any

import httpx
import pytest

from support_api.demo import cast
from support_api.domain.errors import Hidden
from support_api.services import residents
from tests.conftest import World
from tests.make import TRACE, as_bytes, end, holds, new_resident, start, stored, worker_id

NOBODYS = "999991772"


async def search(world: World, name: str, value: str, system: str = "bsn", **kwargs: Any) -> httpx.Response:
    body = {"system": system, "value": value, "fields": kwargs.pop("fields", ["id", "callName"])}
    return await world.post(name, "/v1/residents/_search", body, **kwargs)


async def guusje(world: World) -> str:
    said = {"bsn": "999990317", "email": "Guusje@Verzonnen.example", "external_id": "dossier-guusje-77"}
    path = await new_resident(world, identifiers=[{"system": k, "value": v} for k, v in said.items()])
    await start(world, path, await worker_id(world, "teun"))
    return path


async def test_a_worker_finds_by_number_address_or_id_exactly_what_was_asked_for(world: World) -> None:
    path = await guusje(world)
    letter = {"channel": "letter", "value": None, "note": None}
    for system, value in (
        ("bsn", "999990317"),
        ("email", "guusje@verzonnen.EXAMPLE"),
        ("external_id", "dossier-guusje-77"),
    ):
        answer = await search(world, "teun", value, system, fields=["callName", "birthDate", "contactPreferences"])
        hit = {"callName": "Guusje", "birthDate": None, "contactPreferences": [letter]}
        assert answer.json() == {"results": [hit]}
        only = await search(world, "teun", value, system, fields=["id", "status"])
        assert only.json() == {"results": [{"id": path.rsplit("/", 1)[-1], "status": "active"}]}


async def test_a_part_finds_nothing_and_the_fields_are_named_one_by_one(world: World) -> None:
    await guusje(world)
    assert (await search(world, "teun", "dossier-guusje", "external_id")).json() == {"results": []}
    assert (await search(world, "teun", "99999031")).status_code == 400
    for fields in ([], None, ["everything"], ["identifiers"], "id"):
        assert (await search(world, "teun", "999990317", fields=fields)).status_code == 400


async def test_a_team_lead_learns_that_there_is_somebody_and_no_more(world: World) -> None:
    hit = (await search(world, "greet", cast.FIEN_BSN, fields=["id", "callName", "officialName", "language"])).json()
    resident = world.person("fien").resident_id
    assert hit == {"results": [{"id": resident, "callName": None, "officialName": None, "language": None}]}


async def test_who_has_no_ground_gets_what_a_number_of_nobody_gets(world: World) -> None:
    """INV-01. A resident looks nobody up, not even by the own number."""
    for name in ("sanne", "noor", "zaaksysteem", "abel", "fien"):
        assert (await search_is_closed(world, name)).json() == {"results": []}
    unknown = await search_is_closed(world, "teun", claims={"sub": "unknown"})
    assert unknown.status_code == 404, "a log-in that the municipality does not know"


async def test_control_a_search_that_says_hidden_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def loud(work: Any, system: Any, value: str) -> Any:
        found = await residents.lookups.find(work.tx, system, value)
        return (
            await residents.read(work, found, residents.Action.RESIDENT_SEARCH)
            if found
            else await honest(work, system, value)
        )

    honest = residents.search
    monkeypatch.setattr(residents, "search", loud)
    with pytest.raises(AssertionError):
        await search_is_closed(world, "sanne")


async def search_is_closed(world: World, name: str, **kwargs: Any) -> httpx.Response:
    hidden = await search(world, name, cast.FIEN_BSN, headers=TRACE, **kwargs)
    nobody = await search(world, name, NOBODYS, headers=TRACE, **kwargs)
    assert as_bytes(hidden) == as_bytes(nobody)
    assert "Fien" not in hidden.text
    return hidden


async def test_the_same_key_searches_anew(world: World) -> None:
    """A search changes nothing, so its key keeps nothing: the second look is decided when it is taken."""
    key = {"Idempotency-Key": "the-same-key-twice"}
    assert len((await search(world, "teun", cast.FIEN_BSN, headers=key)).json()["results"]) == 1
    await end(world, world.fien, str(world.person("teun").working_relationship_id))
    again = await search(world, "teun", cast.FIEN_BSN, headers=key)
    assert (again.json(), again.headers.get("idempotent-replayed")) == ({"results": []}, None)
    kept = await world.sql("select object_id, object_version from support.idempotency where object_id is not null")
    assert len(kept) == 1, "the end of the relationship, and no search"
    assert len(await searches(world)) == 2


async def searches(world: World) -> list[Any]:
    return await world.sql(
        "select r.resident_id::text from support.audit_entries e left join support.audit_residents r"
        " on r.entry_id = e.id where e.action = 'resident:search' order by e.at"
    )


async def test_the_trail_says_that_was_searched_and_for_whom_it_was_also_in_vain(world: World) -> None:
    for name, value in (("teun", cast.FIEN_BSN), ("sanne", cast.FIEN_BSN), ("teun", NOBODYS)):
        await search(world, name, value)
    assert [each[0] for each in await searches(world)] == [
        world.person("fien").resident_id,
        world.person("fien").resident_id,
        None,
    ]


async def traces(world: World, caplog: pytest.LogCaptureFixture) -> list[str]:
    """The search terms of which something is left anywhere: in a table, in a log line, or in an answer."""
    terms = {"bsn": NOBODYS, "email": "guus@verzonnen.example", "external_id": "dossier-van-niemand"}
    with caplog.at_level(logging.DEBUG):
        for system, value in terms.items():
            for name in ("teun", "zaaksysteem"):
                await search(world, name, value, system)
    left = await stored(world) + caplog.text + "".join(answer.text for answer in world.answers)
    hashes = {term: hashlib.sha256(term.encode()).hexdigest() for term in terms.values()}
    return [term for term in terms.values() if holds(left, term) or hashes[term] in left]


async def test_nothing_of_what_was_searched_for_is_left(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert await traces(world, caplog) == []


async def test_control_a_log_line_and_a_reason_are_caught(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def noisy(work: Any, system: Any, value: str) -> Any:
        if system.value == "bsn":
            raise Hidden(f"nobody with {value}")
        logging.getLogger("support_api").info("looked for %s", value)
        return await honest(work, system, value)

    honest = residents.search
    monkeypatch.setattr(residents, "search", noisy)
    assert len(await traces(world, caplog)) == 3
