"""What a municipality says in its register: for which purpose a client processes what, on which legal basis."""

from dataclasses import dataclass
from uuid import UUID

from support_api.domain.grounds import SPECIAL
from support_api.domain.vocabulary import Category, Purpose


@dataclass(frozen=True, slots=True)
class Activity:
    """A processing activity (verwerkingsactiviteit) of one client for one purpose.

    `uri` in the public register; the law or ground that it rests on; which kinds of what residents tell it is for (none
    named: all); and the exception of GDPR art. 9 and 10 on which it touches special categories, if there is one.
    """

    uri: str
    legal_basis: str
    categories: frozenset[Category] = frozenset()
    special_basis: str | None = None

    @property
    def closed(self) -> frozenset[Category]:
        """What it shows nobody, whatever a resident permits. Without an exception nothing that may hold special data
        (GDPR art. 9(1))."""
        if self.special_basis is None:
            return SPECIAL
        return SPECIAL - self.categories if self.categories else frozenset()


@dataclass(frozen=True, slots=True)
class Registered:
    """An activity, what it is for, and the client: its name and its id here."""

    activity: Activity
    purpose: Purpose
    client: str
    client_id: UUID
