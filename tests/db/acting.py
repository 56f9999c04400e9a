"""Doing something as one of the demo's people without HTTP: their principal, their access, their tokens' owners."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from support_api.db import directory, facts
from support_api.db.tx import Database, Tx
from support_api.demo.cast import ROLE_SCOPES
from support_api.demo.issuer import ISSUER
from support_api.domain.access import Access, decide
from support_api.domain.facts import Principal
from support_api.domain.vocabulary import Assurance, Purpose, Role, Scope
from support_api.http.auth import subject_hash
from support_api.services import residents
from support_api.services.work import Work
from tests.conftest import World
from tests.make import UNKNOWN

R = TypeVar("R")
EVERY_SCOPE = {"scope": " ".join(scope.value for scope in Scope)}


def municipality_of(world: World, name: str) -> UUID:
    return UUID(world.person(name).municipality_id)


def principal(world: World, name: str) -> Principal:
    person, place = world.person(name), municipality_of(world, name)
    role = Role(person.role)
    subject = subject_hash(world.ring, place, ISSUER, name)
    return Principal(place, role, subject, person.client_id, frozenset(ROLE_SCOPES[role]), Assurance.SUBSTANTIAL)


def purpose(world: World, name: str) -> Purpose | None:
    return None if world.person(name).role == Role.RESIDENT else Purpose.SUPPORT


async def access(world: World, tx: Tx, name: str, resident_id: UUID) -> Access:
    who = principal(world, name)
    return decide(who, await facts.load(tx, who, resident_id), purpose(world, name), datetime.now(UTC))


async def act(world: World, database: Database, name: str, use: Callable[[Work], Awaitable[R]]) -> R:
    """One use case, as the edge would run it, but for the trail."""
    who = principal(world, name)
    async with database.transaction(who.municipality_id) as tx:
        return await use(Work(tx, who, purpose(world, name), None, datetime.now(UTC), uuid7(), uuid7))


async def new_resident(world: World, name: str) -> str:
    """Another resident of Greet's municipality, whose token's subject is that name."""
    greet = municipality_of(world, "greet")

    async def create(work: Work) -> UUID:
        resident = (await residents.create(work, {"call_name": name}))[1]
        subject = subject_hash(world.ring, greet, ISSUER, name)
        person = await directory.person_of_resident(work.tx, resident.id)
        await directory.add_identity(work.tx, subject, Role.RESIDENT, person, resident.id, work.now)
        return resident.id

    async with world.database() as database:
        return str(await act(world, database, "greet", create))


async def path_of(world: World, template: str) -> str:
    """With Fien's own ids: the first row of the table that a parameter is named after, or an unknown one."""
    fien = UUID(world.person("fien").resident_id)
    path = template.replace("{residentId}", str(fien))
    while "{" in path:
        name = path[path.index("{") + 1 : path.index("}")]
        one = "".join(f"_{c.lower()}" if c.isupper() else c for c in name.removesuffix("Id"))
        table = one if one.endswith("s") else f"{one}s"
        column = "id"
        if table == "receipts":  # derived from a consent's versions
            table, column = "consents", "receipt_id as id"
        rows = await world.sql(f"select {column} from support.{table} where resident_id = $1 order by id limit 1", fien)
        path = path.replace(f"{{{name}}}", str(rows[0]["id"]) if rows else UNKNOWN)
    return path
