"""Emergency access (noodtoegang): somebody without a working relationship reads how to reach a resident, for one hour,
says why, and is asked about it afterwards (INV-23)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from support_api.domain.errors import RuleBroken
from support_api.domain.facts import Facts
from support_api.domain.resource import Item, Resource, moved, sealed
from support_api.domain.vocabulary import Category, Term

LASTS = timedelta(hours=1)


class EmergencyOutcome(Term, dutch="oordeel over noodtoegang"):
    """What the privacy officer finds of it."""

    JUSTIFIED = "justified", "terecht"
    NOT_JUSTIFIED = "not_justified", "niet terecht", "not justified"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccess(Item):
    """The author is the worker whom it lets in, from `created_at` to `ends_at`."""

    ends_at: datetime
    outcome: EmergencyOutcome | None = None
    reviewed_at: datetime | None = None
    reason: str = sealed()
    words: str | None = sealed(default=None)

    def review(self, outcome: EmergencyOutcome, words: str, by: UUID, now: datetime) -> "EmergencyAccess":
        """Once, and by somebody else; what was not justified ends at once. Raises RuleBroken."""
        if self.outcome is not None:
            raise RuleBroken("emergency_reviewed", self.resident_id)
        if by == self.author_id:
            raise RuleBroken("emergency_own", self.resident_id)
        ends = self.ends_at if outcome is EmergencyOutcome.JUSTIFIED else min(self.ends_at, max(now, self.created_at))
        return replace(moved(self, now), outcome=outcome, words=words, reviewed_at=now, ends_at=ends)


def opened(facts: Facts, until: datetime, now: datetime) -> Facts:
    """The facts as they are once it is open. Raises RuleBroken for who works with the resident already."""
    known = facts.resident is not None and facts.resident.key_active
    if facts.resident and known and any(each.active(now) for each in facts.relations):
        raise RuleBroken("emergency_not_needed", facts.resident.id)
    return replace(facts, emergency_until=until)


EMERGENCY_ACCESS: Resource[EmergencyAccess] = Resource(
    "emergency-access", "noodtoegang", EmergencyAccess, lambda _: Category.ACCESS_LOG, (Category.ACCESS_LOG,)
)
