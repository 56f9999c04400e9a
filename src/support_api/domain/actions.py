"""The closed vocabulary of what a caller can do, as it stands in the audit trail and in the access log.

Each action says in plain Dutch what happened and what was tried, as the resident reads it: "{who} {dutch}." and
"{who} wilde {wish}."
"""

from support_api.domain.vocabulary import Term


class Action(Term, dutch="handeling"):
    """What was done, as it stands in the access log."""

    wish: str

    def __new__(cls, code: str, dutch: str = "", wish: str = "") -> "Action":
        action = str.__new__(cls, code)
        action._value_, action.dutch, action.wish = code, dutch, wish
        action.english = code.replace("_", " ").replace(":", ": ")
        return action

    ME_READ = "me:read", "bekeek de eigen gegevens in dit systeem", "de eigen gegevens in dit systeem bekijken"
    RESIDENT_CREATE = "resident:create", "heeft je aangemeld", "je aanmelden"
    RESIDENT_READ = "resident:read", "bekeek je naam en contactvoorkeuren", "je naam en contactvoorkeuren bekijken"
    RESIDENT_CHANGE = (
        "resident:change",
        "wijzigde je naam of contactvoorkeuren",
        "je naam of contactvoorkeuren wijzigen",
    )
    RESIDENT_SEARCH = "resident:search", "zocht je op met een nummer of adres", "je opzoeken met een nummer of adres"
    PORTRAIT_ITEM_LIST = "portrait_item:list", "bekeek je portret", "je portret bekijken"
    PORTRAIT_ITEM_READ = (
        "portrait_item:read",
        "bekeek een onderdeel van je portret",
        "een onderdeel van je portret bekijken",
    )
    PORTRAIT_ITEM_CREATE = "portrait_item:create", "vulde je portret aan", "je portret aanvullen"
    PORTRAIT_ITEM_CHANGE = (
        "portrait_item:change",
        "wijzigde een onderdeel van je portret",
        "een onderdeel van je portret wijzigen",
    )
    PORTRAIT_ITEM_DELETE = "portrait_item:delete", "haalde iets weg uit je portret", "iets weghalen uit je portret"
    BAGGAGE_NOTE_LIST = "baggage_note:list", "bekeek je bagagenotities", "je bagagenotities bekijken"
    BAGGAGE_NOTE_READ = "baggage_note:read", "las een bagagenotitie", "een bagagenotitie lezen"
    BAGGAGE_NOTE_CREATE = "baggage_note:create", "schreef een bagagenotitie", "een bagagenotitie schrijven"
    BAGGAGE_NOTE_CHANGE = "baggage_note:change", "wijzigde een bagagenotitie", "een bagagenotitie wijzigen"
    BAGGAGE_NOTE_CONFIRM = (
        "baggage_note:confirm",
        "besliste of een bagagenotitie klopt",
        "beslissen of een bagagenotitie klopt",
    )
    BAGGAGE_NOTE_DELETE = "baggage_note:delete", "verwijderde een bagagenotitie", "een bagagenotitie verwijderen"
    CONSENT_LIST = "consent:list", "bekeek welke toestemmingen er zijn", "bekijken welke toestemmingen er zijn"
    CONSENT_READ = "consent:read", "bekeek een toestemming", "een toestemming bekijken"
    CONSENT_CREATE = (
        "consent:create",
        "legde een toestemming of weigering vast",
        "een toestemming of weigering vastleggen",
    )
    CONSENT_PROPOSE = "consent:propose", "stelde je een toestemming voor", "je een toestemming voorstellen"
    CONSENT_DECIDE = "consent:decide", "besliste over een voorstel", "over een voorstel beslissen"
    RECEIPT_READ = (
        "receipt:read",
        "bekeek de ontvangstbewijzen van een toestemming",
        "de ontvangstbewijzen van een toestemming bekijken",
    )
    CONSENT_WITHDRAW = "consent:withdraw", "trok een toestemming in", "een toestemming intrekken"
    RECALL_LIST = "recall:list", "bekeek wat er gewist moet worden", "bekijken wat er gewist moet worden"
    RECALL_READ = "recall:read", "bekeek een terugroeping", "een terugroeping bekijken"
    RECALL_ANSWER = (
        "recall:answer",
        "liet weten of het gewist is",
        "laten weten of het gewist is",
    )
    WORKING_RELATIONSHIP_START = (
        "working_relationship:start",
        "wees je een medewerker toe",
        "je een medewerker toewijzen",
    )
    WORKING_RELATIONSHIP_LIST = (
        "working_relationship:list",
        "bekeek wie jou begeleidt en begeleidde",
        "bekijken wie jou begeleidt en begeleidde",
    )
    WORKING_RELATIONSHIP_READ = "working_relationship:read", "bekeek een werkrelatie", "een werkrelatie bekijken"
    WORKING_RELATIONSHIP_END = "working_relationship:end", "beëindigde een werkrelatie", "een werkrelatie beëindigen"
    COVER_START = (
        "cover:start",
        "regelde wie er een tijd waarneemt voor je medewerker",
        "regelen wie er een tijd waarneemt voor je medewerker",
    )
    COVER_READ = "cover:read", "bekeek een waarneming", "een waarneming bekijken"
    COVER_END = "cover:end", "beëindigde een waarneming", "een waarneming beëindigen"
    CASELOAD_LIST = (
        "caseload:list",
        "bekeek de lijst van eigen inwoners, waar jij op staat",
        "de lijst van eigen inwoners bekijken, waar jij op staat",
    )
    BRIEFING_READ = "briefing:read", "las je briefing", "je briefing lezen"
    BRIEFING_CHANGE = "briefing:change", "paste je briefing aan", "je briefing aanpassen"
    BRIEFING_APPROVE = "briefing:approve", "keurde je briefing goed", "je briefing goedkeuren"
    BRIEFING_STOP = "briefing:stop", "stopte het delen van je briefing", "het delen van je briefing stoppen"
    WORKER_LIST = "worker:list", "bekeek de medewerkers", "de medewerkers bekijken"
    WORKER_READ = "worker:read", "bekeek een medewerker", "een medewerker bekijken"
    HOME_READ = (
        "home:read",
        "opende het eigen beginscherm, waar jij op staat",
        "het eigen beginscherm openen, waar jij op staat",
    )
    REFERENCE_READ = "reference:read", "bekeek referentielijsten", "referentielijsten bekijken"
    ACCESS_LOG_READ = "access_log:read", "bekeek wie er in je gegevens keek", "bekijken wie er in je gegevens keek"
    ACCESS_EXPLANATION_READ = (
        "access_explanation:read",
        "bekeek wie wat van je kan zien",
        "bekijken wie wat van je kan zien",
    )
    EMERGENCY_ACCESS_OPEN = (
        "emergency_access:open",
        "opende in een noodgeval voor één uur je naam en contactvoorkeuren",
        "in een noodgeval je naam en contactvoorkeuren openen",
    )
    EMERGENCY_ACCESS_LIST = (
        "emergency_access:list",
        "bekeek wie er in een noodgeval in je gegevens keek",
        "bekijken wie er in een noodgeval in je gegevens keek",
    )
    EMERGENCY_ACCESS_READ = "emergency_access:read", "bekeek een noodtoegang", "een noodtoegang bekijken"
    EMERGENCY_ACCESS_REVIEW = (
        "emergency_access:review",
        "beoordeelde een noodtoegang",
        "een noodtoegang beoordelen",
    )


class Outcome(Term, dutch="uitkomst"):
    """What came of it."""

    DONE = "done", "gelukt"
    NOT_FOUND = "not_found", "niet getoond", "not shown"
    NOT_ALLOWED = "not_allowed", "niet toegestaan"
    REFUSED = "refused", "geweigerd door een regel", "refused by a rule"
