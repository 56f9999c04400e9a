"""Baggage note (bagagenotitie): what somebody carries along. A damaged life story, or criticism of the system itself.

Two kinds, told once: a short version that can be shared, the whole story that rarely is, and the wish not to be asked
again or to tell it oneself.
"""

from dataclasses import dataclass, replace
from typing import Any

from support_api.domain.errors import NotYours, RuleBroken
from support_api.domain.resource import Resource, SharedItem, sealed
from support_api.domain.vocabulary import Category, Confirmation, Role, Term


class BaggageKind(Term, dutch="soort bagage", source="In De Dichter Bij Stand"):
    """The two kinds of baggage."""

    LIFE_STORY = "life_story", "geschonden levensverhaal", "damaged life story"
    SYSTEM_CRITIQUE = "system_critique", "systeemkritiek", "criticism of the system"


class LifeStoryTheme(
    Term, dutch="thema van een levensverhaal", source="In De Dichter Bij Stand; WijVaals; Support API"
):
    """What a life story is about, as far as the resident says so."""

    POVERTY = "poverty", "armoede"
    ADDICTION = "addiction", "verslaving"
    ILLNESS = "illness", "ziekte"
    DOMESTIC_VIOLENCE = "domestic_violence", "huiselijk geweld"
    MIGRATION = "migration", "migratie"
    LONELINESS = "loneliness", "eenzaamheid"
    STRESS = "stress", "stress"
    DEBT = "debt", "schulden"
    LOSS = "loss", "verlies of rouw"
    DISABILITY = "disability", "beperking"
    CHILDHOOD = "childhood", "jeugd"
    HOMELESSNESS = "homelessness", "dakloosheid"
    DETENTION = "detention", "detentie"
    DISCRIMINATION = "discrimination", "discriminatie"
    JOB_LOSS = "job_loss", "baanverlies"
    SEPARATION = "separation", "scheiding"
    CAREGIVING = "caregiving", "zorgen voor een ander", "caring for somebody"
    WAR_FLIGHT = "war_flight", "oorlog of vlucht", "war or flight"
    OWN = "own", "eigen woorden", "own words"


class CritiqueType(Term, dutch="soort kritiek", source="In De Dichter Bij Stand; Movisie; Support API"):
    """What a criticism of the system is about."""

    EARLIER_GUIDANCE = "earlier_guidance", "eerdere begeleiding"
    REJECTION = "rejection", "afwijzing"
    NOT_TAKEN_SERIOUSLY = "not_taken_seriously", "niet serieus genomen"
    TOLD_AGAIN = "told_again_and_again", "steeds opnieuw moeten vertellen", "having to tell it again and again"
    EVER_NEW_WORKER = "ever_new_worker", "steeds een ander", "a new worker every time"
    PROMISE_NOT_KEPT = "promise_not_kept", "afspraak niet nagekomen"
    UNREACHABLE = "unreachable", "onbereikbaar"
    SANCTION_RECOVERY = "sanction_recovery", "maatregel of terugvordering", "sanction or recovery of benefits"
    UNCLEAR_LETTER_RULE = "unclear_letter_rule", "onduidelijke brief of regel", "unclear letter or rule"
    TOO_SLOW = "too_slow", "duurde te lang", "took too long"
    PRIVACY = "privacy", "gegevens gedeeld zonder mij", "data shared without me"
    WRONG_DATA = "wrong_data", "fout in mijn dossier", "a mistake in my file"
    DISTRUST_CONTROL = "distrust_control", "gecontroleerd of gewantrouwd", "checked on or distrusted"
    DISCRIMINATION = "discrimination", "discriminatie"
    OWN = "own", "eigen woorden", "own words"


class ExistenceHint(Term, dutch="hint dat er iets is"):
    """Whether somebody who may not read it may know that there is something."""

    NONE = "none", "geen hint", "no hint"
    SOFT = "soft", "er is iets dat ik liever zelf vertel", "there is something that I would rather tell myself"


SETTLES = (Confirmation.CONFIRMED, Confirmation.CONFIRMED_WITH_CHANGES, Confirmation.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaggageNote(SharedItem):
    """`themes` fit a life story, `critique_types` a system critique; neither is ever required (INV-29)."""

    kind: BaggageKind
    tell_myself: bool = False
    existence_hint: ExistenceHint = ExistenceHint.NONE
    title: str | None = sealed(default=None)
    short_version: str = sealed()
    full_text: str | None = sealed(default=None)
    themes: tuple[LifeStoryTheme, ...] = sealed(default=())
    critique_types: tuple[CritiqueType, ...] = sealed(default=())
    effect_on_contact: str | None = sealed(default=None)
    what_helps: tuple[str, ...] = sealed(default=())
    what_does_not_help: tuple[str, ...] = sealed(default=())
    do_not_ask_again: bool = sealed(default=False)

    def __post_init__(self) -> None:
        """Raises RuleBroken for themes of the other kind."""
        other = self.critique_types if self.kind is BaggageKind.LIFE_STORY else self.themes
        if other:
            raise RuleBroken("theme_of_other_kind")

    @property
    def withheld(self) -> bool:
        return self.tell_myself

    @property
    def hinted(self) -> bool:
        return self.existence_hint is ExistenceHint.SOFT

    def guard_change(self, role: Role) -> None:
        """What is told about somebody is theirs to change (decision 2 of the design)."""
        if role is not Role.RESIDENT:
            raise NotYours("not_the_resident", self.resident_id)

    def confirm(self, role: Role, answer: Confirmation, changes: dict[str, Any]) -> "BaggageNote":
        """The resident says whether what somebody else wrote is meant so (INV-07). Raises RuleBroken if that was
        said already."""
        self.guard_change(role)
        if self.confirmation is not Confirmation.AWAITING:
            raise RuleBroken("already_decided")
        return replace(self, confirmation=answer, **changes)


def category(note: BaggageNote) -> Category:
    return Category.LIFE_STORY_SHORT if note.kind is BaggageKind.LIFE_STORY else Category.CRITIQUE


BAGGAGE_NOTES: Resource[BaggageNote] = Resource(
    "baggage-notes",
    "bagagenotities",
    BaggageNote,
    category,
    (Category.LIFE_STORY_SHORT, Category.CRITIQUE),
    kinds_of=(
        (Category.LIFE_STORY_SHORT, (BaggageKind.LIFE_STORY.value,)),
        (Category.CRITIQUE, (BaggageKind.SYSTEM_CRITIQUE.value,)),
    ),
    withheld_by="tell_myself",
)
