"""People, workers, clients and municipalities: who there is, apart from what is known about residents."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Table, Uuid, bindparam, insert, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY

from support_api.db import tables as t
from support_api.db.register import activity_of
from support_api.db.sealing import Cipher, Unreadable, context
from support_api.db.statements import Statement
from support_api.db.tx import Tx
from support_api.domain.consents import Consent
from support_api.domain.errors import Hidden
from support_api.domain.register import Activity, Registered
from support_api.domain.vocabulary import PartyType, Purpose, Role
from support_api.domain.workers import Worker

MY_WORKERS = "Wie jou nu begeleidt"
_SEALED = ("display_name", "function", "unit")


def _adding(table: Table, *names: str) -> Statement:
    return Statement(
        insert(table).values({n: bindparam(n, type_=table.c[n].type) for n in ("municipality_id", *names)})
    )


_MUNICIPALITY = _adding(t.municipalities, "code", "name", "created_at")
_CLIENT = _adding(t.clients, "id", "client_id", "name", "created_at")
_ACTIVITY = _adding(
    t.processing_activities, "client_id", "purpose", "activity", "legal_basis", "categories", "special_basis"
)
_PERSON = _adding(t.persons, "id", "key_id", "created_at")
_IDENTITY = _adding(t.identities, "subject_hash", "role", "person_id", "role_id", "created_at")
_WORKER = _adding(t.workers, "id", "owner_id", "version", "created_at", "changed_at", "sealed")

_with_keys = (
    select(t.workers, t.persons.c.key_id)
    .join(
        t.persons,
        (t.persons.c.municipality_id == t.workers.c.municipality_id) & (t.persons.c.id == t.workers.c.owner_id),
    )
    .where(t.workers.c.municipality_id == bindparam("municipality_id", type_=Uuid), t.persons.c.key_state == "active")
)
_edge = bindparam("edge", type_=Uuid)
_SOME = Statement(_with_keys.where(t.workers.c.id == bindparam("ids", type_=ARRAY(Uuid)).any_()))
_FORWARD = Statement(
    _with_keys.where(or_(_edge.is_(None), t.workers.c.id > _edge))
    .order_by(t.workers.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_BACKWARD = Statement(
    _with_keys.where(t.workers.c.id < _edge).order_by(t.workers.c.id.desc()).limit(bindparam("limit", type_=Integer))
)
_KEY_OF = Statement(
    select(t.persons.c.key_id).where(
        t.persons.c.municipality_id == bindparam("municipality_id", type_=Uuid),
        t.persons.c.id == bindparam("id", type_=Uuid),
    )
)

_OWNER_OF = Statement(
    select(t.residents.c.owner_id).where(
        t.residents.c.municipality_id == bindparam("municipality_id", type_=Uuid),
        t.residents.c.id == bindparam("id", type_=Uuid),
    )
)


_CLIENT_NAMES = Statement(
    select(t.clients.c.id, t.clients.c.client_id, t.clients.c.name).where(
        t.clients.c.municipality_id == bindparam("municipality_id", type_=Uuid)
    )
)
_MUNICIPALITY_NAME = Statement(
    select(t.municipalities.c.name).where(
        t.municipalities.c.municipality_id == bindparam("municipality_id", type_=Uuid)
    )
)
_REGISTERED = Statement(
    select(t.processing_activities, t.clients.c.name)
    .join(
        t.clients,
        (t.clients.c.municipality_id == t.processing_activities.c.municipality_id)
        & (t.clients.c.id == t.processing_activities.c.client_id),
    )
    .where(t.clients.c.municipality_id == bindparam("municipality_id", type_=Uuid))
)
_MET = Statement(
    union(
        *(
            select(table.c.worker_id).where(
                table.c.municipality_id == bindparam("municipality_id", type_=Uuid),
                table.c.resident_id == bindparam("resident_id", type_=Uuid),
                table.c.deleted_at.is_(None),
            )
            for table in (t.working_relationships, t.covers)
        )
    )
)


async def add_municipality(tx: Tx, code: str, name: str, now: datetime) -> None:
    await tx.run(_MUNICIPALITY, code=code, name=name, created_at=now)


async def add_client(tx: Tx, row_id: UUID, client_id: str, name: str, now: datetime) -> None:
    await tx.run(_CLIENT, id=row_id, client_id=client_id, name=name, created_at=now)


async def add_activity(tx: Tx, client: UUID, purpose: Purpose, activity: Activity) -> None:
    await tx.run(
        _ACTIVITY,
        client_id=client,
        purpose=purpose.value,
        activity=activity.uri,
        legal_basis=activity.legal_basis,
        categories=sorted(activity.categories),
        special_basis=activity.special_basis,
    )


async def add_person(tx: Tx, person_id: UUID, key_id: UUID, now: datetime) -> None:
    await tx.run(_PERSON, id=person_id, key_id=key_id, created_at=now)


async def add_identity(tx: Tx, subject_hash: bytes, role: Role, person_id: UUID, role_id: UUID, now: datetime) -> None:
    values = {"subject_hash": subject_hash, "role": role.value, "person_id": person_id, "role_id": role_id}
    await tx.run(_IDENTITY, created_at=now, **values)


async def person_of_resident(tx: Tx, resident_id: UUID) -> UUID:
    """For setting up a log-in. Raises Hidden if there is no such resident."""
    row = await tx.row(_OWNER_OF, id=resident_id)
    if row is None:
        raise Hidden("no_such_resident")
    return row["owner_id"]  # type: ignore[no-any-return]


async def add_worker(tx: Tx, worker: Worker) -> None:
    row = await tx.row(_KEY_OF, id=worker.person_id)
    cipher = await tx.keys.cipher(tx.municipality_id, row["key_id"])
    sealed = cipher.seal({name: getattr(worker, name) for name in _SEALED}, _place(tx, worker.person_id, worker))
    await tx.run(
        _WORKER,
        id=worker.id,
        owner_id=worker.person_id,
        version=worker.version,
        created_at=worker.created_at,
        changed_at=worker.changed_at,
        sealed=sealed,
    )


async def workers(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Worker]:
    """Those of `ids` that exist in this municipality and can be read."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    return {worker.id: worker for worker in await _load(tx, await tx.rows(_SOME, ids=wanted))}


async def worker(tx: Tx, worker_id: UUID) -> Worker:
    found = await workers(tx, (worker_id,))
    if worker_id not in found:
        raise Hidden("no_such_worker")
    return found[worker_id]


async def worker_page(tx: Tx, edge: UUID | None, limit: int, *, backwards: bool) -> list[Worker]:
    rows = await tx.rows(_BACKWARD if backwards else _FORWARD, edge=edge, limit=limit)
    return await _load(tx, rows[::-1] if backwards else rows)


async def met(tx: Tx, resident_id: UUID) -> frozenset[UUID]:
    """The workers whom this resident knows: those of a working relationship or a cover, ended ones included."""
    return frozenset(row["worker_id"] for row in await tx.rows(_MET, resident_id=resident_id))


async def client_names(tx: Tx) -> dict[UUID, str]:
    """What the registered clients of this municipality are called, by their id here."""
    return {row["id"]: row["name"] for row in await tx.rows(_CLIENT_NAMES)}


async def called(tx: Tx, parties: Sequence[Consent]) -> list[str]:
    """What the party of each of these consents is called; empty for one that can't be read."""
    worker_ids = (each.party_id for each in parties if each.party_id and each.party_type is PartyType.WORKER)
    names = {worker.id: worker.display_name for worker in (await workers(tx, worker_ids)).values()}
    if any(each.party_type is PartyType.SYSTEM for each in parties):
        names |= await client_names(tx)
    return [names.get(each.party_id, "") if each.party_id else MY_WORKERS for each in parties]


async def municipality_name(tx: Tx) -> str:
    return str((await tx.row(_MUNICIPALITY_NAME))["name"])


async def names_by_client_id(tx: Tx) -> dict[str, str]:
    """The same, by the client_id of their tokens."""
    return {row["client_id"]: row["name"] for row in await tx.rows(_CLIENT_NAMES)}


async def activities(tx: Tx) -> list[Registered]:
    """What this municipality has registered, per client."""
    rows = await tx.rows(_REGISTERED)
    return [Registered(activity_of(row), Purpose(row["purpose"]), row["name"], row["client_id"]) for row in rows]


async def _load(tx: Tx, rows: list[Any]) -> list[Worker]:
    ciphers = await tx.keys.ciphers(tx.municipality_id, [row["key_id"] for row in rows])
    found = [_worker(tx, row, ciphers[row["key_id"]]) for row in rows if row["key_id"] in ciphers]
    return [worker for worker in found if worker is not None]


def _worker(tx: Tx, row: Any, cipher: Cipher) -> Worker | None:
    """None if the content does not open here."""
    place = context(tx.municipality_id, row["owner_id"], "workers", "sealed", row["id"], row["version"])
    try:
        content = cipher.open(row["sealed"], place)
    except Unreadable:
        return None
    return Worker(
        id=row["id"],
        person_id=row["owner_id"],
        version=row["version"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        **content,
    )


def _place(tx: Tx, owner: UUID, worker: Worker) -> bytes:
    return context(tx.municipality_id, owner, "workers", "sealed", worker.id, worker.version)
