"""What an operator sets up before the first call: municipalities, registered clients, workers and log-ins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from uuid_utils.compat import uuid7

from support_api.db import directory, order
from support_api.db.tx import Tx
from support_api.domain.grounds import SPECIAL
from support_api.domain.register import Activity
from support_api.domain.vocabulary import Category, Purpose, Role
from support_api.domain.workers import Worker


def municipality_id(code: str) -> UUID:
    """One code, one id, wherever it is set up: so its key refuses a second municipality by that code."""
    return uuid5(NAMESPACE_URL, f"urn:support-api:municipality:{code.lower()}")


async def add_municipality(tx: Tx, code: str, name: str, now: datetime) -> None:
    """The transaction is that of the new municipality's own id."""
    await directory.add_municipality(tx, code, name, now)


def activities(
    purposes: Sequence[tuple[str, str, str]],
    special: Sequence[tuple[str, str]],
    only: Sequence[tuple[str, str]],
) -> dict[Purpose, Activity]:
    """Per purpose its activity. Raises ValueError, saying which words there are."""
    stated = {code for code, _, _ in purposes}
    if stated - set(Purpose):
        raise ValueError("purposes are: " + ", ".join(each.value for each in Purpose))
    if {code for code, _ in (*special, *only)} - stated:
        raise ValueError("--special and --only need the --purpose that they are about")
    if {category for _, category in only} - SPECIAL:
        raise ValueError("categories are: " + ", ".join(each.value for each in Category if each in SPECIAL))
    return {
        Purpose(code): Activity(
            uri,
            basis,
            frozenset(Category(category) for about, category in only if about == code),
            dict(special).get(code),
        )
        for code, uri, basis in purposes
    }


async def add_client(tx: Tx, client_id: str, name: str, used: Mapping[Purpose, Activity], now: datetime) -> UUID:
    client = uuid7()
    await directory.add_client(tx, client, client_id, name, now)
    for purpose, activity in used.items():
        await directory.add_activity(tx, client, purpose, activity)
    return client


async def add_worker(
    tx: Tx, name: str, function: str, unit: str | None, role: Role, subject_hash: bytes, now: datetime
) -> Worker:
    person = uuid7()
    await add_person(tx, person, uuid7(), now)
    await order.line_up(tx, tx.municipality_id)
    worker = Worker(
        id=order.placed(tx, uuid7()),
        person_id=person,
        created_at=now,
        changed_at=now,
        display_name=name,
        function=function,
        unit=unit,
    )
    await directory.add_worker(tx, worker)
    await directory.add_identity(tx, subject_hash, role, person, worker.id, now)
    return worker


async def add_person(tx: Tx, person: UUID, key: UUID, now: datetime) -> None:
    """The key is stored in the key store before anything is sealed with it."""
    await tx.keys.create(tx.municipality_id, key)
    await directory.add_person(tx, person, key, now)
