"""Finding a resident by a number or address: keyed hash → id, and nothing more; then `enter` decides."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from support_api.db.statements import Statement
from support_api.db.tables import lookups
from support_api.db.tx import Tx
from support_api.domain.access import Access
from support_api.domain.errors import RuleBroken
from support_api.domain.residents import Identifier, IdentifierSystem

_c = lookups.c
_FIND = Statement(
    select(_c.resident_id).where(
        _c.municipality_id == bindparam("municipality_id", type_=Uuid),
        _c.kind == bindparam("kind", type_=Text),
        _c.value_hash == bindparam("value_hash", type_=_c.value_hash.type),
    )
)
_PUT = Statement(
    insert(lookups).values({c.name: bindparam(c.name, type_=c.type) for c in lookups.c}).on_conflict_do_nothing()
)
_CLEAR = Statement(
    delete(lookups).where(
        _c.municipality_id == bindparam("municipality_id", type_=Uuid),
        _c.resident_id == bindparam("resident_id", type_=Uuid),
    )
)


async def find(tx: Tx, system: IdentifierSystem, value: str) -> UUID | None:
    row = await tx.row(_FIND, kind=system.value, value_hash=_hash(tx, system, value))
    return row["resident_id"] if row else None


async def guard_free(tx: Tx, identifiers: tuple[Identifier, ...]) -> None:
    """Raises RuleBroken like `put`, before anything is stored where this transaction can't take it back."""
    for identifier in identifiers:
        if (whose := await find(tx, identifier.system, identifier.value)) is not None:
            raise RuleBroken("identifier_in_use", whose)


async def put(tx: Tx, access: Access, identifiers: tuple[Identifier, ...]) -> None:
    """Raises RuleBroken if the number already belongs to somebody in this municipality."""
    for identifier in identifiers:
        values: dict[str, Any] = {
            "kind": identifier.system.value,
            "value_hash": _hash(tx, identifier.system, identifier.value),
            "resident_id": access.resident_id,
        }
        if await tx.run(_PUT, **values) != 1:
            raise RuleBroken("identifier_in_use", await find(tx, identifier.system, identifier.value))


async def replace(tx: Tx, access: Access, identifiers: tuple[Identifier, ...]) -> None:
    await tx.run(_CLEAR, resident_id=access.resident_id)
    await put(tx, access, identifiers)


def _hash(tx: Tx, system: IdentifierSystem, value: str) -> bytes:
    plain = value.strip().lower() if system is IdentifierSystem.EMAIL else value
    return tx.keys.hash(f"lookup:{system.value}", tx.municipality_id, plain.encode())
