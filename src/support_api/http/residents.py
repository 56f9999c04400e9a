"""Residents on the wire."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from stdnum.nl import bsn

from support_api.domain.access import Access
from support_api.domain.actions import Action
from support_api.domain.residents import Channel, ContactPreference, Identifier, IdentifierSystem, Proof, Resident
from support_api.domain.vocabulary import Category, Level, ResidentStatus, Scope, Term
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import Body, Change, Line, Moment, View, mistake, only_if, said
from support_api.services import residents

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_BSN = re.compile(r"[0-9]{9}")
_LANGUAGE = r"^[a-z]{2,3}(-[A-Z]{2})?$"


def _partial_date(value: str) -> str:
    """A day, a month or a year, as far as known (BRP, FHIR date)."""
    date.fromisoformat(value + "-01" * (2 - value.count("-")))
    return value


PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"),
    AfterValidator(_partial_date),
    Field(json_schema_extra={"format": "partial-date"}),
]


class ContactPreferenceBody(Body, title="contactvoorkeur"):
    """A way to reach the resident, as it is recorded."""

    channel: Channel = said("kanaal", "How to reach the resident.", "app")
    value: Line | None = said("nummer of adres", "Number or address of that channel.", "06-00000000", default=None)
    note: Line | None = said("toelichting", "When and how.", "eerst appen, na 10.00 uur", default=None)


_CHECKED = "A BSN has nine digits and passes the 11-proof."
_OF_A_KIND: dict[str, Any] = {
    "allOf": [
        only_if("system", "bsn", {"properties": {"value": {"pattern": f"^{_BSN.pattern}$"}}}),
        only_if("system", "email", {"properties": {"value": {"pattern": f"^{_EMAIL.pattern}$"}}}),
    ]
}


class IdentifierBody(Body, title="identificatie"):
    """A number or address that the resident can be found by."""

    model_config = ConfigDict(json_schema_extra=_OF_A_KIND)

    system: IdentifierSystem = said("soort", "What kind of number or address it is.", "bsn")
    value: Line = said("waarde", f"Never given back; found only by searching. {_CHECKED}", "999990019")
    proof: Proof = said("controle", "How it was checked.", "document", default=Proof.NONE)

    @model_validator(mode="after")
    def _valid(self) -> "IdentifierBody":
        if not well_formed(self.system, self.value):
            raise mistake("value", "pattern")
        return self


def well_formed(system: IdentifierSystem, value: str) -> bool:
    """A BSN passes the 11-proof; an e-mail address looks like one."""
    if system is IdentifierSystem.BSN:
        return bool(_BSN.fullmatch(value) and bsn.is_valid(value))
    return system is not IdentifierSystem.EMAIL or bool(_EMAIL.fullmatch(value))


class ImportedWorkersBody(Body, title="eerdere medewerkers"):
    """How many workers there were before this service."""

    count: int = said("aantal", "How many workers there were before this service.", 19, ge=0, le=500)
    source: Line | None = said("bron", "Where the number comes from.", "oud zaaksysteem", default=None)


def _call_name(**kwargs: Any) -> Any:
    return said("roepnaam", "What the resident wants to be called.", "Fien", **kwargs)


class _Fields(Change):
    official_name: Line | None = said("officiële naam", "As in official papers.", "Fien van Verzonnen", default=None)
    birth_date: PartialDate | None = said(
        "geboortedatum", "As far as known: a day, month or year.", "1971", default=None
    )
    address_as: Line | None = said("aanspreekvorm", "How to address the resident.", "je", default=None)
    language: Annotated[str, StringConstraints(pattern=_LANGUAGE)] = said(
        "taal", "Language tag (BCP 47).", "nl", default="nl"
    )
    imported_workers: ImportedWorkersBody = said(
        "eerdere medewerkers", "Those of before this service.", default=ImportedWorkersBody(count=0)
    )
    identifiers: tuple[IdentifierBody, ...] = said(
        "identificaties", "Numbers and addresses.", default=(), max_length=10
    )

    @model_validator(mode="after")
    def _each_once(self) -> "_Fields":
        if len({(each.system, each.value.strip().lower()) for each in self.identifiers}) < len(self.identifiers):
            raise mistake("identifiers", "twice")
        return self


class NewResident(_Fields, title="nieuwe inwoner"):
    """A resident to record."""

    call_name: Line = _call_name()
    contact_preferences: tuple[ContactPreferenceBody, ...] = said(
        "contactvoorkeuren", "At least one way to be reached.", min_length=1, max_length=10
    )


class ResidentChange(_Fields, title="wijziging van een inwoner"):
    """What changes of a resident's record."""

    call_name: Line = _call_name(default="-")
    contact_preferences: tuple[ContactPreferenceBody, ...] = said(
        "contactvoorkeuren", "At least one way to be reached.", default=(), min_length=1, max_length=10
    )
    imported_agreed: bool | None = said(
        "aantal klopt", "Whether the number of earlier workers is right; only the resident says so.", True, default=None
    )


class ContactPreferenceView(View, title="contactvoorkeur"):
    """A way to reach the resident."""

    channel: Channel = said("kanaal", "How to reach the resident.", "app")
    value: str | None = said("nummer of adres", "Number or address of that channel.", "06-00000000")
    note: str | None = said("toelichting", "When and how.", "eerst appen, na 10.00 uur")


class IdentifierView(View, title="identificatie"):
    """That there is one and how it was checked, never which."""

    system: IdentifierSystem = said("soort", "What kind of number or address it is.", "bsn")
    proof: Proof = said("controle", "How it was checked.", "document")


class ImportedWorkersView(View, title="eerdere medewerkers"):
    """How many workers there were before this service."""

    count: int = said("aantal", "How many workers there were before this service.", 19)
    source: str | None = said("bron", "Where the number comes from.", "oud zaaksysteem")
    agreed: bool | None = said("aantal klopt", "Whether the resident says that it is right.", True)


class ResidentView(View, title="inwoner"):
    """Who may only know that this resident exists gets null and empty for everything else."""

    id: UUID = said("kenmerk", "Id of the resident in this municipality; not a BSN.")
    version: int = said("versie", "Counts the changes.", 1)
    status: ResidentStatus = said("status", "Whether support is going on.", "active")
    call_name: str | None = _call_name()
    official_name: str | None = said("officiële naam", "As in official papers.", "Fien van Verzonnen")
    birth_date: PartialDate | None = said("geboortedatum", "As far as known: a day, month or year.", "1971")
    address_as: str | None = said("aanspreekvorm", "How to address the resident.", "je")
    language: str | None = said("taal", "Language tag (BCP 47).", "nl")
    contact_preferences: tuple[ContactPreferenceView, ...] = said("contactvoorkeuren", "How to reach the resident.")
    identifiers: tuple[IdentifierView, ...] = said("identificaties", "Which numbers and addresses are known.")
    imported_workers: ImportedWorkersView | None = said("eerdere medewerkers", "Those of before this service.")
    created_at: Moment = said("aangemaakt", "When the resident was recorded.")
    changed_at: Moment = said("gewijzigd", "When this was last changed.")


class ResidentField(Term, dutch="veld van een inwoner"):
    """What a search can give back."""

    ID = "id", "kenmerk"
    STATUS = "status", "status"
    CALL_NAME = "callName", "roepnaam", "call name"
    OFFICIAL_NAME = "officialName", "officiële naam", "official name"
    BIRTH_DATE = "birthDate", "geboortedatum", "birth date"
    ADDRESS_AS = "addressAs", "aanspreekvorm", "form of address"
    LANGUAGE = "language", "taal"
    CONTACT_PREFERENCES = "contactPreferences", "contactvoorkeuren", "contact preferences"


class ResidentSearch(Body, title="zoekvraag"):
    """What to look a resident up by."""

    model_config = ConfigDict(json_schema_extra=_OF_A_KIND)

    system: IdentifierSystem = said("soort", "What kind of number or address to search by.", "bsn")
    value: Line = said("waarde", f"The whole number or address; parts find nothing. {_CHECKED}", "999990019")
    fields: tuple[ResidentField, ...] = said(
        "velden", "Which fields you need, and no more.", ["id", "callName"], min_length=1, max_length=20
    )

    @model_validator(mode="after")
    def _valid(self) -> "ResidentSearch":
        if not well_formed(self.system, self.value):
            raise mistake("value", "pattern")
        return self


class ResidentHitView(View, title="gevonden inwoner"):
    """The fields that were asked for, as far as you may see them."""

    id: UUID | None = said("kenmerk", "Id of the resident.", default=None)
    status: ResidentStatus | None = said("status", "Whether support is going on.", "active", default=None)
    call_name: str | None = _call_name(default=None)
    official_name: str | None = said("officiële naam", "As in official papers.", "Fien van Verzonnen", default=None)
    birth_date: PartialDate | None = said("geboortedatum", "As far as known.", "1971", default=None)
    address_as: str | None = said("aanspreekvorm", "How to address the resident.", "je", default=None)
    language: str | None = said("taal", "Language tag (BCP 47).", "nl", default=None)
    contact_preferences: tuple[ContactPreferenceView, ...] | None = said(
        "contactvoorkeuren", "How to reach the resident.", default=None
    )


class ResidentSearchView(View, title="zoekresultaat"):
    """What was found: one resident, or nobody."""

    results: Annotated[tuple[ResidentHitView, ...], Field(max_length=1)] = said(
        "resultaten", "One resident, or none: nobody there, or nobody whom you may know."
    )

    def json_bytes(self) -> bytes:
        return self.model_dump_json(by_alias=True, exclude_unset=True).encode()


_EXISTENCE: dict[str, Any] = {
    "call_name": None,
    "official_name": None,
    "birth_date": None,
    "address_as": None,
    "language": None,
    "contact_preferences": (),
    "identifiers": (),
    "imported_workers": None,
}
# To reach somebody: what to call them, in which language, and how.
_SHORT: dict[str, Any] = {"birth_date": None, "identifiers": (), "imported_workers": None}


def render(access: Access, resident: Resident) -> ResidentView:
    names = ResidentView.model_fields.keys() - {"imported_workers"}
    fields = {name: getattr(resident, name) for name in names}
    fields["imported_workers"] = ImportedWorkersView(
        count=resident.imported_workers, source=resident.imported_source, agreed=resident.imported_agreed
    )
    if access.level(Category.IDENTITY_CONTACT) < Level.SHORT:
        fields |= _EXISTENCE
    elif access.level(Category.IDENTITY_CONTACT) < Level.FULL:
        fields |= _SHORT
    return ResidentView.model_validate(fields, from_attributes=True)


_IMPORTED = {"count": "imported_workers", "source": "imported_source"}


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """A body's fields as the domain names them."""
    if (imported := fields.pop("imported_workers", None)) is not None:
        fields |= {_IMPORTED[name]: getattr(imported, name) for name in imported.model_fields_set}
    if "contact_preferences" in fields:
        fields["contact_preferences"] = tuple(ContactPreference(**dict(each)) for each in fields["contact_preferences"])
    if "identifiers" in fields:
        fields["identifiers"] = tuple(Identifier(**dict(each)) for each in fields["identifiers"])
    return fields


def _answer(call: Call, access: Access, resident: Resident) -> Answer:
    location = f"{call.base}/v1/residents/{resident.id}"
    return Answer(render(access, resident), resident.version, resident.id, location)


async def _create(call: Call) -> Answer:
    return _answer(call, *await residents.create(call.work, _said(dict(call.body))))


async def _again(call: Call, resident_id: UUID, version: int) -> Answer:
    return _answer(call, *await residents.again(call.work, resident_id, version))


async def _read(call: Call) -> Answer:
    access, resident = await residents.read(call.work, call.resident_id)
    return Answer(render(access, resident), resident.version, resident.id)


async def _change(call: Call) -> Answer:
    changes = _said(call.body.changes())
    access, resident = await residents.change(call.work, call.resident_id, call.version, changes)
    return Answer(render(access, resident), resident.version, resident.id)


async def _search(call: Call) -> Answer:
    found = await residents.search(call.work, call.body.system, call.body.value)
    if found is None:
        return Answer(ResidentSearchView(results=()))
    view = render(*found)
    wanted = {each.value for each in call.body.fields}
    hit = {name: getattr(view, name) for name, each in ResidentHitView.model_fields.items() if each.alias in wanted}
    return Answer(ResidentSearchView(results=(ResidentHitView(**hit),)))


OPERATIONS = [
    Operation(
        name="createResident",
        method="POST",
        path="/residents",
        tag="residents",
        summary="Record a resident",
        description="A call name and one way to be reached are enough.",
        action=Action.RESIDENT_CREATE,
        scope=Scope.RESIDENTS_WRITE,
        about=About.RESIDENT,
        use=_create,
        replay=_again,
        answer=ResidentView,
        body=NewResident,
        creates=True,
    ),
    Operation(
        name="getResident",
        method="GET",
        path="/residents/{residentId}",
        tag="residents",
        summary="One resident",
        action=Action.RESIDENT_READ,
        scope=Scope.RESIDENTS_READ,
        about=About.RESIDENT,
        use=_read,
        answer=ResidentView,
    ),
    Operation(
        name="changeResident",
        method="PATCH",
        path="/residents/{residentId}",
        tag="residents",
        summary="Change a resident",
        action=Action.RESIDENT_CHANGE,
        scope=Scope.RESIDENTS_WRITE,
        about=About.RESIDENT,
        use=_change,
        answer=ResidentView,
        body=ResidentChange,
        conditional=True,
    ),
    Operation(
        name="searchResidents",
        method="POST",
        path="/residents/_search",
        tag="residents",
        summary="Find a resident by a number or address",
        description="Recorded without what was searched for.",
        action=Action.RESIDENT_SEARCH,
        scope=Scope.RESIDENTS_READ,
        about=About.RESIDENT,
        use=_search,
        answer=ResidentSearchView,
        body=ResidentSearch,
        searches=True,
    ),
]
