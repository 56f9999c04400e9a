"""What a resource is: its name in every layer, and which of its fields are structure and which are content."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from support_api.domain.errors import RuleBroken
from support_api.domain.vocabulary import Category, Confirmation, Role, Visibility

T = TypeVar("T", bound="Item")


def sealed(**kwargs: Any) -> Any:
    """A field with something personal or in someone's words: stored encrypted, with the others, in one document."""
    return field(metadata={"sealed": True}, **kwargs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every stored thing about a resident has."""

    id: UUID
    resident_id: UUID
    version: int = 1
    created_at: datetime
    changed_at: datetime
    author_role: Role
    author_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedItem(Item):
    """An item that the resident shows to some and not to others.

    `worker_id` is who `this_worker` means. Recorded by somebody else it stays with the recorder and
    the resident until the resident confirms it (INV-07).
    """

    visibility: Visibility = Visibility.ONLY_ME
    worker_id: UUID | None = None
    confirmation: Confirmation = Confirmation.CONFIRMED

    @property
    def settled(self) -> bool:
        """Whether the resident stands behind it."""
        return self.confirmation in (Confirmation.CONFIRMED, Confirmation.CONFIRMED_WITH_CHANGES)

    @property
    def withheld(self) -> bool:
        """Whether the resident would rather tell it themself: no consent opens it."""
        return False

    @property
    def hinted(self) -> bool:
        """Whether somebody who could have read it, if it were not withheld, may know that there is something."""
        return False

    def guard_decided(self) -> None:
        """Until the resident has decided, the recorder reads this: nothing of the resident's comes into it before.
        Raises RuleBroken."""
        if self.confirmation is Confirmation.AWAITING:
            raise RuleBroken("decide_first")


I = TypeVar("I", bound=Item)  # noqa: E741


def moved(item: I, now: datetime) -> I:
    """The item as its next version."""
    return replace(item, version=item.version + 1, changed_at=now)


@dataclass(frozen=True)
class Resource(Generic[T]):
    """`name` is the plural noun of all layers and of the wire; `category` says what a consent must cover.

    A resource of more than one category says by `kind` which rows belong to which; `withheld_by` is the open field that
    says that the resident would rather tell it themself.
    """

    name: str
    dutch: str
    cls: type[T]
    category: Callable[[T], Category]
    categories: tuple[Category, ...]
    kinds_of: tuple[tuple[Category, tuple[str, ...]], ...] = ()
    withheld_by: str | None = None

    @cached_property
    def sealed_fields(self) -> tuple[str, ...]:
        return tuple(f.name for f in fields(self.cls) if f.metadata.get("sealed"))

    @cached_property
    def open_fields(self) -> tuple[str, ...]:
        return tuple(f.name for f in fields(self.cls) if not f.metadata.get("sealed"))

    def kinds(self, category: Category) -> tuple[str, ...] | None:
        return dict(self.kinds_of).get(category)

    @property
    def singular(self) -> str:
        """Of access there is no plural."""
        one = self.name if self.name.endswith("ss") else self.name.removesuffix("s")
        return one.replace("-", "_")
