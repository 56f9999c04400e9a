"""Recall (terugroeping): what a system has received of what is no longer shared, and what it does with that (B.7)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from support_api.domain.errors import RuleBroken
from support_api.domain.resource import Item, Resource, moved, sealed
from support_api.domain.vocabulary import Category, Term

ANSWER_WITHIN = timedelta(days=14)


class RecallAnswer(Term, dutch="antwoord op een terugroeping"):
    """What a system did with what it had received."""

    DELETED = "deleted", "gewist"
    KEPT = "kept_with_legal_basis", "bewaard op grond van de wet", "kept on a legal basis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Item):
    """Ids and kinds only: the system gets no hint of the content that it may no longer read."""

    consent_id: UUID
    system_id: UUID
    categories: tuple[Category, ...]
    object_ids: tuple[UUID, ...]
    answer_by: datetime
    answer: RecallAnswer | None = None
    answered_at: datetime | None = None
    legal_basis: str | None = sealed(default=None)
    reason: str | None = sealed(default=None)

    def answered(self, answer: RecallAnswer, legal_basis: str | None, reason: str | None, now: datetime) -> "Recall":
        """Once; also after `answer_by`, for late is better than never. Raises RuleBroken."""
        if self.answer is not None:
            raise RuleBroken("recall_answered", self.resident_id)
        return replace(moved(self, now), answer=answer, answered_at=now, legal_basis=legal_basis, reason=reason)


RECALLS: Resource[Recall] = Resource(
    "recalls", "terugroepingen", Recall, lambda _: Category.CONSENT, (Category.CONSENT,)
)
