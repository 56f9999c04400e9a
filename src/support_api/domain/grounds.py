"""The tables of the decision: on what ground somebody is let in, what each ground opens, and what nothing opens."""

from collections.abc import Mapping
from dataclasses import dataclass

from support_api.domain.actions import Action
from support_api.domain.vocabulary import Category, Duty, Level, Purpose, Term

A = Action
C = Category


class Basis(Term, dutch="waarop toegang rust"):
    """On what ground the caller is let in."""

    OWN = "own", "eigen gegevens", "own data"
    RELATION = "relation", "werkrelatie", "working relationship"
    RECORDER = "recorder", "heeft het zelf vastgelegd", "recorded it"
    ASSIGNMENT = "assignment", "toewijzen van medewerkers", "assigning workers"
    OVERSIGHT = "oversight", "toezicht"
    CONSENT = "consent", "toestemming"
    EMERGENCY = "emergency", "noodgeval"
    NONE = "none", "geen"


# Gate C: never, not even with consent (B.5). What is told is no input for a decision against someone.
_EMERGENCY = frozenset({Purpose.EMERGENCY})
_AGAINST = frozenset({Purpose.INDICATION, Purpose.BENEFIT_EXECUTION, Purpose.DEBT_SUPPORT, Purpose.ENFORCEMENT})
NEVER: Mapping[Category, frozenset[Purpose]] = {
    C.LIFE_STORY_SHORT: _AGAINST | _EMERGENCY,
    C.LIFE_STORY_FULL: _AGAINST | _EMERGENCY,
    C.CRITIQUE: _AGAINST | _EMERGENCY,
    C.PORTRAIT: frozenset({Purpose.ENFORCEMENT}) | _EMERGENCY,
}

# Gate A: only with the resident's decision.
CONSENTED = frozenset({C.PORTRAIT, C.LIFE_STORY_SHORT, C.LIFE_STORY_FULL, C.CRITIQUE})

# What may hold special categories of data (GDPR art. 9 and 10; R30): anything in somebody's own words.
SPECIAL = CONSENTED

DUTY_PURPOSES: Mapping[Duty, frozenset[Purpose]] = {
    Duty.SUPPORTS: frozenset(
        {
            Purpose.SUPPORT,
            Purpose.HANDOVER,
            Purpose.TEAM_CONSULTATION,
            Purpose.NETWORK_INVOLVEMENT,
            Purpose.CARE_PROVIDER,
            Purpose.CLIENT_SUPPORT,
        }
    ),
    Duty.INDICATES: frozenset({Purpose.INDICATION}),
    Duty.DECIDES_BENEFIT: frozenset({Purpose.BENEFIT_EXECUTION}),
    Duty.DEBT: frozenset({Purpose.DEBT_SUPPORT}),
    Duty.ENFORCES: frozenset({Purpose.ENFORCEMENT}),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a ground opens without the resident's consent (gate B), and what may be done on it."""

    levels: Mapping[Category, Level]
    actions: frozenset[Action]


READ_CONTENT = frozenset({A.PORTRAIT_ITEM_LIST, A.PORTRAIT_ITEM_READ, A.BAGGAGE_NOTE_LIST, A.BAGGAGE_NOTE_READ})
_RELATIONSHIPS = frozenset({A.WORKING_RELATIONSHIP_LIST, A.WORKING_RELATIONSHIP_READ})

RULES: Mapping[Basis, Rule] = {
    Basis.OWN: Rule(
        levels=dict.fromkeys(Category, Level.FULL),
        actions=frozenset(Action)
        - {
            A.RESIDENT_CREATE,
            A.RESIDENT_SEARCH,
            A.CASELOAD_LIST,
            A.WORKING_RELATIONSHIP_START,
            A.WORKING_RELATIONSHIP_END,
            A.COVER_START,
            A.COVER_END,
            A.CONSENT_PROPOSE,
            A.EMERGENCY_ACCESS_OPEN,
            A.EMERGENCY_ACCESS_REVIEW,
        },
    ),
    Basis.RELATION: Rule(
        levels={
            C.IDENTITY_CONTACT: Level.FULL,
            C.RELATIONSHIP: Level.FULL,
            C.WORKER_HISTORY: Level.EXISTENCE,
            C.CONSENT: Level.EXISTENCE,
        },
        actions=READ_CONTENT
        | _RELATIONSHIPS
        | {
            A.RESIDENT_READ,
            A.RESIDENT_CHANGE,
            A.RESIDENT_SEARCH,
            A.PORTRAIT_ITEM_CREATE,
            A.PORTRAIT_ITEM_CHANGE,
            A.BAGGAGE_NOTE_CREATE,
            A.BRIEFING_READ,
            A.CASELOAD_LIST,
            A.HOME_READ,
            A.CONSENT_LIST,
            A.CONSENT_READ,
            A.CONSENT_PROPOSE,
            A.ACCESS_EXPLANATION_READ,
        },
    ),
    Basis.RECORDER: Rule(
        levels={C.IDENTITY_CONTACT: Level.FULL, C.RELATIONSHIP: Level.EXISTENCE},
        actions=_RELATIONSHIPS | {A.RESIDENT_CREATE, A.RESIDENT_READ, A.RESIDENT_SEARCH, A.WORKING_RELATIONSHIP_START},
    ),
    Basis.ASSIGNMENT: Rule(
        levels={
            C.IDENTITY_CONTACT: Level.EXISTENCE,
            C.RELATIONSHIP: Level.EXISTENCE,
            C.WORKER_HISTORY: Level.EXISTENCE,
        },
        actions=_RELATIONSHIPS
        | {A.RESIDENT_READ, A.RESIDENT_SEARCH, A.WORKING_RELATIONSHIP_START, A.WORKING_RELATIONSHIP_END}
        | {A.COVER_START, A.COVER_READ, A.COVER_END},
    ),
    Basis.OVERSIGHT: Rule(
        levels={
            C.IDENTITY_CONTACT: Level.EXISTENCE,
            C.RELATIONSHIP: Level.EXISTENCE,
            C.CONSENT: Level.FULL,
            C.ACCESS_LOG: Level.FULL,
        },
        actions=_RELATIONSHIPS
        | {A.RESIDENT_READ, A.RESIDENT_SEARCH, A.CONSENT_LIST, A.CONSENT_READ, A.RECEIPT_READ, A.ACCESS_LOG_READ}
        | {A.EMERGENCY_ACCESS_LIST, A.EMERGENCY_ACCESS_READ, A.EMERGENCY_ACCESS_REVIEW, A.COVER_READ},
    ),
    Basis.EMERGENCY: Rule(
        levels={C.IDENTITY_CONTACT: Level.SHORT},
        actions=frozenset({A.RESIDENT_READ, A.EMERGENCY_ACCESS_OPEN}),
    ),
    Basis.CONSENT: Rule(levels={}, actions=READ_CONTENT),
    Basis.NONE: Rule(levels={}, actions=frozenset()),
}

# On these grounds somebody can be shown what the resident shares; on no other.
SHARED_WITH = frozenset({Basis.RELATION, Basis.CONSENT})
