"""The closed lists of words. Every code carries its Dutch term (B.3 of the domain model)."""

from enum import Enum, IntEnum
from typing import ClassVar


class Term(str, Enum):
    """A code on the wire with the Dutch word for it, and an English one where the code itself does not say it.

    `list_name` is the Dutch name of the list, `source` who drew it up.
    """

    list_name: ClassVar[str]
    source: ClassVar[str]
    dutch: str
    english: str

    def __init_subclass__(cls, *, dutch: str = "", source: str = "Support API") -> None:
        super().__init_subclass__()
        cls.list_name, cls.source = dutch, source

    def __new__(cls, code: str, dutch: str = "", english: str = "") -> "Term":
        term = str.__new__(cls, code)
        term._value_ = code
        term.dutch, term.english = dutch, english or code.replace("_", " ")
        return term

    def __str__(self) -> str:
        return str(self.value)


class Role(Term, dutch="rol"):
    """As whom somebody acts."""

    RESIDENT = "resident", "inwoner"
    WORKER = "worker", "medewerker"
    TEAM_LEAD = "team_lead", "teamleider"
    PRIVACY_OFFICER = "privacy_officer", "functionaris gegevensbescherming", "data protection officer"
    EXTERNAL_SYSTEM = "external_system", "extern systeem"


class Scope(Term, dutch="scope"):
    """What a token may be used for; never enough by itself."""

    ME = "me:read", "eigen gegevens van de aanroeper lezen", "read who the caller is"
    RESIDENTS_READ = "residents:read", "inwoners lezen en zoeken", "read and search residents"
    RESIDENTS_WRITE = "residents:write", "inwoners vastleggen en wijzigen", "record and change residents"
    PORTRAIT_READ = "portrait:read", "portret lezen", "read the portrait"
    PORTRAIT_WRITE = "portrait:write", "portret aanvullen", "add to and change the portrait"
    BAGGAGE_READ = "baggage:read", "bagagenotities lezen", "read baggage notes"
    BAGGAGE_WRITE = "baggage:write", "bagagenotities vastleggen", "record baggage notes"
    CONSENTS_READ = "consents:read", "toestemmingen lezen", "read consents"
    CONSENTS_WRITE = (
        "consents:write",
        "toestemmingen geven, weigeren, intrekken en voorstellen",
        "give, refuse, withdraw and propose consents",
    )
    RECALLS_ANSWER = "recalls:answer", "terugroepingen lezen en beantwoorden", "read and answer recalls"
    RELATIONSHIPS_READ = "relationships:read", "werkrelaties lezen", "read working relationships"
    RELATIONSHIPS_ASSIGN = (
        "relationships:assign",
        "werkrelaties starten en beëindigen",
        "start and end working relationships",
    )
    BRIEFINGS_READ = "briefings:read", "briefings lezen", "read briefings"
    BRIEFINGS_WRITE = "briefings:write", "over een briefing beslissen", "decide on a briefing"
    WORKERS_READ = "workers:read", "medewerkers lezen", "read workers"
    ACCESS_LOG_READ = "access-log:read", "inzageregels lezen", "read the access log"
    EMERGENCY_ACCESS = (
        "emergency:access",
        "in een noodgeval zien hoe iemand te bereiken is",
        "see in an emergency how somebody can be reached",
    )
    EMERGENCY_REVIEW = "emergency:review", "noodtoegang beoordelen", "review emergency access"
    REFERENCE_READ = "reference:read", "referentielijsten lezen", "read reference lists"


class Purpose(Term, dutch="doel"):
    """What data are needed for. Which of these a municipality uses, and on what legal basis, is in its register."""

    SUPPORT = "support", "begeleiding"
    HANDOVER = "handover", "overdracht"
    TEAM_CONSULTATION = "team_consultation", "teamoverleg"
    NETWORK_INVOLVEMENT = "network_involvement", "netwerk betrekken", "involving the network"
    CARE_PROVIDER = "care_provider", "zorg- of welzijnsaanbieder", "care or welfare provider"
    CLIENT_SUPPORT = "client_support", "cliëntondersteuning", "independent client support"
    INDICATION = "indication", "toegang en indicatie", "access and entitlement"
    BENEFIT_EXECUTION = "benefit_execution", "uitvoering bijstand", "carrying out benefits"
    DEBT_SUPPORT = "debt_support", "schuldhulp"
    COMPLAINT_OBJECTION = "complaint_objection", "klacht of bezwaar", "complaint or objection"
    ENFORCEMENT = "enforcement", "handhaving"
    EMERGENCY = "emergency", "noodgeval"


class Duty(Term, dutch="taak"):
    """What a worker does for this resident; the resident sees it."""

    SUPPORTS = "supports", "begeleidt"
    INDICATES = "indicates", "beslist over een voorziening", "decides on a provision"
    DECIDES_BENEFIT = "decides_benefit", "beslist over een uitkering", "decides on a benefit"
    DEBT = "debt", "helpt bij schulden", "helps with debts"
    ENFORCES = "enforces", "controleert en handhaaft", "checks and enforces"


class Category(Term, dutch="gegevenssoort"):
    """Kinds of resident data that a decision is about."""

    IDENTITY_CONTACT = "identity_contact", "naam en contact", "name and contact"
    PORTRAIT = "portrait", "portret"
    LIFE_STORY_SHORT = "life_story_short", "levensverhaal, kort", "life story, in short"
    LIFE_STORY_FULL = "life_story_full", "levensverhaal, volledig", "life story, in full"
    CRITIQUE = "critique", "systeemkritiek", "criticism of the system"
    RELATIONSHIP = "relationship", "werkrelatie", "working relationship"
    WORKER_HISTORY = "worker_history", "eerdere begeleiders", "earlier workers"
    CONSENT = "consent", "toestemmingen", "consents"
    ACCESS_LOG = "access_log", "inzage"


class Level(IntEnum):
    """How much of an item a caller sees. Ordered: more is greater."""

    NONE = 0
    EXISTENCE = 1
    SHORT = 2
    FULL = 3


class Depth(Term, dutch="hoe diep"):
    """How much of an item is shared."""

    SHORT = "short", "korte versie", "short version"
    FULL = "full", "volledig", "in full"


class Visibility(Term, dutch="zichtbaarheid"):
    """The resident's limit on who may ever see an item; a consent is still needed (access.md)."""

    ONLY_ME = "only_me", "alleen ik"
    THIS_WORKER = "this_worker", "alleen deze medewerker", "this worker only"
    MY_WORKERS = "my_workers", "wie mij nu begeleidt", "whoever works with me now"
    CUSTOM = "custom", "wie ik apart toestemming geef", "whom I permit separately"


class Confirmation(Term, dutch="bevestiging"):
    """What the resident says of something that somebody else wrote down (INV-07)."""

    AWAITING = "awaiting_resident", "wacht op de inwoner", "awaiting the resident"
    CONFIRMED = "confirmed", "zo bedoel ik het", "that is how I mean it"
    CONFIRMED_WITH_CHANGES = "confirmed_with_changes", "bevestigd met wijzigingen"
    REJECTED = "rejected", "klopt niet", "that is not right"


class PartyType(Term, dutch="soort partij"):
    """Whom a decision of the resident is about."""

    WORKER = "worker", "medewerker"
    MY_WORKERS = "my_workers", "wie mij nu begeleidt", "whoever works with me now"
    SYSTEM = "system", "systeem"


class ResidentStatus(Term, dutch="status van een inwoner"):
    """Whether support is going on."""

    ACTIVE = "active", "actief"
    PAUSED = "paused", "op pauze"
    ENDED = "ended", "beëindigd"


class Assurance(IntEnum):
    """How surely the issuer knows the person (eIDAS levels); machines have none."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3
