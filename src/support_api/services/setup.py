"""What an operator sets up before the first call: municipalities, registered clients, workers and log-ins."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from uuid_utils.compat import uuid7

from support_api.db import directory, order
from support_api.db.tx import Tx
from support_api.domain.vocabulary import Purpose, Role
from support_api.domain.workers import Worker


def municipality_id(code: str) -> UUID:
    """One code, one id, wherever it is set up: so its key refuses a second municipality by that code."""
    return uuid5(NAMESPACE_URL, f"urn:support-api:municipality:{code.lower()}")


async def add_municipality(tx: Tx, code: str, name: str, now: datetime) -> None:
    """The transaction is that of the new municipality's own id."""
    await directory.add_municipality(tx, code, name, now)


async def add_client(
    tx: Tx, client_id: str, name: str, activities: dict[Purpose, tuple[str, str]], now: datetime
) -> UUID:
    """`activities`: per purpose the URI of the processing activity and its legal basis."""
    client = uuid7()
    await directory.add_client(tx, client, client_id, name, now)
    for purpose, (uri, legal_basis) in activities.items():
        await directory.add_activity(tx, client, purpose, uri, legal_basis)
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
