"""Receipts: proof for the resident of every event of a consent, which anybody can check (W8)."""

import hashlib
import json
from typing import Any
from uuid import UUID

from tests.conftest import World
from tests.make import UNKNOWN

YES = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait"]}


async def give(world: World, **said: Any) -> Any:
    return (await world.post("fien", f"{world.fien}/consents", {**YES, **said})).json()


async def receipts(world: World, consent: Any, name: str = "fien") -> Any:
    return await world.get(name, f"{world.fien}/consents/{consent['id']}/receipts")


def checked(receipt: dict[str, Any]) -> str:
    """As the contract says: SHA-256 over the receipt without `integrity`, in the form of RFC 8785."""
    bare = {name: value for name, value in receipt.items() if name != "integrity"}
    form = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(form.encode()).hexdigest()


async def test_giving_and_withdrawing_leave_a_receipt_each(world: World) -> None:
    notice = {"noticeId": "nt-12", "version": "3", "language": "nl-B1"}
    consent = await give(world, informedWith=notice, how="interpreter")
    await world.post("fien", f"{world.fien}/consents/{consent['id']}/_withdraw")
    given, withdrawn = (await receipts(world, consent)).json()["results"]
    assert (given["event"], given["id"]) == ("given", consent["receipt"]["id"])
    assert (given["controller"], given["notice"], given["how"]) == ("Voorbeeldstad", notice, "interpreter")
    assert given["principal"] == world.fien.rsplit("/", 1)[1]
    assert given["recipients"] == [{"type": "my_workers", "id": None, "name": "Wie jou nu begeleidt"}]
    assert given["howToStop"].endswith("/_withdraw")
    assert [each["event"] for each in withdrawn["events"]] == ["given", "withdrawn"]
    assert withdrawn["inPlainDutch"].startswith("Wie jou nu begeleidt mag dit niet meer lezen: portret.")
    place = f"{world.fien}/consents/{consent['id']}/receipts"
    assert (await world.get("fien", f"{place}/{given['id']}")).json() == given
    assert (await world.get("fien", f"{place}/{UNKNOWN}")).status_code == 404


async def test_a_receipt_can_be_checked_and_a_changed_one_is_seen(world: World) -> None:
    consent = await give(world)
    [receipt] = (await receipts(world, consent)).json()["results"]
    assert checked(receipt) == receipt["integrity"]
    assert checked({**receipt, "validUntil": None}) != receipt["integrity"]


async def test_a_receipt_stays_as_it_was(world: World) -> None:
    """Whatever happens to the consent, and whatever else is decided."""
    consent = await give(world)
    [before] = (await receipts(world, consent)).json()["results"]
    await give(world)
    after = (await receipts(world, consent)).json()["results"]
    assert after[0] == before
    assert [each["event"] for each in after] == ["given", "superseded"]
    now = (await world.get("fien", f"{world.fien}/consents/{consent['id']}")).json()
    assert now["receipt"]["id"] == after[1]["id"]


async def test_what_ended_by_itself_has_a_receipt(world: World) -> None:
    consent = await give(world)
    ended = "update support.consents set valid_until = clock_timestamp() where id = $1"
    await world.sql(ended, UUID(consent["id"]))
    now = (await world.get("fien", f"{world.fien}/consents/{consent['id']}")).json()
    last = (await receipts(world, consent)).json()["results"][-1]
    assert (now["status"], now["receipt"]["event"]) == ("expired", "expired")
    assert (last["event"], last["id"], last["inPlainDutch"]) == (
        "expired",
        now["receipt"]["id"],
        now["receipt"]["inPlainDutch"],
    )


async def test_what_was_refused_or_never_decided_is_proven_as_that(world: World) -> None:
    no = await give(world, decision="deny")
    [declined] = (await receipts(world, no)).json()["results"]
    assert (declined["event"], declined["howToStop"]) == ("declined", None)
    proposal = await world.post("teun", f"{world.fien}/consents", {**YES, "how": "paper"})
    assert (await receipts(world, proposal.json())).json()["results"] == []


async def test_receipts_are_for_the_resident_and_the_privacy_officer(world: World) -> None:
    consent = await give(world)
    claims = {"scope": "consents:read"}
    for name, status in (("pim", 200), ("teun", 403), ("sanne", 404), ("noor", 404)):
        place = f"{world.fien}/consents/{consent['id']}/receipts"
        assert (await world.get(name, place, claims=claims)).status_code == status, name
