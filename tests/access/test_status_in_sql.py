"""A list narrowed by status finds what `Consent.state` says: the SQL twin, over every state and moment."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from support_api.db import narrowing, store
from support_api.domain.consents import CONSENTS, LAPSES, Consent, ConsentDecision, ConsentStatus
from support_api.domain.vocabulary import Category, PartyType, Purpose, Role
from tests.access.people import fien_id, inside, own_access
from tests.conftest import World
from tests.make import added

MOMENT = timedelta(microseconds=1)
STORED = [status for status in ConsentStatus if status is not ConsentStatus.EXPIRED]
AGES = (LAPSES - MOMENT, LAPSES, LAPSES + MOMENT)
ENDS = (None, -MOMENT, timedelta(0), MOMENT)


async def found_wrong(world: World) -> list[Any]:
    """Each status for which the list holds others than the domain says."""
    async with inside(world) as tx:
        own = await own_access(tx, world, fien_id(world))
        for number, (status, age, end) in enumerate(product(STORED, AGES, ENDS)):
            consent = Consent(
                id=UUID(int=number + 1),
                resident_id=own.resident_id,
                created_at=own.now - age,
                changed_at=own.now - age,
                author_role=Role.RESIDENT,
                author_id=own.resident_id,
                decision=ConsentDecision.PERMIT,
                status=status,
                party_type=PartyType.MY_WORKERS,
                purpose=Purpose.SUPPORT,
                categories=(Category.PORTRAIT,),
                valid_from=own.now - age,
                valid_until=None if end is None else own.now + end,
                receipt_id=own.resident_id,
            )
            await added(tx, own, CONSENTS, consent)
        everything = await store.every(tx, own, CONSENTS)
        assert len(everything) >= len(STORED) * len(AGES) * len(ENDS)
        wrong = []
        for status in ConsentStatus:
            listed = {each.id for each in await store.every(tx, own, CONSENTS, status=status)}
            if listed != {each.id for each in everything if each.state(own.now) is status}:
                wrong.append(status)
        return wrong


async def test_the_list_and_the_domain_say_the_same(world: World) -> None:
    assert await found_wrong(world) == []


async def test_a_twin_that_forgets_the_moment_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    monkeypatch.setattr(narrowing, "_status", lambda table: table.c.status)
    store._page.cache_clear()
    try:
        assert ConsentStatus.EXPIRED in await found_wrong(world)
    finally:
        store._page.cache_clear()
