"""What the resident's decisions open and close of one category for one caller."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from support_api.domain.consents import Decision, deeper
from support_api.domain.resource import SharedItem
from support_api.domain.vocabulary import Category, Confirmation, Depth, Level, Visibility


@dataclass(frozen=True, slots=True)
class Refused:
    """What the resident's refusals of one category close: these items, or everything but those spared."""

    everything: bool = False
    spared: frozenset[UUID] = frozenset()
    items: frozenset[UUID] = frozenset()

    def covers(self, item_id: UUID) -> bool:
        return item_id in self.items or (self.everything and item_id not in self.spared)

    def and_also(self, refusal: Decision) -> "Refused":
        if refusal.only_items:
            return replace(self, items=self.items | refusal.only_items)
        spared = self.spared & refusal.except_items if self.everything else refusal.except_items
        return replace(self, everything=True, spared=spared)


@dataclass(frozen=True, slots=True)
class Grant:
    """What consents open and close of one category for this caller. The pure twin of the SQL that lists use."""

    never: bool
    worker_id: UUID | None
    recorder_id: UUID
    refused: Refused = Refused()
    full_refused: Refused = Refused()
    open_except: tuple[tuple[Depth, frozenset[UUID]], ...] = ()
    short_items: frozenset[UUID] = frozenset()
    full_items: frozenset[UUID] = frozenset()

    @property
    def opens(self) -> bool:
        """Whether anything of this category is left open at all."""
        if self.never:
            return False
        named = {item for item in self.short_items | self.full_items if not self.refused.covers(item)}
        left = not self.refused.everything or any(self.refused.spared - excepted for _, excepted in self.open_except)
        return bool(named) or (bool(self.open_except) and left)

    def admits(self, item: SharedItem) -> bool:
        """Visibility is the limit: whether the resident lets a party like this one in at all."""
        if item.visibility is Visibility.THIS_WORKER:
            return self.worker_id is not None and item.worker_id == self.worker_id
        if item.visibility is Visibility.MY_WORKERS:
            return self.worker_id is not None
        return item.visibility is Visibility.CUSTOM

    def closed(self, item_id: UUID) -> bool:
        """Gate C and the resident's refusals: vetoes, whatever else is permitted (INV-02)."""
        return self.never or self.refused.covers(item_id)

    def could_open(self, item: SharedItem) -> bool:
        """Whether nothing but a permit is missing."""
        return item.settled and self.admits(item) and not self.closed(item.id)

    def proposes(self, item: SharedItem) -> bool:
        """What a briefing puts before the resident: visible to a party like this one; never what needs a separate yes
        that was not given."""
        return self.could_open(item) and (item.visibility is not Visibility.CUSTOM or bool(self._permitted(item.id)))

    def level(self, item: SharedItem) -> Level:
        if item.confirmation is Confirmation.AWAITING and not self.closed(item.id):
            return Level.FULL if item.author_id == self.recorder_id else Level.NONE
        if not self.could_open(item):
            return Level.NONE
        permitted = self._permitted(item.id)
        if item.withheld and permitted:
            return Level.EXISTENCE if item.hinted else Level.NONE
        return permitted

    def _permitted(self, item_id: UUID) -> Level:
        depths = {depth for depth, excepted in self.open_except if item_id not in excepted}
        full = Depth.FULL in depths or item_id in self.full_items
        if full and not self.full_refused.covers(item_id):
            return Level.FULL
        return Level.SHORT if depths or full or item_id in self.short_items else Level.NONE


def granted(
    category: Category,
    decisions: Iterable[Decision],
    *,
    never: bool,
    short_only: bool,
    worker_id: UUID | None,
    recorder_id: UUID,
) -> Grant:
    """What these decisions say of the category. Whatever they say: `never` opens nothing of it, `short_only` not the
    whole of it."""
    full_category = deeper(category)
    refused, full_refused = Refused(), Refused(everything=short_only)
    opened: list[tuple[Depth, frozenset[UUID]]] = []
    short_items: set[UUID] = set()
    full_items: set[UUID] = set()
    for decision in decisions:
        covers_full = full_category in decision.categories
        if not (category in decision.categories or covers_full):
            continue
        if decision.permits:
            depth = decision.depth if covers_full else Depth.SHORT
            if decision.only_items:
                (full_items if depth is Depth.FULL else short_items).update(decision.only_items)
            else:
                opened.append((depth, decision.except_items))
        elif category in decision.categories:
            refused = refused.and_also(decision)
        else:
            full_refused = full_refused.and_also(decision)
    return Grant(
        never,
        worker_id,
        recorder_id,
        refused,
        full_refused,
        tuple(opened),
        frozenset(short_items),
        frozenset(full_items),
    )
