"""Who plays in the demo: obviously fictional people in two fictional municipalities (case 1 of the demo cases)."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from support_api.domain.baggage_notes import BaggageKind, CritiqueType, ExistenceHint, LifeStoryTheme
from support_api.domain.portrait_items import PortraitKind
from support_api.domain.recalls import RecallAnswer
from support_api.domain.register import Activity
from support_api.domain.vocabulary import Purpose, Role, Scope, Visibility

S = Scope

ROLE_SCOPES: dict[Role, tuple[Scope, ...]] = {
    Role.RESIDENT: (
        S.ME,
        S.REFERENCE_READ,
        S.RESIDENTS_READ,
        S.RESIDENTS_WRITE,
        S.PORTRAIT_READ,
        S.PORTRAIT_WRITE,
        S.BAGGAGE_READ,
        S.BAGGAGE_WRITE,
        S.CONSENTS_READ,
        S.CONSENTS_WRITE,
        S.RELATIONSHIPS_READ,
        S.BRIEFINGS_READ,
        S.BRIEFINGS_WRITE,
        S.ACCESS_LOG_READ,
        S.WORKERS_READ,
    ),
    Role.WORKER: (
        S.ME,
        S.REFERENCE_READ,
        S.RESIDENTS_READ,
        S.RESIDENTS_WRITE,
        S.PORTRAIT_READ,
        S.PORTRAIT_WRITE,
        S.BAGGAGE_READ,
        S.BAGGAGE_WRITE,
        S.CONSENTS_READ,
        S.CONSENTS_WRITE,
        S.RELATIONSHIPS_READ,
        S.BRIEFINGS_READ,
        S.WORKERS_READ,
        S.EMERGENCY_ACCESS,
    ),
    Role.TEAM_LEAD: (
        S.ME,
        S.REFERENCE_READ,
        S.RESIDENTS_READ,
        S.RESIDENTS_WRITE,
        S.RELATIONSHIPS_READ,
        S.RELATIONSHIPS_ASSIGN,
        S.WORKERS_READ,
    ),
    Role.PRIVACY_OFFICER: (
        S.ME,
        S.REFERENCE_READ,
        S.RESIDENTS_READ,
        S.CONSENTS_READ,
        S.RELATIONSHIPS_READ,
        S.ACCESS_LOG_READ,
        S.WORKERS_READ,
        S.EMERGENCY_REVIEW,
    ),
    Role.EXTERNAL_SYSTEM: (
        S.ME,
        S.REFERENCE_READ,
        S.RESIDENTS_READ,
        S.PORTRAIT_READ,
        S.BAGGAGE_READ,
        S.RECALLS_ANSWER,
        S.RELATIONSHIPS_READ,
        S.BRIEFINGS_READ,
        S.WORKERS_READ,
    ),
}

FRONT_END, CASE_SYSTEM, RESIDENT_PORTAL = "werkplek-voorbeeld", "zaaksysteem-voorbeeld", "mijn-verhaal-voorbeeld"
_BASES = {
    Purpose.SUPPORT: "Wmo 2015, art. 2.3.1",
    Purpose.HANDOVER: "Wmo 2015, art. 2.3.1",
    Purpose.COMPLAINT_OBJECTION: "AVG, art. 39 lid 1 onder b",
    Purpose.EMERGENCY: "AVG, art. 6 lid 1 onder d",
}


_SPECIAL = {p: "AVG, art. 9 lid 2 onder h; UAVG, art. 30" for p in (Purpose.SUPPORT, Purpose.HANDOVER)}


def activities(*purposes: Purpose) -> dict[Purpose, Activity]:
    register = "https://register.voorbeeldstad.example/verwerkingen"
    return {p: Activity(f"{register}/{p.value}", _BASES[p], special_basis=_SPECIAL.get(p)) for p in purposes}


@dataclass(frozen=True)
class Actor:
    """Somebody one can be: `support-api token --as NAME`."""

    name: str
    role: Role
    full_name: str
    function: str = ""
    unit: str | None = None
    client_id: str = FRONT_END


@dataclass(frozen=True)
class Town:
    id: UUID
    code: str
    name: str
    actors: tuple[Actor, ...] = ()
    extra_workers: tuple[Actor, ...] = field(default=())


VOORBEELDSTAD = Town(
    UUID("0199aaaa-0000-7000-8000-000000000001"),
    "voorbeeldstad",
    "Voorbeeldstad",
    actors=(
        Actor("fien", Role.RESIDENT, "Fien van Verzonnen", client_id=RESIDENT_PORTAL),
        Actor("teun", Role.WORKER, "Teun Demo", "consulent", "Wijkteam De Denkbeeldige Linde"),
        Actor("sanne", Role.WORKER, "Sanne Proef", "consulent", "Wijkteam De Denkbeeldige Linde"),
        Actor("greet", Role.TEAM_LEAD, "Greet Sjabloon", "teamleider", "Wijkteam De Denkbeeldige Linde"),
        Actor("pim", Role.PRIVACY_OFFICER, "Pim Privacybedacht", "functionaris gegevensbescherming"),
        Actor("zaaksysteem", Role.EXTERNAL_SYSTEM, "Zaaksysteem Voorbeeld", client_id=CASE_SYSTEM),
        Actor("petra", Role.RESIDENT, "Petra Voorbeeld-Ongelukkig", client_id=RESIDENT_PORTAL),
        Actor("roos", Role.WORKER, "Roos Nagemaakt", "consulent", "Wijkteam De Denkbeeldige Linde"),
    ),
    extra_workers=(
        Actor("w1", Role.WORKER, "Ilias Oefening", "klantmanager", "Toegang"),
        Actor("w2", Role.WORKER, "Joris Proefpersoon", "consulent", "Toegang"),
        Actor("w3", Role.WORKER, "Saar Voorbeeldig", "maatschappelijk werker", "Wijkteam De Denkbeeldige Linde"),
        Actor("w4", Role.WORKER, "Daan Bedenksel", "consulent", "Wijkteam De Denkbeeldige Linde"),
    ),
)
VERZONNERDAM = Town(
    UUID("0199aaaa-0000-7000-8000-000000000002"),
    "verzonnerdam",
    "Verzonnerdam",
    actors=(
        Actor("noor", Role.WORKER, "Noor Schijnbaar", "consulent", "Team De Gedachte Gracht"),
        Actor("abel", Role.RESIDENT, "Abel Fictiefsma", client_id=RESIDENT_PORTAL),
        Actor("lotte", Role.TEAM_LEAD, "Lotte Testpersoon", "teamleider", "Team De Gedachte Gracht"),
    ),
)

FIEN = {
    "call_name": "Fien",
    "official_name": "Fien van Verzonnen",
    "address_as": "je",
}
FIEN_BSN = "999990019"
IMPORTED_WORKERS = 19
# Days before loading that each of the earlier workers started and stopped; Sanne is the last before Teun.
EARLIER = (("w1", 2190, 1825), ("w2", 1825, 1460), ("w3", 1460, 900), ("w4", 900, 420), ("sanne", 420, 12))
FIEN_PORTRAIT: tuple[tuple[PortraitKind, str], ...] = (
    (PortraitKind.WHAT_MATTERS, "Dat mijn zoon zondag gewoon kan komen eten."),
    (PortraitKind.WHAT_MATTERS, "Niet weer een formulier over hetzelfde."),
    (PortraitKind.STRENGTH, "Ik kan goed koken voor veel mensen."),
    (PortraitKind.JOY, "Als het hele huis naar soep ruikt."),
    (PortraitKind.APPROACH_TIP, "Zeg het eerlijk als je iets niet weet."),
    (PortraitKind.APPROACH_TIP, "Liever wandelen dan aan een bureau."),
    (PortraitKind.TRIGGER, "Brieven met ‘u bent verplicht’."),
    (PortraitKind.HOPE, "Eén keer per week mensen aan tafel."),
)
FIEN_BAGGAGE: tuple[dict[str, Any], ...] = (
    {
        "kind": BaggageKind.LIFE_STORY,
        "title": "Het verhaal van de ziekte",
        "short_version": "Na mijn ziekte is alles gaan schuiven. Ik heb het vaak genoeg verteld.",
        "full_text": "Eerst viel het werk weg, toen het huis, en daarna belden de mensen niet meer.",
        "themes": (LifeStoryTheme.POVERTY, LifeStoryTheme.ILLNESS),
        "what_helps": ("Lees het eerst, begin dan over iets anders.",),
        "do_not_ask_again": True,
        "visibility": Visibility.MY_WORKERS,
    },
    {
        "kind": BaggageKind.SYSTEM_CRITIQUE,
        "title": "Waarom de vorige aanvraag is gestopt",
        "short_version": "Drie keer afgewezen zonder dat iemand belde.",
        "critique_types": (CritiqueType.REJECTION, CritiqueType.EVER_NEW_WORKER),
        "do_not_ask_again": True,
        "visibility": Visibility.MY_WORKERS,
    },
    {
        "kind": BaggageKind.LIFE_STORY,
        "title": "Over mijn ex",
        "short_version": "Wat er toen thuis gebeurde, houd ik voor mezelf.",
        "visibility": Visibility.ONLY_ME,
    },
)
FIEN_PRIVATE = "Ik ben bang dat mijn zoon zich voor mij schaamt."
# Case 14: shared with three parties, and withdrew what the system had after a change of worker.
PETRA = {"call_name": "Petra", "official_name": "Petra Voorbeeld-Ongelukkig", "address_as": "je"}
PETRA_SHARED = "Ik kan alles maken met hout."
PETRA_BAGGAGE: tuple[dict[str, Any], ...] = (
    {
        "kind": BaggageKind.LIFE_STORY,
        "short_version": "Na de brand begon ik opnieuw.",
        "themes": (LifeStoryTheme.LOSS,),
        "visibility": Visibility.MY_WORKERS,
    },
    {
        "kind": BaggageKind.SYSTEM_CRITIQUE,
        "short_version": "Net toen het ging, kwam er weer een ander.",
        "critique_types": (CritiqueType.EVER_NEW_WORKER,),
        "visibility": Visibility.MY_WORKERS,
    },
)
PETRA_KEPT = {
    "answer": RecallAnswer.KEPT,
    "legal_basis": "Archiefwet 1995",
    "reason": "Dit stond al in een besluit over een voorziening.",
}
ABEL = {"call_name": "Abel", "official_name": "Abel Fictiefsma", "address_as": "u"}
ABEL_BAGGAGE: tuple[dict[str, Any], ...] = (
    {
        "kind": BaggageKind.LIFE_STORY,
        "short_version": "Over de reis hierheen praat ik later, als ik dat wil.",
        "themes": (LifeStoryTheme.MIGRATION, LifeStoryTheme.WAR_FLIGHT),
        "tell_myself": True,
        "existence_hint": ExistenceHint.SOFT,
        "visibility": Visibility.ONLY_ME,
    },
)
ABEL_PORTRAIT = ((PortraitKind.HOPE, "Ontbijtbakker worden."),)
