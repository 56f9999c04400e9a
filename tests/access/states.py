"""Consents and relations by the number of a seed, around items that are really stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from support_api.domain.access import Access, decide
from support_api.domain.consents import Decision
from support_api.domain.facts import Facts, Me, Principal, Relation, Subject
from support_api.domain.vocabulary import Category, Depth, Duty, PartyType, Purpose, Role

RUNNING, EARLIER = UUID(int=20), UUID(int=21)
SHARED = (Category.PORTRAIT, Category.LIFE_STORY_SHORT, Category.LIFE_STORY_FULL, Category.CRITIQUE)


@dataclass(frozen=True)
class State:
    seed: int
    principal: Principal
    facts: Facts
    purpose: Purpose
    now: datetime
    closed: frozenset[Category]

    def access(self) -> Access:
        return decide(self.principal, self.facts, self.purpose, self.now, self.closed)

    def __str__(self) -> str:
        """What to look at when SQL and Python differ."""
        lines = [
            f"seed {self.seed}: {self.principal.role} for {self.purpose} at {self.now}, but {set(self.closed)}",
            f"  {self.facts.me}",
        ]
        lines += [f"  {each}" for each in (*self.facts.relations, *self.facts.decisions)]
        return "\n".join(lines)


def generated(
    seed: int, callers: Sequence[tuple[Principal, Me]], resident: Subject, items: Sequence[UUID], now: datetime
) -> State:
    random = Random(seed)
    principal, me = random.choice(callers)
    purpose = random.choices((Purpose.SUPPORT, Purpose.ENFORCEMENT, Purpose.HANDOVER), (12, 1, 1))[0]
    ids = [each.id for _, each in callers]
    decisions = [_decision(random, ids, items, now) for _ in range(random.choices(range(7), (1, 4, 4, 3, 2, 1, 1))[0])]
    relations = [_relation(random, now) for _ in range(random.randint(0, 2))] if principal.role is Role.WORKER else []
    usual = Relation(RUNNING, frozenset(random.choice(({Duty.SUPPORTS}, set(Duty)))), now - timedelta(9), None)
    if principal.role is Role.WORKER and random.random() < 0.9:
        relations.append(usual)
    closed = frozenset(random.sample(SHARED, 1)) if random.random() < 0.1 else frozenset()
    return State(seed, principal, Facts(me, resident, tuple(relations), tuple(decisions)), purpose, now, closed)


def _relation(random: Random, now: datetime) -> Relation:
    duties = random.sample(list(Duty), random.randint(0, 2))
    ended = random.choice((None, now, now - timedelta(1), now + timedelta(1)))
    return Relation(random.choice((RUNNING, EARLIER)), frozenset(duties), now - timedelta(random.randint(-1, 3)), ended)


def _decision(random: Random, ids: Sequence[UUID], items: Sequence[UUID], now: datetime) -> Decision:
    """A no is mostly about some items: a no to all would leave little to compare."""
    permits = random.random() < 0.8
    party = random.choices((None, *ids), (3, *(2 for _ in ids)))[0]
    kind = PartyType.MY_WORKERS if party is None else PartyType.SYSTEM if party == ids[-1] else PartyType.WORKER
    return Decision(
        id=UUID(int=random.getrandbits(128)),
        permits=permits,
        party_type=kind,
        party_id=party,
        purpose=random.choices((Purpose.SUPPORT, Purpose.ENFORCEMENT, Purpose.HANDOVER), (10, 1, 1))[0],
        categories=frozenset(random.sample(SHARED, random.randint(2, 4))),
        only_items=_some(random, items, 0.3 if permits else 0.8),
        except_items=_some(random, items, 0.5),
        depth=random.choice(list(Depth)),
        valid_from=now - timedelta(random.choices((1, 0, -1), (8, 1, 1))[0]),
        valid_until=random.choices((None, now + timedelta(1), now), (4, 4, 1))[0],
        working_relationship_id=random.choices((None, RUNNING, EARLIER), (6, 1, 1))[0],
    )


def _some(random: Random, items: Sequence[UUID], chance: float) -> frozenset[UUID]:
    """None, meaning no limit; or up to half of them."""
    if random.random() > chance:
        return frozenset()
    return frozenset(random.sample(items, random.randint(1, len(items) // 2)))
