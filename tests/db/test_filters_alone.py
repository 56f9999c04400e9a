"""Wall 1 with PostgreSQL's half removed: row security is off, rows are forged that would let a worker of another
municipality in, and the application's own filters must keep her out."""

import pytest

from support_api.app import OPERATIONS
from support_api.demo.cast import FIEN_BSN
from tests.conftest import World
from tests.db.acting import EVERY_SCOPE, path_of
from tests.db.filters import loosen
from tests.db.rows import HERE, THERE, connected, snapshot, without_walls

TAG = f'"1.{0:016x}"'
_RELATION = """
insert into support.working_relationships select (jsonb_populate_record(w, jsonb_build_object(
  'id', gen_random_uuid(), 'worker_id', $2::uuid, 'started_at', now() - interval '1 day', 'ended_at', null))).*
from support.working_relationships w where w.resident_id = $1::uuid limit 1
"""
_NUMBER = (
    "insert into support.lookups (municipality_id, kind, value_hash, resident_id) values ($1, 'bsn', $2, $3::uuid)"
)


async def _forge(world: World) -> None:
    """In Fien's municipality: a relationship with Noor, and Fien's number as Noor's municipality hashes it."""
    fien, noor = world.person("fien").resident_id, (await world.get("noor", "/v1/me")).json()["workerId"]
    await without_walls(world)
    async with connected(world) as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(_RELATION, fien, noor)
        await connection.execute(_NUMBER, HERE, world.ring.hash("lookup:bsn", THERE, FIEN_BSN.encode()), fien)


async def _open_reads(world: World) -> set[str]:
    """What of Fien Noor is answered with anything but 404, with every scope that a token can have."""
    seen = set()
    for operation in OPERATIONS:
        if operation.method == "GET" and "{residentId}" in operation.path:
            answer = await world.get("noor", "/v1" + await path_of(world, operation.path), claims=EVERY_SCOPE)
            seen |= {operation.name} if answer.status_code != 404 else set()
    search = {"system": "bsn", "value": FIEN_BSN, "fields": ["id", "callName"]}
    found = await world.post("noor", "/v1/residents/_search", search)
    seen |= {"search"} if found.status_code != 200 or found.json()["results"] else set()
    for path in ("/v1/working-relationships", "/v1/workers"):
        listed = await world.get("noor", path)
        seen |= {path} if str(world.person("fien").resident_id) in listed.text or "Teun" in listed.text else set()
    return seen


async def _open_writes(world: World) -> set[str]:
    items = f"{world.fien}/portrait-items"
    one = "/v1" + await path_of(world, "/residents/{residentId}/portrait-items/{portraitItemId}")
    answers = {
        "change": await world.patch("noor", one, {"text": "Anders."}, TAG),
        "delete": await world.delete("noor", one, TAG),
        "create": await world.post("noor", items, {"kind": "joy", "text": "Zomaar."}),
        "resident": await world.patch("noor", world.fien, {"callName": "Anders"}, TAG),
    }
    return {name for name, answer in answers.items() if answer.status_code != 404}


async def test_a_worker_of_another_municipality_is_kept_out_by_the_filters_alone(world: World) -> None:
    """Every read and search and list, and what she could write; nothing of hers changes."""
    await _forge(world)
    before = await snapshot(world, HERE)
    assert await _open_reads(world) == set()
    assert await _open_writes(world) == set()
    assert await snapshot(world, HERE) == before


async def test_without_filters_either_she_comes_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: no statement looks at the municipality."""
    await _forge(world)
    assert loosen(monkeypatch, "municipality_id =") == []
    assert {"getResident", "listPortraitItems", "search"} <= await _open_reads(world)
    assert {"change", "delete", "create", "resident"} & await _open_writes(world)
