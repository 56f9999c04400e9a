"""Working relationship (werkrelatie): the centre of the product. Not the case but the people who work together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from support_api.domain.errors import RuleBroken
from support_api.domain.resource import Item, Resource, sealed
from support_api.domain.vocabulary import Category, Duty, Term


class EndReason(Term, dutch="reden van einde"):
    """Why a working relationship ended."""

    HANDOVER = "handover", "overdracht"
    GOAL_REACHED = "goal_reached", "het is gelukt", "it worked out"
    RESIDENT_ASKED_OTHER = "resident_asked_other", "de inwoner vroeg om een ander", "the resident asked for another"
    WORKER_LEFT = "worker_left", "de medewerker is vertrokken", "the worker left"
    REORGANISATION = "reorganisation", "reorganisatie"
    OTHER = "other", "anders"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingRelationship(Item):
    """`ordinal` is computed, never stored: which number this worker is for the resident, imported ones counted."""

    worker_id: UUID
    duties: tuple[Duty, ...]
    started_at: datetime
    ended_at: datetime | None = None
    primary: bool = False
    external_id_hash: bytes | None = None
    function: str = sealed()
    end_reason: EndReason | None = sealed(default=None)

    def active(self, now: datetime) -> bool:
        return self.started_at <= now and (self.ended_at is None or now < self.ended_at)

    def guard_start(self, others: Iterable["WorkingRelationship"]) -> None:
        """Nobody is registered twice for the same work, also not for later. Raises RuleBroken."""
        if any(other.ended_at is None and set(other.duties) & set(self.duties) for other in others):
            raise RuleBroken("relationship_active")

    def end(self, now: datetime, reason: EndReason) -> "WorkingRelationship":
        """Access stops with it at once. Raises RuleBroken if it has ended already."""
        if self.ended_at is not None:
            raise RuleBroken("relationship_ended")
        return replace(
            self,
            ended_at=max(now, self.started_at),
            end_reason=reason,
            version=self.version + 1,
            changed_at=now,
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """Enough of a relationship to count: who, and since when."""

    id: UUID
    worker_id: UUID
    started_at: datetime
    ended_at: datetime | None = None


def ordinals(imported: int, meetings: Iterable[Meeting]) -> dict[UUID, int]:
    """The number of each worker, by when the resident first met them. A worker who returns keeps the number."""
    number: dict[UUID, int] = {}
    by_relationship: dict[UUID, int] = {}
    for meeting in sorted(meetings, key=lambda m: (m.started_at, m.id)):
        by_relationship[meeting.id] = number.setdefault(meeting.worker_id, imported + len(number) + 1)
    return by_relationship


def ordinal_sentence(ordinal: int, call_name: str, *, deputy: bool = False) -> str:
    """A deputy has no number of their own."""
    nth = "1e" if ordinal == 1 else f"{ordinal}e"
    if deputy:
        return f"Je neemt waar voor de {nth} medewerker die {call_name} ontmoet."
    return f"Je bent de {nth} medewerker die {call_name} ontmoet."


WORKING_RELATIONSHIPS: Resource[WorkingRelationship] = Resource(
    "working-relationships",
    "werkrelaties",
    WorkingRelationship,
    lambda _: Category.RELATIONSHIP,
    (Category.RELATIONSHIP,),
)
