"""What a list can be narrowed to, as conditions of SQL: values of columns, and what follows from several of them."""

from typing import Any

from sqlalchemy import Table, Text, Uuid, and_, bindparam, case, func, literal, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from support_api.domain.consents import ENDING, ConsentStatus

S = ConsentStatus


def condition(table: Table, name: str) -> ColumnElement[bool]:
    """`among` takes ids, `theirs` those of workers and of items; every other name is that of a column, and takes the
    value that it has now."""
    if name == "among":
        return table.c.id == func.any(bindparam("among", type_=ARRAY(Uuid)))
    if name == "theirs":
        theirs = bindparam("theirs", type_=ARRAY(Uuid))
        return or_(table.c.worker_id == func.any(theirs), table.c.id == func.any(theirs))
    if (table.name, name) == ("consents", "status"):
        return _status(table) == bindparam("status", type_=Text)
    return table.c[name] == bindparam(name, type_=table.c[name].type)


def _status(table: Table) -> ColumnElement[Any]:
    """The SQL twin of Consent.state."""
    c, now = table.c, bindparam("now", type_=table.c.valid_until.type)
    expired = literal(S.EXPIRED.value)
    lapsed = and_(c.status == literal(S.PROPOSED.value), c.created_at <= bindparam("lapsed", type_=now.type))
    ended = and_(c.status.in_([literal(each.value) for each in ENDING]), c.valid_until <= now)
    return case((lapsed, expired), (ended, expired), else_=c.status)
