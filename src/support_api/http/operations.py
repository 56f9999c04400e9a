"""An operation: one method on one path, all that the edge, the router and the contract know of it.

Closed by default: an operation without an action and a scope can't be made, and a route without an operation does not
exist.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from support_api.db.store import Page, Window
from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.vocabulary import Assurance, Category, Scope
from support_api.http import cursors
from support_api.http.wire import Body, ListQuery, PageQuery, PageView, Query, View
from support_api.services.work import Work


class About(Enum):
    """Whose data an operation is about: decides whether a purpose must be stated."""

    SELF = "the caller"
    RESIDENT = "a resident"
    HOUSE = "the municipality's own workers"


@dataclass(frozen=True, slots=True)
class Answer:
    view: View | None
    version: int | None = None
    object_id: UUID | None = None
    location: str | None = None
    existed: bool = False


@dataclass(slots=True)
class Call:
    """One request as its use case sees it: everything checked, nothing of HTTP left but the cursor and the tag."""

    work: Work
    path: str
    ids: dict[str, UUID]
    body: Any
    query: Any
    version: int
    tag: str | None
    cursor_key: bytes
    base: str

    @property
    def resident_id(self) -> UUID:
        return self.ids["residentId"]

    def window(self) -> Window:
        query: ListQuery = self.query
        counted = isinstance(query, PageQuery) and query.count
        if query.cursor is None:
            return Window(limit=query.limit, count=counted)
        edge, backwards = cursors.read(self.cursor_key, self._place(), query.cursor)
        item = cursors.item_edge(edge)
        return Window(
            limit=query.limit,
            after=None if backwards else item,
            before=item if backwards else None,
            count=counted,
        )

    def page(self, page: Page[Any], view: type[PageView], results: list[View]) -> PageView:
        first, last = page.edges or ((page.items[0].id, page.items[-1].id) if page.items else (None, None))
        return view(
            results=tuple(results),
            next=self.link(last.bytes, backwards=False) if page.has_next and last else None,
            previous=self.link(first.bytes, backwards=True) if page.has_previous and first else None,
            count=page.count,
        )

    def link(self, edge: bytes, *, backwards: bool) -> str:
        cursor = cursors.make(self.cursor_key, self._place(), edge, backwards=backwards)
        limit = f"&limit={self.query.limit}" if self.query.limit != 25 else ""
        return f"{self.base}{self.path}?cursor={cursor}{limit}{self._narrowed()}"

    def edge(self) -> bytes | None:
        """Where to go on in a list that only goes forward."""
        if self.query.cursor is None:
            return None
        return cursors.read(self.cursor_key, self._place(), self.query.cursor)[0]

    def _narrowed(self) -> str:
        """What the list is narrowed to, so that the next page is of the same list."""
        return "".join(f"&{name}={value}" for name, value in self.query.narrowing().items())

    def _place(self) -> bytes:
        return cursors.place(self.work.principal, self.path)


UseCase = Callable[[Call], Awaitable[Answer]]
Replay = Callable[[Call, UUID, int], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`creates`: answers 201 (or 200 for what `may_exist`), needs an Idempotency-Key. `conditional`: needs If-Match.
    `categories`: what it is about, if that may be closed to a program by the register.
    `searches`: looks up a person by number or address, within a limit of its own.
    `replay` answers a repeated request: a search changes nothing and simply runs again."""

    name: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    tag: str
    summary: str
    action: Action
    scope: Scope
    about: About
    use: UseCase
    answer: type[View] | None = None
    body: type[Body] | None = None
    query: type[Query] | None = None
    creates: bool = False
    may_exist: bool = False
    conditional: bool = False
    replay: Replay | None = None
    assurance: Assurance = Assurance.LOW
    searches: bool = False
    categories: tuple[Category, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.action, Action) or not isinstance(self.scope, Scope):
            raise TypeError(f"{self.name}: an operation declares its action and its scope")
        if self.keyed and self.replay is None and not self.searches:
            raise TypeError(f"{self.name}: what changes something must say how it answers a repeated request")

    @property
    def status(self) -> int:
        return 201 if self.creates else 200 if self.answer else 204

    @property
    def media_types(self) -> tuple[str, ...]:
        if self.method == "PATCH":
            return ("application/merge-patch+json", "application/json")
        return ("application/json",)

    @property
    def parameters(self) -> list[str]:
        """Names of the ids in the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def keyed(self) -> bool:
        return self.method == "POST"


Render = Callable[[Access, Any], View]
