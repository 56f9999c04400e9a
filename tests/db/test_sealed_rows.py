"""Rows that were moved, copied or put back by hand in SQL: the API hides them, and never breaks on them."""

from typing import Any
from uuid import UUID

import pytest

from support_api.db import directory, store
from tests.conftest import World
from tests.db.acting import municipality_of, new_resident

TAG = f'"1.{0:016x}"'
_ITEM = "update support.portrait_items i set {} where id = $1"
_FROM = "sealed = (select sealed from support.portrait_items where id = '{other}')"


async def _write(world: World, text: str, path: str, **kwargs: Any) -> tuple[str, str]:
    """Address and id of a new item."""
    made = await world.post("fien", path, {"kind": "joy", "text": text}, **kwargs)
    assert made.status_code == 201
    return f"{path}/{made.json()['id']}", made.json()["id"]


async def _hidden(world: World, address: str, **kwargs: Any) -> bool:
    """The item and the list that it stands in are answered as if they were not there, and the trail knows why."""
    items, _, _ = address.rpartition("/")
    answers = [await world.get("fien", path, **kwargs) for path in (address, items)]
    reasons = await world.sql("select reason from support.audit_entries order by at desc limit 2")
    assert {answer.status_code for answer in answers} <= {200, 404}
    return {answer.status_code for answer in answers} == {404} and {row["reason"] for row in reasons} == {"unreadable"}


CHANGES = (
    _FROM,
    "sealed = (select sealed from support.revisions where item_id = '{other}')",
    "sealed = (select sealed from support.residents limit 1)",
    "sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))",
    "sealed = substring(sealed from 1 for 20)",
    "sealed = ''",
    "sealed = null",
    "version = version + 1",
    "owner_id = (select w.owner_id from support.workers w where w.municipality_id = i.municipality_id limit 1)",
)


async def test_content_that_was_not_sealed_there_does_not_open(world: World) -> None:
    path = f"{world.fien}/portrait-items"
    address, mine = await _write(world, "Het mijne.", path)
    other_address, other = await _write(world, "Het andere.", path)
    await world.patch("fien", other_address, {"text": "Nog anders."}, TAG)
    (kept,) = await world.sql("select sealed, version, owner_id from support.portrait_items where id = $1", UUID(mine))
    for change in CHANGES:
        assert not await _hidden(world, address)
        await world.sql(_ITEM.format(change.format(other=other)), UUID(mine))
        assert await _hidden(world, address), change
        await world.sql(_ITEM.format("sealed = $2, version = $3, owner_id = $4"), UUID(mine), *kept)


async def test_content_of_one_resident_does_not_open_with_another(world: World) -> None:
    """Neither the content nor the whole row, with or without its owner."""
    gijs = await new_resident(world, "gijs")
    theirs = f"/v1/residents/{gijs}/portrait-items"
    _, mine = await _write(world, "Het mijne.", f"{world.fien}/portrait-items")
    address, other = await _write(world, "Van Gijs.", theirs, claims={"sub": "gijs"})
    sealed = (await world.sql("select sealed from support.portrait_items where id = $1", UUID(other)))[0][0]
    await world.sql(_ITEM.format(_FROM.format(other=mine)), UUID(other))
    assert await _hidden(world, address, claims={"sub": "gijs"})
    await world.sql(_ITEM.format("sealed = $2"), UUID(other), sealed)
    assert not await _hidden(world, address, claims={"sub": "gijs"})
    await world.sql(_ITEM.format("resident_id = $2"), UUID(mine), UUID(gijs))
    assert await _hidden(world, f"{theirs}/{mine}", claims={"sub": "gijs"})
    of_gijs = f"owner_id = (select owner_id from support.residents where id = '{gijs}')"
    await world.sql(_ITEM.format(of_gijs), UUID(mine))
    assert await _hidden(world, f"{theirs}/{mine}", claims={"sub": "gijs"})


async def test_an_old_version_put_back_does_not_open(world: World) -> None:
    address, mine = await _write(world, "Eerst dit.", f"{world.fien}/portrait-items")
    old = (await world.sql("select sealed from support.portrait_items where id = $1", UUID(mine)))[0][0]
    await world.patch("fien", address, {"text": "Nu dat."}, TAG)
    await world.sql(_ITEM.format("sealed = $2"), UUID(mine), old)
    assert await _hidden(world, address)


async def test_content_bound_to_nothing_would_open_elsewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control of all the above."""
    monkeypatch.setattr(store, "context", lambda *_: b"")
    gijs = f"/v1/residents/{await new_resident(world, 'gijs')}/portrait-items"
    address, mine = await _write(world, "Het mijne.", gijs, claims={"sub": "gijs"})
    _, other = await _write(world, "Het andere.", gijs, claims={"sub": "gijs"})
    await world.sql(_ITEM.format(_FROM.format(other=other)), UUID(mine))
    assert not await _hidden(world, address, claims={"sub": "gijs"})


@pytest.mark.parametrize("change", ["sealed = sealed || '\\x00'", "owner_id = gen_random_uuid()"])
async def test_a_repeated_request_does_not_break_on_a_tampered_revision(world: World, change: str) -> None:
    path = f"{world.fien}/portrait-items"
    again = {"headers": {"Idempotency-Key": "a-key-of-some-length"}}
    address, _ = await _write(world, "Eerst dit.", path, **again)
    await world.patch("fien", address, {"text": "Nu dat."}, TAG)
    repeated = await world.post("fien", path, {"kind": "joy", "text": "Eerst dit."}, **again)
    assert (repeated.status_code, repeated.json()["text"]) == (201, "Eerst dit.")
    await world.sql(f"update support.revisions set {change} where resource = 'portrait-items'")
    repeated = await world.post("fien", path, {"kind": "joy", "text": "Eerst dit."}, **again)
    assert repeated.status_code == 404


async def test_a_tampered_worker_is_left_out_and_the_others_stay(world: World) -> None:
    async def names() -> set[str]:
        async with world.database() as database, database.transaction(municipality_of(world, "teun")) as tx:
            return {worker.display_name for worker in await directory.worker_page(tx, None, 100, backwards=False)}

    before = await names()
    first = "select id from support.workers where municipality_id = $1 order by id limit 1"
    change = f"update support.workers set sealed = sealed || '\\x00' where id = ({first})"
    await world.sql(change, municipality_of(world, "teun"))
    assert len(before - await names()) == 1
