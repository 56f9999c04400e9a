"""Portrait item (portretitem): what matters, strengths, joys, triggers and tips, in the resident's own words."""

from dataclasses import dataclass
from uuid import UUID

from support_api.domain.errors import NotYours
from support_api.domain.resource import Resource, SharedItem, sealed
from support_api.domain.vocabulary import Category, Confirmation, Role, Term


class PortraitKind(Term, dutch="soort portretitem", source="Movisie; Bouwen aan burgerkracht; WijVaals; Support API"):
    """What an item of the portrait says."""

    WHAT_MATTERS = "what_matters", "wat telt voor mij", "what matters to me"
    LIFE_I_WANT = "life_i_want", "het leven dat ik wil", "the life that I want"
    STRENGTH = "strength", "kracht"
    INTEREST = "interest", "interesse"
    QUALITY = "quality", "kwaliteit"
    MOTIVATOR = "motivator", "drijfveer"
    JOY = "joy", "waar ik blij of warm van word", "what makes me glad"
    TRIGGER = "trigger", "wat mij triggert", "what sets me off"
    SMALL_THING = "small_thing", "klein ding"
    HOPE = "hope", "hoop"
    NEED = "need", "behoefte"
    UNDERLYING_QUESTION = "underlying_question", "vraag achter de vraag", "the question behind the question"
    WHATS_GOING_ON = "whats_going_on", "wat speelt er", "what is going on"
    APPROACH_TIP = "approach_tip", "zo benader je mij", "how to approach me"
    BARRIER = "barrier", "wat in de weg zit", "what stands in the way"
    CONVERSATION_HOOK = "conversation_hook", "aanknopingspunt", "something to start a conversation with"


class Recognised(Term, dutch="herkend", source="Movisie; Support API"):
    """Whether the resident recognises what somebody else sees."""

    YES = "yes", "ja"
    NO = "no", "nee"
    NOT_YET = "not_yet", "nog niet"


class PortraitState(Term, dutch="status van een portretitem"):
    """Whether an item stays in the portrait, which the resident decides."""

    PENDING = "pending_resident", "wacht op de inwoner", "awaiting the resident"
    KEPT = "kept", "blijft staan"
    REMOVED = "removed", "weggehaald door de inwoner", "removed by the resident"


_STATES = {
    Confirmation.AWAITING: PortraitState.PENDING,
    Confirmation.REJECTED: PortraitState.REMOVED,
    Confirmation.CONFIRMED: PortraitState.KEPT,
    Confirmation.CONFIRMED_WITH_CHANGES: PortraitState.KEPT,
}
DECIDES = {PortraitState.KEPT: Confirmation.CONFIRMED, PortraitState.REMOVED: Confirmation.REJECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PortraitItem(SharedItem):
    kind: PortraitKind
    rank: int | None = None
    text: str = sealed()
    seen_by: tuple[str, ...] = sealed(default=())
    recognised: Recognised | None = sealed(default=None)
    domain_codes: tuple[str, ...] = sealed(default=())

    @property
    def state(self) -> PortraitState:
        return _STATES[self.confirmation]

    def guard_change(self, role: Role, caller: UUID, changed: set[str]) -> None:
        """The resident may change anything; others only the words that they wrote themselves. INV-15: only the
        resident ranks what matters."""
        if role is Role.RESIDENT:
            return
        if self.author_id != caller or changed - {"text", "kind", "seen_by", "domain_codes"}:
            raise NotYours("not_the_author", self.resident_id)


PORTRAIT_ITEMS: Resource[PortraitItem] = Resource(
    "portrait-items", "portretitems", PortraitItem, lambda _: Category.PORTRAIT, (Category.PORTRAIT,)
)
