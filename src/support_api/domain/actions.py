"""The closed vocabulary of what a caller can do, as it stands in the audit trail and in the access log.

Each action says in plain Dutch what happened, as the resident reads it: "{who} {dutch}."
"""

from support_api.domain.vocabulary import Term


class Action(Term):
    ME_READ = "me:read", "keek wie hij of zij zelf is in dit systeem"
    RESIDENT_CREATE = "resident:create", "heeft je aangemeld"
    RESIDENT_READ = "resident:read", "bekeek je naam en contactvoorkeuren"
    RESIDENT_CHANGE = "resident:change", "wijzigde je naam of contactvoorkeuren"
    RESIDENT_SEARCH = "resident:search", "zocht je op met een nummer of adres"
    PORTRAIT_ITEM_LIST = "portrait_item:list", "bekeek je portret"
    PORTRAIT_ITEM_READ = "portrait_item:read", "bekeek een onderdeel van je portret"
    PORTRAIT_ITEM_CREATE = "portrait_item:create", "vulde je portret aan"
    PORTRAIT_ITEM_CHANGE = "portrait_item:change", "wijzigde een onderdeel van je portret"
    PORTRAIT_ITEM_DELETE = "portrait_item:delete", "haalde iets weg uit je portret"
    BAGGAGE_NOTE_LIST = "baggage_note:list", "bekeek je bagagenotities"
    BAGGAGE_NOTE_READ = "baggage_note:read", "las een bagagenotitie"
    BAGGAGE_NOTE_CREATE = "baggage_note:create", "schreef een bagagenotitie"
    BAGGAGE_NOTE_CHANGE = "baggage_note:change", "wijzigde een bagagenotitie"
    BAGGAGE_NOTE_CONFIRM = "baggage_note:confirm", "besliste of een bagagenotitie klopt"
    BAGGAGE_NOTE_DELETE = "baggage_note:delete", "verwijderde een bagagenotitie"
    CONSENT_LIST = "consent:list", "bekeek welke toestemmingen er zijn"
    CONSENT_READ = "consent:read", "bekeek een toestemming"
    CONSENT_CREATE = "consent:create", "gaf of weigerde een toestemming"
    CONSENT_WITHDRAW = "consent:withdraw", "trok een toestemming in"
    WORKING_RELATIONSHIP_START = "working_relationship:start", "wees je een medewerker toe"
    WORKING_RELATIONSHIP_LIST = "working_relationship:list", "bekeek wie jou begeleidt en begeleidde"
    WORKING_RELATIONSHIP_READ = "working_relationship:read", "bekeek een werkrelatie"
    WORKING_RELATIONSHIP_END = "working_relationship:end", "beëindigde een werkrelatie"
    CASELOAD_LIST = "caseload:list", "bekeek de lijst van eigen inwoners, waar jij op staat"
    BRIEFING_READ = "briefing:read", "las je briefing"
    BRIEFING_CHANGE = "briefing:change", "paste je briefing aan"
    BRIEFING_APPROVE = "briefing:approve", "keurde je briefing goed"
    BRIEFING_STOP = "briefing:stop", "stopte het delen van je briefing"
    WORKER_LIST = "worker:list", "bekeek de medewerkers"
    WORKER_READ = "worker:read", "bekeek een medewerker"
    ACCESS_LOG_READ = "access_log:read", "bekeek wie er in je gegevens keek"


class Outcome(Term):
    DONE = "done", "gelukt"
    NOT_FOUND = "not_found", "niet getoond"
    NOT_ALLOWED = "not_allowed", "niet toegestaan"
    REFUSED = "refused", "geweigerd door een regel"
