"""What deciding is fed: `facts.load` reads the same as was stored, for each role, alone and by many (INV-03)."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from support_api.db import facts, store
from support_api.db.tx import Tx
from support_api.demo.cast import FIEN_BSN
from support_api.domain.access import Access
from support_api.domain.consents import CONSENTS, Consent, ConsentDecision, ConsentStatus
from support_api.domain.facts import Facts, Me, Relation
from support_api.domain.vocabulary import Category, Depth, Duty, PartyType, Purpose, Role
from support_api.domain.working_relationships import WORKING_RELATIONSHIPS, WorkingRelationship
from tests.access.people import NOW, another_resident, fien_id, inside, me, own_access, principal
from tests.conftest import World
from tests.make import added

EVERYBODY = ["fien", "teun", "sanne", "greet", "pim", "zaaksysteem"]
S, P, D = ConsentStatus, ConsentDecision.PERMIT, ConsentDecision.DENY
STATES = [(P, S.ACTIVE), (P, S.WITHDRAWN), (P, S.SUPERSEDED), (D, S.DECLINED), (D, S.SUPERSEDED)]


def born(access: Access) -> dict[str, Any]:
    author = {"author_role": Role.RESIDENT, "author_id": access.resident_id}
    return {"id": uuid7(), "resident_id": access.resident_id, "created_at": NOW, "changed_at": NOW, **author}


async def bind(tx: Tx, access: Access, worker: UUID, since: int, until: int | None) -> WorkingRelationship:
    """A working relationship; `since` and `until` in days from now."""
    made = WorkingRelationship(
        **born(access),
        worker_id=worker,
        duties=tuple(Random(since).sample(list(Duty), 2)),
        started_at=NOW + timedelta(since, microseconds=1),
        ended_at=None if until is None else NOW + timedelta(until),
        function="consulent",
    )
    return await added(tx, access, WORKING_RELATIONSHIPS, made)


async def decide_much(tx: Tx, access: Access, parties: list[tuple[PartyType, UUID | None]], bonds: list[UUID]) -> None:
    """A consent in every state to every party, the rest by chance; and the same about one item, and about all."""
    random = Random(7)
    for party, party_id in parties:
        for decision, status in STATES:
            consent = Consent(
                **born(access),
                decision=decision,
                status=status,
                party_type=party,
                party_id=party_id,
                purpose=random.choice(list(Purpose)),
                categories=tuple(random.sample(list(Category), random.randint(1, 3))),
                only_items=tuple(uuid4() for _ in range(random.randint(0, 2))),
                except_items=tuple(uuid4() for _ in range(random.randint(0, 2))),
                depth=random.choice(list(Depth)),
                valid_from=NOW - timedelta(random.randint(-1, 3), microseconds=7),
                valid_until=random.choice((None, NOW + timedelta(1, microseconds=13))),
                working_relationship_id=random.choice((None, *bonds)),
                receipt_id=uuid7(),
            )
            await added(tx, access, CONSENTS, consent)
            about_one = replace(consent, id=uuid7(), only_items=(uuid4(),), except_items=())
            about_all = replace(consent, id=uuid7(), only_items=(), working_relationship_id=None)
            for each in (about_one, about_all):
                await added(tx, access, CONSENTS, each)


async def lived(tx: Tx, world: World) -> Access:
    """Fien with a past: relationships and decisions of every sort, one of them deleted."""
    access = await own_access(tx, world, fien_id(world))
    teun, sanne, system = [(await me(tx, world, name)).id for name in ("teun", "sanne", "zaaksysteem")]
    bonds = [await bind(tx, access, worker, *days) for worker in (teun, sanne) for days in ((-9, -3), (1, None))]
    await store.remove(tx, access, WORKING_RELATIONSHIPS, await bind(tx, access, teun, -5, None))
    parties = [(PartyType.MY_WORKERS, None), (PartyType.WORKER, teun), (PartyType.WORKER, sanne)]
    await decide_much(tx, access, [*parties, (PartyType.SYSTEM, system)], [bond.id for bond in bonds])
    return access


async def expected(tx: Tx, world: World, name: str, access: Access) -> Facts:
    """The same from the rows as the store gives them to the resident."""
    who, role = await me(tx, world, name), Role(world.person(name).role)
    relations: list[Relation] = []
    if role is Role.WORKER:
        held = await store.every(tx, access, WORKING_RELATIONSHIPS, worker_id=who.id)
        relations = [Relation(each.id, frozenset(each.duties), each.started_at, each.ended_at) for each in held]
    known = [each.counts for each in await store.every(tx, access, CONSENTS)]
    mine = [each for each in known if each and (each.party_type is PartyType.MY_WORKERS or each.party_id == who.id)]
    asked = role in (Role.WORKER, Role.EXTERNAL_SYSTEM)
    return Facts(who, access.subject, tuple(relations), tuple(mine) if asked else ())


def ordered(found: Facts) -> Facts:
    return replace(
        found,
        relations=tuple(sorted(found.relations, key=lambda each: each.id)),
        decisions=tuple(sorted(found.decisions, key=lambda each: each.id)),
    )


async def reads_as_stored(tx: Tx, world: World, name: str, access: Access) -> None:
    found = await facts.load(tx, principal(world, name), access.resident_id)
    assert ordered(found) == ordered(await expected(tx, world, name, access)), name
    assert len(found.relations) == (3 if name in ("teun", "sanne") else 0)
    assert bool(found.decisions) == (name in ("teun", "sanne", "zaaksysteem"))


async def test_each_role_reads_its_own_facts(world: World) -> None:
    async with inside(world) as tx:
        access = await lived(tx, world)
        for name in EVERYBODY:
            await reads_as_stored(tx, world, name, access)


SLIPS = [
    ("'active', 'declined', 'withdrawn'", "'active', 'declined', 'withdrawn', 'superseded'"),
    ("'active', 'declined', 'withdrawn'", "'active', 'declined'"),
    ("c.party_type = 'my_workers' or", ""),
    ("(c.party_type = 'my_workers' or", "(true or"),
    ("and c.decision = 'permit'", "or true"),
    (" and w.deleted_at is null\n  union all", "\n  union all"),
]


async def test_a_slip_in_the_query_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    async with inside(world) as tx:
        access = await lived(tx, world)
        for right, wrong in SLIPS:
            assert right in facts._FACTS.sql
            with monkeypatch.context() as patch:
                patch.setattr(facts._FACTS, "sql", facts._FACTS.sql.replace(right, wrong))
                with pytest.raises(AssertionError, match="teun"):
                    await reads_as_stored(tx, world, "teun", access)


async def test_many_read_the_same_as_one_by_one(world: World) -> None:
    async with inside(world) as tx:
        await lived(tx, world)
        ids = [fien_id(world), await another_resident(tx, world)]
        nowhere = [uuid7(), UUID(world.person("abel").resident_id)]
        for who in (principal(world, name) for name in EVERYBODY):
            one_by_one = [await facts.load(tx, who, each) for each in (*ids, *nowhere)]
            assert [found.resident for found in one_by_one[2:]] == [None, None]
            together = await facts.load_many(tx, who, [*nowhere, *reversed(ids)])
            by_id = {found.resident.id: ordered(found) for found in together if found.resident}
            assert by_id == {each: ordered(found) for each, found in zip(ids, one_by_one[:2], strict=True)}
            assert len(together) == 2


async def reads_for(tx: Tx, world: World, name: str, access: Access) -> None:
    """For some items: all but a worker's permits for other single items that open no briefing. No refusal is ever left
    out."""
    who = principal(world, name)
    whole = await facts.load(tx, who, access.resident_id)
    named = [item for each in whole.decisions if each.permits for item in each.only_items]
    assert named
    for items in ([], named[:1], [uuid7(), *named]):
        kept = [
            each
            for each in whole.decisions
            if who.role is not Role.WORKER
            or not each.permits
            or not each.only_items
            or each.only_items & set(items)
            or each.working_relationship_id
        ]
        found = await facts.load(tx, who, access.resident_id, items)
        assert ordered(found) == ordered(replace(whole, decisions=tuple(kept))), (name, items)
        assert [ordered(found)] == [
            ordered(each) for each in await facts.load_many(tx, who, [access.resident_id], items)
        ]


async def test_facts_for_some_items_leave_out_nothing_but_permits_for_others(world: World) -> None:
    async with inside(world) as tx:
        access = await lived(tx, world)
        for name in ("teun", "sanne", "zaaksysteem"):
            await reads_for(tx, world, name, access)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("or c.status <> 'active'", ""), ("or c.only_items = '{}'", ""), ("c.only_items &&", "not c.only_items &&")],
)
async def test_leaving_out_too_much_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    """Positive control."""
    async with inside(world) as tx:
        access = await lived(tx, world)
        assert right in facts._FACTS.sql
        monkeypatch.setattr(facts._FACTS, "sql", facts._FACTS.sql.replace(right, wrong))
        with pytest.raises(AssertionError, match="teun"):
            await reads_for(tx, world, "teun", access)


async def test_ever_supported_is_any_relationship_that_was_not_deleted(world: World) -> None:
    async with inside(world) as tx:
        mies = await own_access(tx, world, await another_resident(tx, world))
        teun = (await me(tx, world, "teun")).id

        async def supported() -> bool:
            found = (await facts.load(tx, principal(world, "greet"), mies.resident_id)).resident
            assert found is not None
            return found.ever_supported

        assert not await supported()
        bond = await bind(tx, mies, teun, 5, None)
        assert await supported(), "also before it starts: the recorder's ground ends with the first assignment"
        await store.remove(tx, mies, WORKING_RELATIONSHIPS, bond)
        assert not await supported()


async def test_who_calls(world: World) -> None:
    """Known by log-in and role together; a resident also by the BSN that the issuer vouches for."""
    async with inside(world) as tx:
        stranger = replace(principal(world, "fien"), subject=b"nobody")
        bsn = tx.keys.hash("lookup:bsn", tx.municipality_id, FIEN_BSN.encode())
        assert await facts.who(tx, stranger) is None
        assert await facts.who(tx, replace(stranger, bsn_hash=bsn)) == Me(fien_id(world), None)
        assert await facts.who(tx, replace(stranger, bsn_hash=bsn, role=Role.WORKER)) is None
        assert await facts.who(tx, replace(principal(world, "teun"), role=Role.TEAM_LEAD)) is None
        assert await facts.who(tx, replace(principal(world, "zaaksysteem"), client_id="onbekend")) is None
        assert await facts.who(tx, replace(principal(world, "teun"), client_id="zaaksysteem-voorbeeld")) is not None
        for name in EVERYBODY:
            assert (
                await facts.who(tx, principal(world, name))
                == (await facts.load(tx, principal(world, name), fien_id(world))).me
            )


async def test_a_destroyed_key_and_a_deleted_resident_are_facts(world: World) -> None:
    async with inside(world) as tx:
        subject = (await facts.load(tx, principal(world, "teun"), fien_id(world))).resident
        assert subject is not None
        assert subject.key_active
    await world.sql("update support.persons set key_state = 'destroyed' where id = $1", subject.owner_id)
    async with inside(world) as tx:
        found = await facts.load(tx, principal(world, "teun"), fien_id(world))
        assert found.resident == replace(subject, key_active=False)
    await world.sql("update support.residents set deleted_at = now() where id = $1", subject.id)
    async with inside(world) as tx:
        found = await facts.load(tx, principal(world, "teun"), fien_id(world))
        assert (found.resident, found.relations, found.decisions) == (None, (), ())
