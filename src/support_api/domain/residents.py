"""Resident (inwoner): can exist with a call name and one way to be reached (S2-05)."""

from dataclasses import dataclass, replace
from typing import Any

from support_api.domain.errors import NotYours
from support_api.domain.resource import Item, Resource, sealed
from support_api.domain.vocabulary import Category, ResidentStatus, Role, Term


class Channel(Term, dutch="kanaal"):
    """A way to reach the resident."""

    APP = "app", "appen", "text message"
    PHONE = "phone", "bellen", "phone call"
    EMAIL = "email", "e-mailen", "e-mail"
    LETTER = "letter", "een brief", "letter"
    VISIT = "visit", "langskomen", "visit"


class IdentifierSystem(Term, dutch="soort nummer of adres", source="Wabb (bsn); Support API"):
    """What kind of number or address somebody can be found by."""

    BSN = "bsn", "burgerservicenummer", "citizen service number (BSN)"
    EMAIL = "email", "e-mailadres", "e-mail address"
    EXTERNAL = "external_id", "kenmerk in een ander systeem", "id in another system"


class Proof(Term, dutch="controle van een nummer"):
    """How a number or address was checked."""

    NONE = "none", "niet gecontroleerd", "not checked"
    DIGID = "digid", "via DigiD", "by DigiD"
    DOCUMENT = "document", "met identiteitsbewijs", "with an identity document"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPreference:
    channel: Channel
    note: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """`value` is stored sealed and looked up through a keyed hash; it never leaves the service."""

    system: IdentifierSystem
    value: str
    proof: Proof = Proof.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident(Item):
    """`imported_workers` counts those of before this service; the resident says whether that number is right."""

    status: ResidentStatus = ResidentStatus.ACTIVE
    imported_workers: int = 0
    call_name: str = sealed()
    official_name: str | None = sealed(default=None)
    birth_date: str | None = sealed(default=None)
    address_as: str | None = sealed(default=None)
    language: str = sealed(default="nl")
    contact_preferences: tuple[ContactPreference, ...] = sealed(default=())
    identifiers: tuple[Identifier, ...] = sealed(default=())
    imported_source: str | None = sealed(default=None)
    imported_agreed: bool | None = sealed(default=None)

    def guard_change(self, role: Role, changed: set[str]) -> None:
        """The number of earlier workers is agreed by the resident alone. Identifiers are recorded by who checked them:
        a resident who could take another's number would take their log-in."""
        theirs = {"imported_agreed"} if role is not Role.RESIDENT else {"identifiers", "imported_workers"}
        if changed & theirs:
            raise NotYours("not_yours_to_change", self.id)

    def change(self, changes: dict[str, Any]) -> "Resident":
        """Another number of earlier workers is one that the resident has not agreed to."""
        new = replace(self, **changes)
        return new if new.imported_workers == self.imported_workers else replace(new, imported_agreed=None)


RESIDENTS: Resource[Resident] = Resource(
    "residents", "inwoners", Resident, lambda _: Category.IDENTITY_CONTACT, (Category.IDENTITY_CONTACT,)
)
