"""What somebody else wrote down waits for the resident: until then it is for the two of them (INV-07)."""

from typing import Any

import httpx
import pytest

from support_api.domain.grants import Grant
from support_api.domain.vocabulary import Level
from tests.conftest import World
from tests.make import lines, start, worker_id

WRITTEN = {"kind": "life_story", "shortVersion": "Verloor zijn broer in 2019."}


async def write(world: World, **said: Any) -> httpx.Response:
    answer = await world.post("teun", f"{world.fien}/baggage-notes", {**WRITTEN, **said})
    assert answer.status_code == 201
    return answer


def path_of(world: World, note: httpx.Response) -> str:
    return f"{world.fien}/baggage-notes/{note.json()['id']}"


async def confirm(
    world: World, note: httpx.Response, confirmation: str = "confirmed", name: str = "fien", **said: Any
) -> httpx.Response:
    tag = said.pop("tag", note.headers["etag"])
    headers = {"If-Match": tag} if tag else {}
    body = {"confirmation": confirmation, **said}
    return await world.post(name, f"{path_of(world, note)}/_confirm", body, headers=headers)


async def readers(world: World, note: httpx.Response) -> set[str]:
    """Who reads it now, one by one and in the list: Fien, Teun who wrote it, and Sanne who supports as well."""
    found = set()
    for name in ("fien", "teun", "sanne"):
        one = (await world.get(name, path_of(world, note))).status_code == 200
        page = (await world.get(name, f"{world.fien}/baggage-notes?count=true")).json()
        assert one == (note.json()["id"] in [each["id"] for each in page["results"]])
        assert page["count"] == len(page["results"])
        found |= {name} if one else set()
    return found


async def with_colleague(world: World) -> None:
    assert (await start(world, world.fien, await worker_id(world, "sanne"))).status_code == 201


async def test_until_confirmed_it_is_for_the_resident_and_who_wrote_it(world: World) -> None:
    await with_colleague(world)
    note = await write(world, visibility="my_workers", fullText="Dat zei hij aan het eind.")
    body = note.json()
    assert (body["confirmation"], body["authorRole"], body["visibility"]) == (
        "awaiting_resident",
        "worker",
        "this_worker",
    )
    assert await readers(world, note) == {"fien", "teun"}
    assert (await world.get("teun", path_of(world, note))).json()["fullText"] == "Dat zei hij aan het eind."
    assert (await lines(world))[0]["sentence"] == "Teun Demo las een bagagenotitie. Doel: begeleiding."


async def test_control_a_note_that_opens_before_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_colleague(world)
    note = await write(world)
    monkeypatch.setattr(Grant, "level", lambda *_: Level.FULL)
    with pytest.raises(AssertionError):
        assert await readers(world, note) == {"fien", "teun"}


async def test_confirmed_it_stays_with_whom_it_was_told_to(world: World) -> None:
    await with_colleague(world)
    note = await write(world, fullText="Dat zei hij aan het eind.")
    confirmed = await confirm(world, note)
    assert (confirmed.status_code, confirmed.json()["confirmation"], confirmed.json()["version"]) == (
        200,
        "confirmed",
        2,
    )
    assert await readers(world, note) == {"fien", "teun"}
    read = (await world.get("teun", path_of(world, note))).json()
    assert (read["depth"], read["fullText"]) == ("short", None), "what is the resident's is read as theirs"


async def test_confirmed_for_all_who_support_it_opens_for_them(world: World) -> None:
    await with_colleague(world)
    note = await write(world)
    await confirm(world, note, visibility="my_workers")
    assert await readers(world, note) == {"fien", "teun", "sanne"}
    consents = (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]
    permit = next(each for each in consents if each["onlyItems"] == [note.json()["id"]])
    assert (permit["origin"], permit["party"]["type"], permit["depth"]) == ("visibility", "my_workers", "short")


async def test_confirmed_for_the_resident_alone_it_closes_for_who_wrote_it(world: World) -> None:
    await with_colleague(world)
    note = await write(world)
    await confirm(world, note, visibility="only_me")
    assert await readers(world, note) == {"fien"}


async def test_confirmed_in_the_residents_own_words(world: World) -> None:
    note = await write(world)
    own = await confirm(
        world, note, "confirmed_with_changes", shortVersion="Mijn broer is dood en ik mis hem.", themes=["loss"]
    )
    assert (own.json()["confirmation"], own.json()["themes"]) == ("confirmed_with_changes", ["loss"])
    assert (await world.get("teun", path_of(world, note))).json()["shortVersion"] == "Mijn broer is dood en ik mis hem."


async def test_rejected_it_is_gone_for_who_wrote_it_and_stays_for_the_resident(world: World) -> None:
    await with_colleague(world)
    note = await write(world)
    rejected = await confirm(world, note, "rejected")
    assert rejected.json()["confirmation"] == "rejected"
    assert await readers(world, note) == {"fien"}
    path = path_of(world, note)
    shown = await world.patch("fien", path, {"visibility": "my_workers"}, rejected.headers["etag"])
    assert (shown.status_code, await readers(world, note)) == (200, {"fien"})


async def test_the_resident_confirms_what_she_looked_at_and_once(world: World) -> None:
    note = await write(world)
    assert (await confirm(world, note, tag=None)).status_code == 428
    assert (await confirm(world, note, tag=f'"7.{"0" * 16}"')).status_code == 412
    assert (await confirm(world, note)).status_code == 200
    again = await confirm(world, note, "rejected", tag=f'"2.{"0" * 16}"')
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert (await lines(world))[0]["sentence"].startswith("Jij wilde beslissen of een bagagenotitie klopt.")


async def test_nobody_else_confirms(world: World) -> None:
    await with_colleague(world)
    note = await write(world)
    for name in ("teun", "sanne"):
        assert (await confirm(world, note, name=name)).json()["code"] == "action_not_allowed"
    for name in ("noor", "abel"):
        assert (await confirm(world, note, name=name)).status_code == 404
    assert (await world.get("fien", path_of(world, note))).json()["confirmation"] == "awaiting_resident"


async def test_changing_it_is_part_of_confirming_it(world: World) -> None:
    """Who wrote it still reads it: nothing of the resident's own comes in before she decides who may see that."""
    note = await write(world)
    path = path_of(world, note)
    answer = await world.patch("fien", path, {"fullText": "Wat ik nog niemand vertelde."}, note.headers["etag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "decide_first")
    assert (await world.get("teun", path)).json()["fullText"] is None


async def test_so_it_is_with_a_portrait_item(world: World) -> None:
    item = await world.post("teun", f"{world.fien}/portrait-items", {"kind": "hope", "text": "Weer werken."})
    path, own = f"{world.fien}/portrait-items/{item.json()['id']}", {"text": "Rust.", "visibility": "only_me"}
    answer = await world.patch("fien", path, own, item.headers["etag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "decide_first")
    kept = await world.patch("fien", path, {**own, "state": "kept"}, item.headers["etag"])
    assert (kept.status_code, kept.json()["text"], kept.json()["state"]) == (200, "Rust.", "kept")
    assert (await world.get("teun", path)).status_code == 404


async def test_odd_answers_are_refused(world: World) -> None:
    await with_colleague(world)
    note = await write(world)
    for confirmation, said in (
        *(("awaiting_resident", {}), ("maybe", {}), ("confirmed", {"shortVersion": "Anders."})),
        *(("rejected", {"title": "Niet waar"}), ("confirmed", {"visibility": "this_worker"})),
        *(("confirmed_with_changes", {"shortVersion": None}), ("confirmed_with_changes", {"kind": "life_story"})),
    ):
        answer = await confirm(world, note, confirmation, **said)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), (confirmation, said)
    other = await confirm(world, note, "confirmed_with_changes", critiqueTypes=["rejection"])
    assert (other.status_code, other.json()["code"]) == (409, "theme_of_other_kind")
    assert await readers(world, note) == {"fien", "teun"}


async def test_naming_a_worker_says_nothing_while_all_workers_are_meant(world: World) -> None:
    """Neither closes what is open nor undoes a withdrawal: only another visibility gives anew."""
    await with_colleague(world)
    note, worker = await write(world), await worker_id(world, "sanne")

    async def say(**said: Any) -> set[str]:
        tag = (await world.get("fien", path_of(world, note))).headers["etag"]
        assert (await world.patch("fien", path_of(world, note), said, tag)).status_code == 200
        return await readers(world, note)

    await confirm(world, note, visibility="my_workers")
    assert await say(workerId=worker) == {"fien", "teun", "sanne"}
    assert await say(visibility="this_worker", workerId=worker) == {"fien", "sanne"}
    assert await say(visibility="my_workers") == {"fien", "teun", "sanne"}
    for consent in (await world.get("fien", f"{world.fien}/consents?limit=100")).json()["results"]:
        if consent["onlyItems"] == [note.json()["id"]] and consent["status"] == "active":
            await world.post("fien", f"{world.fien}/consents/{consent['id']}/_withdraw")
    assert await say(workerId=None) == {"fien"}
