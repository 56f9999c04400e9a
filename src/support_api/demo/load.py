"""Loads the demo through the same use cases that the API calls: every act has its actor, its decision and its entry in
the trail."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from support_api.db import audit, directory, store
from support_api.db.tx import Database, Tx
from support_api.demo import cast
from support_api.demo.cast import Actor, Town
from support_api.demo.issuer import ISSUER
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.baggage_notes import BAGGAGE_NOTES
from support_api.domain.consent_terms import ConsentHow
from support_api.domain.consents import ConsentDecision
from support_api.domain.facts import Principal
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitKind
from support_api.domain.residents import Channel, ContactPreference, Identifier, IdentifierSystem, Resident
from support_api.domain.resource import Resource, T
from support_api.domain.vocabulary import Assurance, Category, Duty, PartyType, Purpose, Role, Visibility
from support_api.domain.working_relationships import EndReason
from support_api.http.auth import subject_hash
from support_api.services import (
    baggage_notes,
    briefings,
    consents,
    portrait_items,
    proposals,
    recalls,
    residents,
    setup,
    standard,
    working_relationships,
)
from support_api.services.work import Work

R = TypeVar("R")


@dataclass(frozen=True)
class Person:
    """What `token` needs to know to speak as somebody."""

    name: str
    role: str
    municipality: str
    municipality_id: str
    client_id: str
    resident_id: str | None = None
    working_relationship_id: str | None = None


class Loader:
    def __init__(self, setup_db: Database, serve_db: Database, now: datetime | None = None) -> None:
        self._setup, self._serve = setup_db, serve_db
        self._now = now or datetime.now(UTC)
        self._ids: dict[str, UUID] = {}

    async def load(self) -> list[Person]:
        fien, teuns = await self._voorbeeldstad()
        petra, roos = await self._petra(cast.VOORBEELDSTAD)
        abel, noors = await self._verzonnerdam()
        residents_ = {"fien": fien, "teun": fien, "sanne": fien, "noor": abel, "abel": abel}
        residents_ |= {"petra": petra, "roos": petra}
        relations = {"teun": teuns["teun"], "sanne": teuns["sanne"], "noor": noors, "roos": roos}
        return [
            Person(
                actor.name,
                actor.role.value,
                town.code,
                str(town.id),
                actor.client_id,
                str(residents_[actor.name]) if actor.name in residents_ else None,
                str(relations[actor.name]) if actor.name in relations else None,
            )
            for town in (cast.VOORBEELDSTAD, cast.VERZONNERDAM)
            for actor in town.actors
        ]

    async def _voorbeeldstad(self) -> tuple[UUID, dict[str, UUID]]:
        town = cast.VOORBEELDSTAD
        await self._set_up(town)
        fien = await self._resident(town, "greet", "fien", cast.FIEN, cast.FIEN_BSN, cast.IMPORTED_WORKERS)
        for kind, text in cast.FIEN_PORTRAIT:
            await self._tell(town, "fien", fien, kind, text, Visibility.MY_WORKERS)
        await self._tell(town, "fien", fien, PortraitKind.BARRIER, cast.FIEN_PRIVATE, Visibility.ONLY_ME)
        for note in cast.FIEN_BAGGAGE:
            await self._add(town, "fien", fien, BAGGAGE_NOTES, baggage_notes.build, note)
        relations = {}
        for name, started, ended in cast.EARLIER:
            relations[name] = await self._meet(town, "greet", fien, name, started, ended)
        relations["teun"] = await self._meet(town, "greet", fien, "teun", 1, None)
        await self._act(town, "fien", lambda work: briefings.approve(work, fien, relations["teun"], lambda _: True))
        return fien, relations

    async def _petra(self, town: Town) -> tuple[UUID, UUID]:
        """Three parties: the worker before, the worker now, and a system that had read before she withdrew."""
        petra = await self._resident(town, "greet", "petra", cast.PETRA, None, 0)
        await self._tell(town, "petra", petra, PortraitKind.STRENGTH, cast.PETRA_SHARED, Visibility.CUSTOM)
        for note in cast.PETRA_BAGGAGE:
            await self._add(town, "petra", petra, BAGGAGE_NOTES, baggage_notes.build, note)
        await self._meet(town, "greet", petra, "w3", 700, 40)
        roos = await self._meet(town, "greet", petra, "roos", 40, None)
        await self._give(town, petra, Purpose.HANDOVER, self._now - timedelta(days=300), timedelta(days=100))
        given = await self._give(town, petra, Purpose.SUPPORT, self._now, None)
        reads = Action.PORTRAIT_ITEM_LIST
        await self._act(
            town, "zaaksysteem", lambda work: standard.read_page(work, PORTRAIT_ITEMS, petra, store.Window(), reads)
        )
        withdrawn = await self._act(town, "petra", lambda work: consents.withdraw(work, petra, given))
        if withdrawn.seen.recall is None:
            raise RuntimeError("a withdrawal that asks nothing back")
        recall = withdrawn.seen.recall.id
        await self._act(town, "zaaksysteem", lambda work: recalls.answer(work, recall, cast.PETRA_KEPT))
        return petra, roos

    async def _give(
        self, town: Town, resident_id: UUID, purpose: Purpose, since: datetime, lasts: timedelta | None
    ) -> UUID:
        """To the case system: her portrait."""

        async def give(work: Work) -> UUID:
            work.now = since
            said = {
                "decision": ConsentDecision.PERMIT,
                "party_type": PartyType.SYSTEM,
                "party_id": self._ids["zaaksysteem"],
                "purpose": purpose,
                "categories": (Category.PORTRAIT,),
                "valid_until": since + lasts if lasts else None,
                "how": ConsentHow.SPOKEN,
                "informed_with": None,
            }
            return (await proposals.create(work, resident_id, said)).consent.id

        return await self._act(town, "petra", give)

    async def _verzonnerdam(self) -> tuple[UUID, UUID]:
        town = cast.VERZONNERDAM
        await self._set_up(town)
        abel = await self._resident(town, "lotte", "abel", cast.ABEL, None, 0)
        for kind, text in cast.ABEL_PORTRAIT:
            await self._tell(town, "abel", abel, kind, text, Visibility.MY_WORKERS)
        for note in cast.ABEL_BAGGAGE:
            await self._add(town, "abel", abel, BAGGAGE_NOTES, baggage_notes.build, note)
        return abel, await self._meet(town, "lotte", abel, "noor", 30, None)

    async def _set_up(self, town: Town) -> None:
        async with self._setup.transaction(town.id) as tx:
            await setup.add_municipality(tx, town.code, town.name, self._now)
            used = cast.activities(Purpose.SUPPORT, Purpose.HANDOVER, Purpose.COMPLAINT_OBJECTION, Purpose.EMERGENCY)
            await setup.add_client(tx, cast.FRONT_END, "Werkplek Voorbeeld", used, self._now)
            await setup.add_client(tx, cast.RESIDENT_PORTAL, "Mijn verhaal", {}, self._now)
            only = cast.activities(Purpose.SUPPORT)
            system = await setup.add_client(tx, cast.CASE_SYSTEM, "Zaaksysteem Voorbeeld", only, self._now)
            self._ids.setdefault("zaaksysteem", system)
            for actor in (*town.actors, *town.extra_workers):
                if actor.role not in (Role.RESIDENT, Role.EXTERNAL_SYSTEM):
                    await self._add_worker(tx, town, actor)

    async def _add_worker(self, tx: Tx, town: Town, actor: Actor) -> None:
        subject = subject_hash(tx.keys, town.id, ISSUER, actor.name)
        worker = await setup.add_worker(tx, actor.full_name, actor.function, actor.unit, actor.role, subject, self._now)
        self._ids[actor.name] = worker.id

    async def _resident(
        self, town: Town, by: str, name: str, said: dict[str, str], bsn: str | None, imported: int
    ) -> UUID:
        details: dict[str, Any] = {
            **said,
            "contact_preferences": (ContactPreference(channel=Channel.APP, note="eerst appen, na 10.00 uur"),),
            "identifiers": (Identifier(system=IdentifierSystem.BSN, value=bsn),) if bsn else (),
            "imported_workers": imported,
            "imported_source": "oud zaaksysteem" if imported else None,
            "imported_agreed": True if imported else None,
        }

        async def create(work: Work) -> Resident:
            return (await residents.create(work, details))[1]

        resident = await self._act(town, by, create)
        async with self._setup.transaction(town.id) as tx:
            subject = subject_hash(tx.keys, town.id, ISSUER, name)
            person = await directory.person_of_resident(tx, resident.id)
            await directory.add_identity(tx, subject, Role.RESIDENT, person, resident.id, self._now)
        return resident.id

    async def _tell(
        self, town: Town, name: str, resident_id: UUID, kind: object, text: str, visibility: Visibility
    ) -> None:
        said = {"kind": kind, "text": text, "visibility": visibility}
        await self._add(town, name, resident_id, PORTRAIT_ITEMS, portrait_items.build, said)

    async def _add(
        self,
        town: Town,
        name: str,
        resident_id: UUID,
        res: Resource[T],
        build: Callable[[Work, Access, dict[str, Any]], T],
        said: dict[str, Any],
    ) -> None:
        action = Action(f"{res.singular}:create")

        async def add(work: Work) -> None:
            await standard.create(work, res, resident_id, action, lambda access: build(work, access, dict(said)))

        await self._act(town, name, add)

    async def _meet(self, town: Town, by: str, resident_id: UUID, worker: str, started: int, ended: int | None) -> UUID:
        """`started` and `ended` are days before now."""
        said = {
            "worker_id": self._ids[worker],
            "duties": (Duty.SUPPORTS,),
            "started_at": self._now - timedelta(days=started),
            "function": "consulent",
            "primary": True,
        }

        async def start(work: Work) -> UUID:
            _, seen = await working_relationships.start(work, resident_id, said, None)
            return seen.relationship.id

        relationship = await self._act(town, by, start)
        if ended is not None:
            moment = self._now - timedelta(days=ended)

            async def end(work: Work) -> None:
                work.now = moment
                await working_relationships.end(work, resident_id, relationship, EndReason.HANDOVER)

            await self._act(town, by, end)
        return relationship

    async def _act(self, town: Town, name: str, use: Callable[[Work], Awaitable[R]]) -> R:
        actor = next(a for a in town.actors if a.name == name)
        subject = subject_hash(self._serve.keys, town.id, ISSUER, name)
        scopes = frozenset(cast.ROLE_SCOPES[actor.role])
        principal = Principal(town.id, actor.role, subject, actor.client_id, scopes, Assurance.SUBSTANTIAL)
        purpose = None if actor.role is Role.RESIDENT else Purpose.SUPPORT
        async with self._serve.transaction(town.id) as tx:
            activity = cast.activities(purpose)[purpose] if actor.role is Role.EXTERNAL_SYSTEM and purpose else None
            work = Work(tx, principal, purpose, activity, self._now, uuid7(), uuid7)
            result = await use(work)
            if work.recorded is None:
                raise RuntimeError("an act without a record")
            await audit.write(tx, uuid7(), work.recorded)
        return result
