"""The key ring: what opens, where, and for how long."""

from collections.abc import AsyncIterator, Iterable
from uuid import UUID, uuid4

import asyncpg
import pytest

from support_api.db import keys
from support_api.db.keys import KeyRing, StaticKeys
from support_api.db.tx import open_pool
from support_api.domain.errors import Unavailable
from tests.conftest import KEEPER, Cluster
from tests.db.rows import HERE, THERE

OLD, NEW, ROOT = bytes(32), bytes(range(32)), bytes(reversed(range(32)))
DESTROY = "update keys.data_keys set wrapped = null where id = any($1::uuid[])"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store(cluster: Cluster, copies: tuple[str, str]) -> AsyncIterator[asyncpg.Pool]:
    """With nothing in it: these tests have keyrings of their own."""
    owner = await asyncpg.connect(cluster.url(copies[1]))
    await owner.execute("truncate keys.data_keys, keys.canaries")
    await owner.close()
    pool = await open_pool(cluster.url(copies[1], KEEPER), size=2)
    yield pool
    await pool.close()


def _ring(store: asyncpg.Pool, provider: StaticKeys | None = None, clock: Clock | None = None) -> KeyRing:
    return KeyRing(store, provider or StaticKeys("k1", {"k1": OLD}, ROOT), clock or Clock())


async def _new_key(ring: KeyRing) -> UUID:
    key_id = uuid4()
    await ring.create(HERE, key_id)
    return key_id


async def _opens(ring: KeyRing, key_id: UUID, municipality: UUID = HERE) -> bool:
    try:
        return (await ring.cipher(municipality, key_id)).key_id == key_id
    except Unavailable:
        return False


async def test_a_kept_key_is_forgotten_after_five_minutes(store: asyncpg.Pool) -> None:
    """A key that was destroyed elsewhere; it serves those only whose facts still say that it is active."""
    assert await _last_moment(store) == 300


async def test_a_ring_that_keeps_keys_longer_is_seen(store: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(keys, "_KEEP_SECONDS", 310)
    assert await _last_moment(store) == 310


async def _last_moment(store: asyncpg.Pool) -> int:
    """Seconds after which a key that is gone from the store no longer opens."""
    clock = Clock()
    ring = _ring(store, clock=clock)
    key_id = await _new_key(ring)
    await store.execute(DESTROY, [key_id])
    start = clock.now
    while await _opens(ring, key_id) and clock.now < start + 600:
        clock.now += 1
    return int(clock.now - start)


async def test_a_kept_key_is_not_kept_longer_by_being_used(store: asyncpg.Pool) -> None:
    clock = Clock()
    ring = _ring(store, clock=clock)
    key_id = await _new_key(ring)
    await store.execute(DESTROY, [key_id])
    for _ in range(3):
        clock.now += 99
        assert await _opens(ring, key_id)
    clock.now += 99
    assert not await _opens(ring, key_id)


@pytest.mark.parametrize("most", [1000, 1001])
async def test_at_most_a_thousand_are_kept(store: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """With as positive control a ring that keeps one more."""
    if most != 1000:
        monkeypatch.setattr(keys, "_KEEP_KEYS", most)
    provider = StaticKeys("k1", {"k1": OLD}, ROOT)
    ring, ids = _ring(store, provider), [uuid4() for _ in range(1100)]
    await _store(store, provider, ids)
    assert len(await ring.ciphers(HERE, ids)) == 1100
    await store.execute(DESTROY, ids)
    assert len(await ring.ciphers(HERE, ids)) == most


async def _store(store: asyncpg.Pool, provider: StaticKeys, ids: Iterable[UUID]) -> None:
    rows = [(HERE, key_id, *provider.wrap(NEW, keys.data_key_place(HERE, key_id))) for key_id in ids]
    insert = "insert into keys.data_keys (municipality_id, id, wrapping, wrapped) values ($1, $2, $3, $4)"
    await store.executemany(insert, rows)


class Placeless(StaticKeys):
    """A provider that wraps a key without saying whose it is."""

    def wrap(self, key: bytes, place: bytes) -> tuple[str, bytes]:
        return super().wrap(key, b"")

    def unwrap(self, wrapping: str, wrapped: bytes, place: bytes) -> bytes:
        return super().unwrap(wrapping, wrapped, b"")


@pytest.mark.parametrize("provider", [StaticKeys, Placeless])
async def test_a_wrapped_key_opens_for_its_own_person_and_municipality(
    store: asyncpg.Pool, provider: type[StaticKeys]
) -> None:
    """Put under another id, or in another municipality, it does not; Placeless is the positive control."""
    given = provider("k1", {"k1": OLD}, ROOT)
    mine, other = [await _new_key(_ring(store, given)) for _ in range(2)]
    copied = "(select wrapped from keys.data_keys where id = $2)"
    await store.execute(f"update keys.data_keys set wrapped = {copied} where id = $1", other, mine)
    moved = "insert into keys.data_keys select $2, id, wrapping, wrapped from keys.data_keys where id = $1"
    await store.execute(moved, mine, THERE)
    ring = _ring(store, given)
    assert await _opens(ring, mine)
    assert await _opens(ring, other) == (provider is Placeless)
    assert await _opens(ring, mine, THERE) == (provider is Placeless)


async def test_a_kept_key_serves_its_own_municipality_only(store: asyncpg.Pool) -> None:
    ring = _ring(store)
    key_id = await _new_key(ring)
    assert await _opens(ring, key_id)
    assert not await _opens(ring, key_id, THERE)


async def test_what_an_older_wrapping_key_closed_opens_after_rotation(store: asyncpg.Pool) -> None:
    """As long as the ring holds that key: taking it out too early is the positive control."""
    before = await _new_key(_ring(store))
    rotated = StaticKeys("k2", {"k1": OLD, "k2": NEW}, ROOT)
    after = await _new_key(_ring(store, rotated))
    names = dict(await store.fetch("select id, wrapping from keys.data_keys where id in ($1, $2)", before, after))
    assert names == {before: "k1", after: "k2"}
    assert [await _opens(_ring(store, rotated), key_id) for key_id in (before, after)] == [True, True]
    dropped = StaticKeys("k2", {"k2": NEW}, ROOT)
    assert [await _opens(_ring(store, dropped), key_id) for key_id in (before, after)] == [False, True]
    swapped = StaticKeys("k2", {"k1": NEW, "k2": OLD}, ROOT)
    assert [await _opens(_ring(store, swapped), key_id) for key_id in (before, after)] == [False, False]


async def test_a_destroyed_key_is_gone_at_once_and_does_not_come_back(store: asyncpg.Pool) -> None:
    ring = _ring(store)
    key_id = await _new_key(ring)
    await ring.destroy(HERE, key_id)
    assert not await _opens(ring, key_id)
    with pytest.raises(Unavailable):
        await ring.create(HERE, key_id)
    (row,) = await store.fetch("select wrapped, destroyed_at from keys.data_keys where id = $1", key_id)
    assert (row["wrapped"], row["destroyed_at"] is None) == (None, False)


async def test_destroying_names_the_municipality_too(store: asyncpg.Pool) -> None:
    ring = _ring(store)
    key_id = await _new_key(ring)
    await ring.destroy(THERE, key_id)
    assert await _opens(_ring(store), key_id)


async def test_the_same_number_has_another_hash_in_another_municipality(store: asyncpg.Pool) -> None:
    """And for another look-up; two rings of one keyring agree."""
    ring, bsn = _ring(store), b"999990019"
    hashes = {ring.hash("lookup:bsn", HERE, bsn), ring.hash("lookup:bsn", THERE, bsn), ring.hash("lookup:x", HERE, bsn)}
    assert len(hashes) == 3
    assert _ring(store).hash("lookup:bsn", HERE, bsn) in hashes
    assert _ring(store, StaticKeys("k1", {"k1": OLD}, NEW)).hash("lookup:bsn", HERE, bsn) not in hashes
