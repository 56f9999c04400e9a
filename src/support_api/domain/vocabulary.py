"""The closed lists of words. Every code carries its Dutch term (B.3 of the domain model)."""

from enum import Enum, IntEnum


class Term(str, Enum):
    """A code on the wire with the Dutch word for it."""

    dutch: str

    def __new__(cls, code: str, dutch: str = "") -> "Term":
        term = str.__new__(cls, code)
        term._value_ = code
        term.dutch = dutch
        return term

    def __str__(self) -> str:
        return str(self.value)


class Role(Term):
    RESIDENT = "resident", "inwoner"
    WORKER = "worker", "medewerker"
    TEAM_LEAD = "team_lead", "teamleider"
    PRIVACY_OFFICER = "privacy_officer", "functionaris gegevensbescherming"
    EXTERNAL_SYSTEM = "external_system", "extern systeem"


class Scope(Term):
    """What a token may be used for; never enough by itself."""

    ME = "me:read", "eigen gegevens van de aanroeper lezen"
    RESIDENTS_READ = "residents:read", "inwoners lezen en zoeken"
    RESIDENTS_WRITE = "residents:write", "inwoners vastleggen en wijzigen"
    PORTRAIT_READ = "portrait:read", "portret lezen"
    PORTRAIT_WRITE = "portrait:write", "portret aanvullen"
    BAGGAGE_READ = "baggage:read", "bagagenotities lezen"
    BAGGAGE_WRITE = "baggage:write", "bagagenotities vastleggen"
    CONSENTS_READ = "consents:read", "toestemmingen lezen"
    CONSENTS_WRITE = "consents:write", "toestemmingen geven, weigeren en intrekken"
    RELATIONSHIPS_READ = "relationships:read", "werkrelaties lezen"
    RELATIONSHIPS_ASSIGN = "relationships:assign", "werkrelaties starten en beëindigen"
    BRIEFINGS_READ = "briefings:read", "briefings lezen"
    BRIEFINGS_WRITE = "briefings:write", "over een briefing beslissen"
    WORKERS_READ = "workers:read", "medewerkers lezen"
    ACCESS_LOG_READ = "access-log:read", "inzageregels lezen"


class Purpose(Term):
    SUPPORT = "support", "begeleiding"
    HANDOVER = "handover", "overdracht"
    TEAM_CONSULTATION = "team_consultation", "teamoverleg"
    NETWORK_INVOLVEMENT = "network_involvement", "netwerk betrekken"
    CARE_PROVIDER = "care_provider", "zorg- of welzijnsaanbieder"
    CLIENT_SUPPORT = "client_support", "cliëntondersteuning"
    INDICATION = "indication", "toegang en indicatie"
    BENEFIT_EXECUTION = "benefit_execution", "uitvoering bijstand"
    DEBT_SUPPORT = "debt_support", "schuldhulp"
    COMPLAINT_OBJECTION = "complaint_objection", "klacht of bezwaar"
    ENFORCEMENT = "enforcement", "handhaving"


class Duty(Term):
    """What a worker does for this resident; the resident sees it."""

    SUPPORTS = "supports", "begeleidt"
    INDICATES = "indicates", "beslist over een voorziening"
    DECIDES_BENEFIT = "decides_benefit", "beslist over een uitkering"
    DEBT = "debt", "helpt bij schulden"
    ENFORCES = "enforces", "controleert en handhaaft"


class Category(Term):
    """Kinds of resident data that a decision is about."""

    IDENTITY_CONTACT = "identity_contact", "naam en contact"
    PORTRAIT = "portrait", "portret"
    LIFE_STORY_SHORT = "life_story_short", "levensverhaal, kort"
    LIFE_STORY_FULL = "life_story_full", "levensverhaal, volledig"
    CRITIQUE = "critique", "systeemkritiek"
    RELATIONSHIP = "relationship", "werkrelatie"
    WORKER_HISTORY = "worker_history", "eerdere begeleiders"
    CONSENT = "consent", "toestemmingen"
    ACCESS_LOG = "access_log", "inzage"


class Level(IntEnum):
    """How much of an item a caller sees. Ordered: more is greater."""

    NONE = 0
    EXISTENCE = 1
    SHORT = 2
    FULL = 3


class Depth(Term):
    SHORT = "short", "korte versie"
    FULL = "full", "volledig"


class Visibility(Term):
    """The resident's limit on who may ever see an item; a consent is still needed (access.md)."""

    ONLY_ME = "only_me", "alleen ik"
    THIS_WORKER = "this_worker", "alleen deze medewerker"
    MY_WORKERS = "my_workers", "wie mij nu begeleidt"
    CUSTOM = "custom", "wie ik apart toestemming geef"


class Confirmation(Term):
    """What the resident says of something that somebody else wrote down (INV-07)."""

    AWAITING = "awaiting_resident", "wacht op de inwoner"
    CONFIRMED = "confirmed", "zo bedoel ik het"
    CONFIRMED_WITH_CHANGES = "confirmed_with_changes", "bevestigd met wijzigingen"
    REJECTED = "rejected", "klopt niet"


class PartyType(Term):
    WORKER = "worker", "medewerker"
    MY_WORKERS = "my_workers", "wie mij nu begeleidt"
    SYSTEM = "system", "systeem"


class ResidentStatus(Term):
    ACTIVE = "active", "actief"
    PAUSED = "paused", "op pauze"
    ENDED = "ended", "beëindigd"


class Assurance(IntEnum):
    """How surely the issuer knows the person (eIDAS levels); machines have none."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3
