"""A resident exists with a call name and one way to be reached (S2-05); numbers go in and never come out."""

from typing import Any

import pytest

from support_api.demo import cast
from support_api.domain.access import Access
from support_api.domain.residents import Resident
from support_api.http import residents
from tests.conftest import World
from tests.make import MINIMAL, UNKNOWN, end, holds, new_resident, start, stored, worker_id

BSN, OTHER_BSN = cast.FIEN_BSN, "999991772"


def numbers(*values: str, system: str = "bsn") -> dict[str, Any]:
    return {"identifiers": [{"system": system, "value": value} for value in values]}


async def change(world: World, name: str, body: Any, path: str = "") -> Any:
    seen = await world.get("fien", path or world.fien)
    return await world.patch(name, path or world.fien, body, seen.headers["etag"])


async def test_a_call_name_and_one_way_to_be_reached_are_enough(world: World) -> None:
    """INV-29: no theme, score or demographic field is required."""
    answer = await world.post("teun", "/v1/residents", MINIMAL)
    body = answer.json()
    assert (answer.status_code, body["callName"], body["version"]) == (201, "Guusje", 1)
    assert (body["birthDate"], body["officialName"], body["identifiers"]) == (None, None, [])
    assert body["importedWorkers"] == {"count": 0, "source": None, "agreed": None}
    read = await world.get("teun", answer.headers["location"].removeprefix("http://testserver"))
    assert (read.json(), read.headers["etag"]) == (body, answer.headers["etag"])


async def test_less_than_that_is_not(world: World) -> None:
    for missing in ("callName", "contactPreferences"):
        answer = await world.post("teun", "/v1/residents", {k: v for k, v in MINIMAL.items() if k != missing})
        assert [each["name"] for each in answer.json()["invalidParams"]] == [f"/{missing}"]
    empty = await world.post("teun", "/v1/residents", {**MINIMAL, "contactPreferences": []})
    assert (empty.status_code, empty.json()["invalidParams"][0]["code"]) == (400, "too_short")


async def test_the_recorder_reads_until_somebody_supports(world: World) -> None:
    path = await new_resident(world, "teun")
    assert (await world.get("teun", path)).json()["callName"] == "Guusje"
    assert (await world.get("sanne", path)).status_code == 404
    begun = await start(world, path, await worker_id(world, "sanne"))
    assert (await world.get("teun", path)).status_code == 404
    assert (await world.get("sanne", path)).json()["callName"] == "Guusje"
    await end(world, path, begun.json()["id"])
    assert [(await world.get(name, path)).status_code for name in ("teun", "sanne")] == [404, 404]


async def test_a_number_that_can_not_be_one_is_refused_and_not_repeated(world: World) -> None:
    """A BSN is nine digits that pass the 11-proof: with dashes or spaces it would be found under another name."""
    wrong = {
        "bsn": ("999990018", "99999001", "1234-0005", "1234567 2", "９９９９９００１９"),
        "email": ("fien", "fien@ver zonnen.example", "@verzonnen.example"),
    }
    for system, values in wrong.items():
        for value in values:
            answer = await world.post("greet", "/v1/residents", {**MINIMAL, **numbers(value, system=system)})
            assert (answer.status_code, answer.json()["invalidParams"][0]["name"]) == (400, "/identifiers/0/value"), (
                value
            )
            assert value not in answer.text


async def test_a_number_belongs_to_one_resident_of_a_municipality(world: World) -> None:
    answer = await world.post("greet", "/v1/residents", {**MINIMAL, **numbers(BSN)})
    assert (answer.status_code, answer.json()["code"]) == (409, "identifier_in_use")
    path = await new_resident(world, "teun", **numbers(OTHER_BSN))
    await start(world, path, await worker_id(world, "teun"))
    taken = await world.patch("teun", path, numbers(OTHER_BSN, BSN), (await world.get("teun", path)).headers["etag"])
    assert (taken.status_code, taken.json()["code"]) == (409, "identifier_in_use")
    assert len((await world.get("teun", path)).json()["identifiers"]) == 1
    elsewhere = await world.post("noor", "/v1/residents", {**MINIMAL, **numbers(BSN)})
    assert elsewhere.status_code == 201


async def test_a_resident_reads_who_came_upon_their_number(world: World) -> None:
    """Who is told that a number is somebody's has learnt something of that person, who reads of it."""
    path = await new_resident(world, "teun", **numbers(OTHER_BSN))
    await start(world, path, await worker_id(world, "teun"))
    tag = (await world.get("teun", path)).headers["etag"]
    assert (await world.post("greet", "/v1/residents", {**MINIMAL, **numbers(BSN)})).status_code == 409
    assert (await world.patch("teun", path, numbers(BSN), tag)).status_code == 409
    lines = (await world.get("fien", f"{world.fien}/access-log")).json()["results"]
    told = [line["action"] for line in lines if line["outcome"] == "refused"]
    assert told[:2] == ["resident:change", "resident:create"]


async def test_the_same_number_twice_in_one_body_is_a_mistake_of_the_caller(world: World) -> None:
    for twice in (numbers(OTHER_BSN, OTHER_BSN), numbers("G@x.example", "g@x.example", system="email")):
        answer = await world.post("greet", "/v1/residents", {**MINIMAL, **twice})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def values_come_out(world: World) -> bool:
    given = {"bsn": OTHER_BSN, "email": "guusje@verzonnen.example", "external_id": "dossier-guusje-77"}
    said = [{"system": system, "value": value, "proof": "document"} for system, value in given.items()]
    path = await new_resident(world, "teun", identifiers=said)
    body = (await world.get("teun", path)).json()
    assert [(each["system"], each["proof"]) for each in body["identifiers"]] == [(each, "document") for each in given]
    kept = await stored(world)
    assert holds(kept, "werkplek-voorbeeld"), "what lies in the open must be found"
    everything = "".join(answer.text for answer in world.answers) + kept
    return any(holds(everything, value) for value in given.values())


async def test_numbers_and_addresses_are_never_given_back_nor_stored_in_the_open(world: World) -> None:
    assert not await values_come_out(world)


async def test_control_a_view_that_gives_the_value_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = residents.render

    def leaky(access: Access, resident: Resident) -> residents.ResidentView:
        return honest(access, resident).model_copy(update={"official_name": resident.identifiers[0].value})

    monkeypatch.setattr(residents, "render", leaky)
    assert await values_come_out(world)


async def test_the_resident_and_the_worker_change_what_is_theirs(world: World) -> None:
    changed = await change(world, "fien", {"callName": "Fientje", "contactPreferences": [{"channel": "visit"}]})
    assert (changed.status_code, changed.json()["callName"], changed.json()["version"]) == (200, "Fientje", 2)
    changed = await change(world, "teun", {"language": "fy", "officialName": None})
    assert (changed.json()["language"], changed.json()["officialName"], changed.json()["callName"]) == (
        "fy",
        None,
        "Fientje",
    )
    stale = await world.patch("teun", world.fien, {"language": "nl"}, f'"1.{"0" * 16}"')
    assert (stale.status_code, (await world.patch("teun", world.fien, {"language": "nl"})).status_code) == (412, 428)


async def test_what_is_not_theirs_they_do_not_change(world: World) -> None:
    """Who could take another's number would take their log-in; only the resident agrees to a number of workers."""
    before = (await world.get("fien", world.fien)).json()
    for name, body, status in (
        ("fien", numbers(OTHER_BSN), 403),
        ("fien", {"identifiers": []}, 403),
        ("fien", {"importedWorkers": {"count": 3}}, 403),
        ("teun", {"importedAgreed": True}, 403),
        ("teun", {"importedAgreed": None, "language": "fy"}, 403),
        ("greet", {"callName": "Iemand"}, 403),
        ("sanne", {"callName": "Iemand"}, 404),
        ("noor", {"callName": "Iemand"}, 404),
    ):
        assert (await change(world, name, body)).status_code == status, (name, body)
    assert (await world.get("fien", world.fien)).json() == before


async def test_another_number_of_earlier_workers_is_one_that_fien_has_not_agreed_to(world: World) -> None:
    """A merge patch (RFC 7396): what is not named stays."""
    changed = (await change(world, "teun", {"importedWorkers": {"count": 21}})).json()["importedWorkers"]
    assert changed == {"count": 21, "source": "oud zaaksysteem", "agreed": None}
    agreed = (await change(world, "fien", {"importedAgreed": False})).json()["importedWorkers"]
    assert agreed == {"count": 21, "source": "oud zaaksysteem", "agreed": False}


async def test_a_birth_date_is_known_as_far_as_it_is_known(world: World) -> None:
    for known in ("1971", "1971-02", "1972-02-29", None):
        assert (await change(world, "fien", {"birthDate": known})).json()["birthDate"] == known
    for wrong in ("71", "1871", "1971-2", "1971-13", "1971-02-30", "1971-02-03T00:00", "19٧1", "", 1971):
        answer = await change(world, "fien", {"birthDate": wrong})
        assert (answer.status_code, answer.json()["invalidParams"][0]["name"]) == (400, "/birthDate"), wrong


ODD: tuple[Any, ...] = (
    *([], "x", {"callName": None}, {"callName": ""}, {"callName": "x" * 201}, {"callName": "\u202eneiF"}),
    *({"language": None}, {"contactPreferences": None}, {"contactPreferences": []}, {"identifiers": None}),
    *({"importedWorkers": None}, {"importedWorkers": {"count": 501}}, {"importedWorkers": {"count": 1.5}}),
    *({"status": "ended"}, {"id": UNKNOWN}, {"identifiers": [{}] * 50_000}),
)


async def test_odd_bodies_are_refused_as_input_and_no_small_body_gets_a_large_answer(world: World) -> None:
    for body in ODD:
        answer = await change(world, "teun", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), str(body)[:99]
        assert len(answer.content) < 2000
    assert (await world.get("teun", world.fien)).json()["version"] == 1


async def test_a_resident_records_nobody(world: World) -> None:
    assert (await world.post("fien", "/v1/residents", MINIMAL)).status_code == 404
    assert (await world.post("pim", "/v1/residents", MINIMAL)).json()["code"] == "scope_missing"


async def test_a_team_lead_learns_that_there_is_somebody(world: World) -> None:
    """Gate B: existence and dates, nothing that says who."""
    body = (await world.get("greet", world.fien)).json()
    known = {name for name, value in body.items() if value not in (None, [])}
    assert known == {"id", "version", "status", "createdAt", "changedAt"}
    assert (await world.get("teun", world.fien)).json()["callName"] == "Fien"
