"""Visibility is the limit and consent the key, over HTTP: what the resident decides holds from the next read on."""

from typing import Any

import httpx
import pytest

from support_api.demo.cast import FIEN_PRIVATE
from support_api.domain.vocabulary import Visibility
from tests.conftest import World

SOUP = "Als het hele huis naar soep ruikt."


def items(world: World) -> str:
    return f"{world.fien}/portrait-items"


async def texts(world: World, name: str) -> set[str]:
    answer = await world.get(name, f"{items(world)}?limit=100")
    assert answer.status_code == 200, answer.text
    return {item["text"] for item in answer.json()["results"]}


async def item(world: World, text: str, name: str = "fien") -> dict[str, Any]:
    answer = await world.get(name, f"{items(world)}?limit=100")
    return next(each for each in answer.json()["results"] if each["text"] == text)


async def status(world: World, name: str, item_id: str) -> int:
    return (await world.get(name, f"{items(world)}/{item_id}")).status_code


async def change(world: World, item_id: str, by: str = "fien", **fields: Any) -> httpx.Response:
    path = f"{items(world)}/{item_id}"
    return await world.patch(by, path, fields, (await world.get(by, path)).headers["etag"])


async def tell(world: World, name: str, text: str, **fields: Any) -> str:
    answer = await world.post(name, items(world), {"kind": "joy", "text": text, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def consent(world: World, **fields: Any) -> str:
    """Fien says yes, unless she says no."""
    said = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait"], **fields}
    answer = await world.post("fien", f"{world.fien}/consents", said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def withdraw(world: World, consent_id: str) -> None:
    answer = await world.post("fien", f"{world.fien}/consents/{consent_id}/_withdraw")
    assert answer.status_code == 200, answer.text


async def consent_of(world: World, item_id: str) -> str:
    """The consent that came with making this one item visible."""
    answer = await world.get("fien", f"{world.fien}/consents?limit=100")
    mine = [each for each in answer.json()["results"] if each["onlyItems"] == [item_id] and each["status"] == "active"]
    assert len(mine) == 1
    return str(mine[0]["id"])


async def my_id(world: World, name: str) -> str:
    return str((await world.get(name, "/v1/me")).json()["workerId"])


async def system_id(world: World) -> str:
    person = world.person("zaaksysteem")
    found = await world.sql(
        "select id::text from support.clients where municipality_id::text = $1 and client_id = $2",
        person.municipality_id,
        person.client_id,
    )
    return str(found[0]["id"])


async def sanne_returns(world: World) -> None:
    bond = world.person("sanne").working_relationship_id
    await world.sql("update support.working_relationships set ended_at = null where id::text = $1", bond)


async def test_visible_and_permitted_is_read_and_nothing_else(world: World) -> None:
    assert await texts(world, "teun") == await texts(world, "fien") - {FIEN_PRIVATE}


async def test_widening_opens_and_narrowing_closes_at_the_next_read(world: World) -> None:
    private = (await item(world, FIEN_PRIVATE))["id"]
    assert await status(world, "teun", private) == 404
    assert (await change(world, private, visibility="my_workers")).status_code == 200
    assert await status(world, "teun", private) == 200
    assert FIEN_PRIVATE in await texts(world, "teun")
    assert (await change(world, private, visibility="only_me")).status_code == 200
    assert await status(world, "teun", private) == 404
    assert FIEN_PRIVATE not in await texts(world, "teun")


async def test_this_worker_is_nobody_else(world: World) -> None:
    await sanne_returns(world)
    private = (await item(world, FIEN_PRIVATE))["id"]
    await change(world, private, visibility="this_worker", workerId=await my_id(world, "sanne"))
    assert (await status(world, "sanne", private), await status(world, "teun", private)) == (200, 404)


async def test_from_one_worker_to_all_and_back_to_the_one(world: World) -> None:
    """What is visible to somebody is read by them: the permit goes along with the visibility, both ways."""
    await sanne_returns(world)
    private, teun = (await item(world, FIEN_PRIVATE))["id"], await my_id(world, "teun")
    for visibility, read_by_sanne in (("this_worker", 404), ("my_workers", 200), ("this_worker", 404)):
        to = {"workerId": teun} if visibility == "this_worker" else {}
        await change(world, private, visibility=visibility, **to)
        assert [await status(world, name, private) for name in ("teun", "sanne")] == [200, read_by_sanne]


async def test_a_yes_to_everything_does_not_lift_the_limit(world: World) -> None:
    """Consent is the key; visibility stays the limit."""
    await consent(world)
    assert FIEN_PRIVATE not in await texts(world, "teun")


async def test_visibility_alone_opens_nothing(world: World) -> None:
    """The permit that came with it is withdrawn: the item is as visible as before, and read by nobody."""
    soup = (await item(world, SOUP))["id"]
    await withdraw(world, await consent_of(world, soup))
    assert (await item(world, SOUP))["visibility"] == Visibility.MY_WORKERS
    assert await status(world, "teun", soup) == 404
    assert SOUP not in await texts(world, "teun")
    assert len(await texts(world, "teun")) == 7


async def test_what_was_withdrawn_stays_closed_until_it_is_given_again(world: World) -> None:
    soup = (await item(world, SOUP))["id"]
    await withdraw(world, await consent_of(world, soup))
    for wider in ({}, {"party": {"type": "worker", "id": await my_id(world, "teun")}}):
        await consent(world, **wider)
        assert await status(world, "teun", soup) == 404, "no other yes reopens it"
    await change(world, soup, visibility="only_me")
    await change(world, soup, visibility="my_workers")
    assert await status(world, "teun", soup) == 200


async def test_what_came_to_be_withdrawn_otherwise_closes_as_well(world: World) -> None:
    """INV-03: the row decides at the moment of reading; nothing of an earlier read is kept."""
    assert len(await texts(world, "teun")) == 8
    await world.sql("update support.consents set status = 'withdrawn', valid_until = null")
    assert not await texts(world, "teun")


async def test_a_no_to_one_worker_leaves_the_others(world: World) -> None:
    await sanne_returns(world)
    assert await texts(world, "sanne") == await texts(world, "teun")
    await consent(world, decision="deny", party={"type": "worker", "id": await my_id(world, "teun")})
    assert not await texts(world, "teun")
    assert len(await texts(world, "sanne")) == 8


async def test_what_a_worker_writes_stays_with_both_until_it_is_kept(world: World) -> None:
    """INV-07."""
    await sanne_returns(world)
    written = await tell(world, "teun", "Lacht als het over vissen gaat.")
    assert [await status(world, name, written) for name in ("teun", "fien", "sanne")] == [200, 200, 404]
    assert (await change(world, written, state="kept")).json()["state"] == "kept"
    assert [await status(world, name, written) for name in ("teun", "sanne")] == [200, 404]
    await change(world, written, visibility="my_workers")
    assert [await status(world, name, written) for name in ("teun", "sanne")] == [200, 200]


async def test_words_changed_after_they_were_kept_wait_for_the_resident_again(world: World) -> None:
    """INV-07: what others read as hers is what she kept, not what somebody made of it later."""
    await sanne_returns(world)
    written = await tell(world, "teun", "Lacht als het over vissen gaat.")
    await change(world, written, state="kept", visibility="my_workers")
    changed = await change(world, written, by="teun", text="Praat liever niet over vroeger.")
    assert changed.json()["state"] == "pending_resident"
    assert [await status(world, name, written) for name in ("teun", "fien", "sanne")] == [200, 200, 404]
    await change(world, written, state="kept")
    assert "Praat liever niet over vroeger." in await texts(world, "sanne")


async def test_what_the_resident_removes_is_gone_for_who_wrote_it(world: World) -> None:
    """In the list, by its id, and for the same request sent again."""
    body, key = {"kind": "joy", "text": "Lacht als het over vissen gaat."}, {"Idempotency-Key": "0123456789abcdef"}
    written = (await world.post("teun", items(world), body, headers=key)).json()["id"]
    tag = (await world.get("teun", f"{items(world)}/{written}")).headers["etag"]
    assert (await change(world, written, state="removed")).json()["state"] == "removed"
    assert await status(world, "teun", written) == 404
    assert body["text"] not in await texts(world, "teun")
    assert (await world.post("teun", items(world), body, headers=key)).status_code == 404
    known = await world.get("teun", f"{items(world)}/{written}", headers={"If-None-Match": tag})
    assert known.status_code == 404
    assert await status(world, "fien", written) == 200


@pytest.mark.parametrize(("purpose", "expected"), [("support", 201), ("enforcement", 403)])
async def test_what_may_never_be_read_for_a_purpose_is_not_written_for_it(
    world: World, purpose: str, expected: int
) -> None:
    """Gate C: a life story is no note of an inspector, not even one that only the inspector would see."""
    await world.sql("update support.working_relationships set duties = '{supports,enforces}'")
    await world.sql("update support.processing_activities set purpose = 'enforcement' where purpose = 'handover'")
    note, headers = {"kind": "life_story", "shortVersion": "Zij heeft het zwaar."}, {"Processing-Purpose": purpose}
    answer = await world.post("teun", f"{world.fien}/baggage-notes", note, headers=headers)
    assert answer.status_code == expected
    assert len((await world.get("fien", f"{world.fien}/baggage-notes")).json()["results"]) == 3 + (expected == 201)


async def test_the_end_of_a_relationship_closes_everything_at_once(world: World) -> None:
    bond = world.person("teun").working_relationship_id
    assert await texts(world, "teun")
    ended = await world.post("greet", f"{world.fien}/working-relationships/{bond}/_end", {"reason": "handover"})
    assert ended.status_code == 200
    assert (await world.get("teun", items(world))).status_code == 404


@pytest.mark.parametrize("then", ["withdrawn", "erased"])
async def test_a_system_reads_what_is_shared_with_it_and_as_long_as_that(world: World, then: str) -> None:
    """Only what is `custom`; and a consent that still stands does not outlive an erasure."""
    await change(world, (await item(world, SOUP))["id"], visibility="custom")
    assert (await world.get("zaaksysteem", items(world))).status_code == 404
    given = await consent(world, party={"type": "system", "id": await system_id(world)})
    assert await texts(world, "zaaksysteem") == {SOUP}
    if then == "erased":
        await world.sql("update support.persons set key_state = 'destroyed'")
    else:
        await withdraw(world, given)
    assert (await world.get("zaaksysteem", items(world))).status_code == 404


async def test_a_system_that_is_left_nothing_may_not_know_the_resident(world: World) -> None:
    """A consent to one item is left, but all items were refused since."""
    soup = (await item(world, SOUP))["id"]
    await change(world, soup, visibility="custom")
    await consent(world, party={"type": "system", "id": await system_id(world)}, onlyItems=[soup])
    assert await texts(world, "zaaksysteem") == {SOUP}
    await consent(world, party={"type": "system", "id": await system_id(world)}, decision="deny")
    assert (await world.get("zaaksysteem", items(world))).status_code == 404
