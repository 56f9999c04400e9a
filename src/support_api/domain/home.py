"""Home (beginscherm): what is first on the screen. For a resident the few things that wait for a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from support_api.domain.consents import Consent
from support_api.domain.dutch import day
from support_api.domain.vocabulary import Term

MOST_ASKS = 3
REMINDED = timedelta(days=30)


class AskKind(Term, dutch="soort vraag aan jou"):
    """What waits for the resident's decision, the most pressing first."""

    APPROVE_BRIEFING = "approve_briefing", "mag deze medewerker dit lezen", "may this worker read this"
    CONFIRM_NOTE = "confirm_note", "klopt wat iemand opschreef", "is it right what somebody wrote down"
    KEEP_PORTRAIT_ITEM = "keep_portrait_item", "blijft dit in je portret", "does this stay in your portrait"
    DECIDE_CONSENT = "decide_consent", "mag dit gedeeld worden", "may this be shared"
    RENEW_CONSENT = "renew_consent", "je toestemming loopt af", "your consent ends"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question, about everything of its kind by the same person. `until`: when a consent ends, or ended."""

    kind: AskKind
    who: str
    about: tuple[UUID, ...]
    since: datetime
    until: datetime | None = None

    def sentence(self, now: datetime) -> str:
        many = len(self.about) > 1
        match self.kind:
            case AskKind.APPROVE_BRIEFING:
                return f"{self.who} begeleidt je nu. Wat mag deze medewerker alvast van je lezen?"
            case AskKind.CONFIRM_NOTE:
                what = f"{len(self.about)} dingen" if many else "iets"
                return f"{self.who} schreef {what} op over jou. Bedoel je het zo?"
            case AskKind.KEEP_PORTRAIT_ITEM:
                what = f"{len(self.about)} dingen" if many else "iets"
                return f"{self.who} zette {what} in je portret. Mag dat blijven staan?"
            case AskKind.DECIDE_CONSENT:
                times = f" {len(self.about)} keer" if many else ""
                return f"{self.who} vraagt{times} of iets van jou gedeeld mag worden. Wat vind je?"
            case _:
                until = self.until or now
                ends, wish = ("liep af", "weer geldt") if until <= now else ("loopt af", "blijft gelden")
                return f"Je toestemming voor {self.who} {ends} op {day(until)}. Wil je dat het {wish}?"


def bundled(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """One question for each kind and person; the most pressing kind first, and of a kind what waits longest."""
    found: dict[tuple[AskKind, str, str], Ask] = {}
    for ask in asks:
        key = (ask.kind, ask.who, day(ask.until) if ask.until else "")
        known = found.get(key)
        about = (*known.about, *ask.about) if known else ask.about
        since = min(known.since, ask.since) if known else ask.since
        found[key] = Ask(ask.kind, ask.who, about, since, known.until if known else ask.until)
    kinds = tuple(AskKind)
    return tuple(sorted(found.values(), key=lambda ask: (kinds.index(ask.kind), ask.since)))


def ending(consent: Consent, now: datetime) -> bool:
    """Whether the resident is reminded of it: a yes that ends within thirty days, or ended that short a while ago."""
    if not consent.permits or consent.valid_until is None:
        return False
    return now - REMINDED <= consent.valid_until <= now + REMINDED
