"""Cover (waarneming): who stands in for a worker during leave. A deputy does the worker's work for a while; what the
resident gave to that worker alone stays with that worker."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from support_api.domain.errors import NotYours, RuleBroken
from support_api.domain.resource import Item, Resource, moved
from support_api.domain.vocabulary import Category
from support_api.domain.working_relationships import WorkingRelationship

LONGEST = timedelta(weeks=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Item):
    """`worker_id` is the deputy. A cover has no number of its own: it is the relationship's."""

    working_relationship_id: UUID
    worker_id: UUID
    starts_at: datetime
    ends_at: datetime

    def active(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    def guard_start(self, relationship: WorkingRelationship, by: UUID, now: datetime) -> None:
        """Raises RuleBroken, and NotYours for oneself: nobody grants themself access (access.md)."""
        if self.worker_id == by:
            raise NotYours("assigning_oneself", self.resident_id)
        if relationship.ended_at is not None and relationship.ended_at <= now:
            raise RuleBroken("relationship_ended", self.resident_id)
        if self.worker_id == relationship.worker_id:
            raise RuleBroken("cover_of_oneself", self.resident_id)
        if not max(now, self.starts_at) < self.ends_at <= self.starts_at + LONGEST:
            raise RuleBroken("cover_period", self.resident_id)

    def end(self, now: datetime) -> "Cover":
        """The deputy's access stops with it at once. Raises RuleBroken if it is over already."""
        if self.ends_at <= now:
            raise RuleBroken("cover_ended", self.resident_id)
        return replace(moved(self, now), ends_at=max(now, self.starts_at))


COVERS: Resource[Cover] = Resource(
    "covers", "waarnemingen", Cover, lambda _: Category.RELATIONSHIP, (Category.RELATIONSHIP,)
)
