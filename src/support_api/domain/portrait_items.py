"""Portrait item (portretitem): what matters, strengths, joys, triggers and tips, in the resident's own words."""

from dataclasses import dataclass
from uuid import UUID

from support_api.domain.errors import NotYours
from support_api.domain.resource import Resource, SharedItem, sealed
from support_api.domain.vocabulary import Category, Confirmation, Role, Term


class PortraitKind(Term):
    WHAT_MATTERS = "what_matters", "wat telt voor mij"
    LIFE_I_WANT = "life_i_want", "het leven dat ik wil"
    STRENGTH = "strength", "kracht"
    INTEREST = "interest", "interesse"
    QUALITY = "quality", "kwaliteit"
    MOTIVATOR = "motivator", "drijfveer"
    JOY = "joy", "waar ik blij of warm van word"
    TRIGGER = "trigger", "wat mij triggert"
    SMALL_THING = "small_thing", "klein ding"
    HOPE = "hope", "hoop"
    NEED = "need", "behoefte"
    UNDERLYING_QUESTION = "underlying_question", "vraag achter de vraag"
    WHATS_GOING_ON = "whats_going_on", "wat speelt er"
    APPROACH_TIP = "approach_tip", "zo benader je mij"
    BARRIER = "barrier", "wat in de weg zit"
    CONVERSATION_HOOK = "conversation_hook", "aanknopingspunt"


class Recognised(Term):
    YES = "yes", "ja"
    NO = "no", "nee"
    NOT_YET = "not_yet", "nog niet"


class PortraitState(Term):
    PENDING = "pending_resident", "wacht op de inwoner"
    KEPT = "kept", "blijft staan"
    REMOVED = "removed", "weggehaald door de inwoner"


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
