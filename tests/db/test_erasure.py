"""Destroying a person's data key makes every copy unreadable: the rows, their revisions, and older backups."""

from uuid import UUID

import pytest

from support_api.db.keys import KeyRing
from support_api.db.tx import open_pool
from support_api.demo.cast import FIEN, FIEN_PORTRAIT
from tests.conftest import KEEPER, KEY_TEMPLATE, World, running, static_keys
from tests.db.acting import municipality_of
from tests.db.backup import dump, restored
from tests.db.rows import Place, connected

_KEY = "select p.key_id from support.persons p join support.residents r on r.owner_id = p.id where r.id = $1"
_SEALED = """
select sealed from support.portrait_items where resident_id = $1
union all select sealed from support.revisions where resident_id = $1
union all select sealed from support.residents where id = $1
"""
WORDS = [FIEN["official_name"], *(text for _, text in FIEN_PORTRAIT)]


async def _destroy(world: World) -> None:
    """The key in the key store, and the mark that says so to everybody who still keeps it."""
    (row,) = await world.sql(_KEY, UUID(world.person("fien").resident_id))
    await world.ring.destroy(municipality_of(world, "fien"), row["key_id"])
    await world.sql("update support.persons set key_state = 'destroyed' where key_id = $1", row["key_id"])


async def _with_a_key(world: World, main: str, keys: str) -> tuple[int, int]:
    """How many sealed documents about Fien there are, and of how many the key can still be opened."""
    fien = UUID(world.person("fien").resident_id)
    async with connected(Place(world.cluster, main)) as connection:
        sealed = [row["sealed"] for row in await connection.fetch(_SEALED, fien)]
    pool = await open_pool(world.cluster.url(keys, KEEPER), size=1)
    named = [UUID(bytes=blob[1:17]) for blob in sealed]
    opened = await KeyRing(pool, static_keys()).ciphers(municipality_of(world, "fien"), named)
    await pool.close()
    return len(named), sum(key_id in opened for key_id in named)


async def _answers(world: World) -> list[tuple[str, int, int]]:
    """What Fien and her worker get of her, and that nothing of it is in her words."""
    items = f"{world.fien}/portrait-items"
    answers = []
    for name in ("fien", "teun"):
        answer = await world.get(name, items)
        told = [word for word in WORDS if word in answer.text]
        answers.append((name, answer.status_code, len(told)))
    return answers


async def test_nobody_reads_a_resident_whose_key_is_destroyed(world: World) -> None:
    """404 like for an id that never was, at once, also where the key was kept in memory a moment ago."""
    assert await _answers(world) == [("fien", 200, 8), ("teun", 200, 8)]
    total, open_ = await _with_a_key(world, world.main, world.keys)
    assert total == open_ >= 10
    await _destroy(world)
    assert await _answers(world) == [("fien", 404, 0), ("teun", 404, 0)]
    assert await _with_a_key(world, world.main, world.keys) == (total, 0)
    reasons = await world.sql("select reason from support.audit_entries order by at desc limit 2")
    assert [row["reason"] for row in reasons] == ["erased", "erased"]


async def test_others_stay_readable(world: World) -> None:
    await _destroy(world)
    abel = world.person("abel").resident_id
    assert (await world.get("abel", f"/v1/residents/{abel}/portrait-items")).status_code == 200


async def _reads_from(world: World, main: str, keys: str) -> list[tuple[str, int, int]]:
    """The same answers from a service on these databases."""
    async with running(world.cluster, main, keys) as client:
        return await _answers(World(world.cluster, main, keys, client, world.ring))


@pytest.mark.slow
async def test_an_older_backup_of_the_main_data_opens_no_more(world: World) -> None:
    """A backup knows nothing of the erasure; the key store does. The key store of that time is the positive control:
    which is why its own backups are kept for days."""
    archive = await dump(world.cluster, world.main, "--format=custom")
    await _destroy(world)
    async with restored(world.cluster, archive) as main:
        assert await _reads_from(world, main, world.keys) == [("fien", 503, 0), ("teun", 503, 0)]
        assert (await _with_a_key(world, main, world.keys))[1] == 0
        old_keys = f"{main}_keys"
        await world.cluster.clone(KEY_TEMPLATE, old_keys)
        assert await _reads_from(world, main, old_keys) == [("fien", 200, 8), ("teun", 200, 8)]
        total, open_ = await _with_a_key(world, main, old_keys)
        assert total == open_ >= 10
        await world.cluster.drop(old_keys)


async def test_a_wrapped_key_that_was_moved_gives_no_content_and_no_crash(world: World) -> None:
    (row,) = await world.sql(_KEY, UUID(world.person("fien").resident_id))
    async with connected(Place(world.cluster, world.keys)) as store:
        other = "(select wrapped from keys.data_keys where id <> $1 limit 1)"
        await store.execute(f"update keys.data_keys set wrapped = {other} where id = $1", row["key_id"])
    assert await _answers(world) == [("fien", 503, 0), ("teun", 503, 0)]
