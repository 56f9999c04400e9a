"""The demo's people as the service meets them below the wire, and items of Fien in every shape."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from support_api.db import facts
from support_api.db.tx import Tx
from support_api.demo import cast
from support_api.demo.issuer import ISSUER
from support_api.domain.access import Access, decide
from support_api.domain.baggage_notes import BAGGAGE_NOTES, BaggageKind, ExistenceHint
from support_api.domain.facts import Facts, Me, Principal, Subject
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitKind
from support_api.domain.resource import Resource, SharedItem
from support_api.domain.vocabulary import Assurance, Confirmation, Purpose, Role, Visibility
from support_api.http.auth import subject_hash
from support_api.services import residents
from support_api.services.work import Work
from tests.conftest import World
from tests.make import added

TOWN = cast.VOORBEELDSTAD.id
NOW = datetime.now(UTC)
Shape = tuple[Visibility, Confirmation, tuple[Role, UUID], UUID | None]


@dataclass(frozen=True)
class Kind:
    """A shared resource, with the fields of its own that change who sees it."""

    res: Resource[Any]
    variants: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return self.res.name


PORTRAIT = {"kind": PortraitKind.JOY, "text": "Als het hele huis naar soep ruikt."}
BAGGAGE = tuple(
    {"kind": kind, "tell_myself": tell, "existence_hint": hint, "short_version": "Alles is gaan schuiven."}
    for kind, tell, hint in product(BaggageKind, (False, True), ExistenceHint)
)
KINDS = [Kind(PORTRAIT_ITEMS, (PORTRAIT,)), Kind(BAGGAGE_NOTES, BAGGAGE)]


def principal(world: World, name: str, role: Role | None = None) -> Principal:
    person = world.person(name)
    acting = role or Role(person.role)
    town = UUID(person.municipality_id)
    subject = subject_hash(world.ring, town, ISSUER, name)
    scopes = frozenset(cast.ROLE_SCOPES[acting])
    return Principal(town, acting, subject, person.client_id, scopes, Assurance.SUBSTANTIAL)


@asynccontextmanager
async def inside(world: World) -> AsyncIterator[Tx]:
    async with world.database() as database, database.transaction(TOWN) as tx:
        yield tx


def fien_id(world: World) -> UUID:
    return UUID(world.person("fien").resident_id)


async def me(tx: Tx, world: World, name: str) -> Me:
    found = await facts.who(tx, principal(world, name))
    assert found is not None
    return found


async def own_access(tx: Tx, world: World, resident_id: UUID) -> Access:
    """That of the resident themself, whoever it is."""
    subject = (await facts.load(tx, principal(world, "greet"), resident_id)).resident
    assert subject is not None
    return as_resident(world, subject)


def as_resident(world: World, subject: Subject) -> Access:
    return decide(principal(world, "fien"), Facts(Me(subject.id, None), subject), None, NOW)


async def another_resident(tx: Tx, world: World) -> UUID:
    """Mies, in the same town."""
    greet = principal(world, "greet")
    work = Work(tx, greet, Purpose.SUPPORT, None, NOW, uuid7(), uuid7)
    return (await residents.create(work, {"call_name": "Mies"}))[1].id


def shapes(resident: UUID, workers: tuple[UUID, ...], random: Random) -> list[Shape]:
    """Every visibility, confirmation, author and worker meant; and more of those that somebody may well see."""
    authors = ((Role.RESIDENT, resident), *((Role.WORKER, worker) for worker in workers))
    every = list(product(Visibility, Confirmation, authors, (None, *workers)))
    settled = [each for each in every if each[1] is Confirmation.CONFIRMED and each[0] is not Visibility.ONLY_ME]
    return every + random.choices(settled, k=56)


async def fill(tx: Tx, access: Access, kind: Kind, made: list[Shape]) -> list[SharedItem]:
    stored = []
    for number, (visibility, confirmation, author, worker) in enumerate(made):
        item = kind.res.cls(
            id=uuid7(),
            resident_id=access.resident_id,
            created_at=NOW,
            changed_at=NOW,
            author_role=author[0],
            author_id=author[1],
            visibility=visibility,
            worker_id=worker,
            confirmation=confirmation,
            **kind.variants[number % len(kind.variants)],
        )
        stored.append(await added(tx, access, kind.res, item))
    return stored
