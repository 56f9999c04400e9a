"""The access log (inzage): what the trail says to the resident, in plain Dutch (W9)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from support_api.domain.actions import Action, Outcome
from support_api.domain.vocabulary import Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the trail, as it is stored."""

    id: UUID
    at: datetime
    action: Action
    outcome: Outcome
    role: Role
    actor_id: UUID | None
    client_id: str
    purpose: Purpose | None
    legal_basis: str | None
    consent_id: UUID | None
    object_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whoever acted, as far as the resident may know: the name of somebody they met, role and unit of another."""

    you: bool = False
    name: str | None = None
    function: str | None = None
    unit: str | None = None
    system: str | None = None

    @property
    def words(self) -> str:
        if self.you:
            return "Jij"
        if self.name:
            return self.name
        if self.function:
            return f"Een {self.function}" + (f" van {self.unit}" if self.unit else "")
        return self.system or "Iemand zonder toegang"


def sentence(line: Line, who: Who) -> str:
    """What happened, or what was tried in vain, and what it was for."""
    if line.outcome is not Outcome.DONE:
        return f"{who.words} wilde {line.action.wish}. Dat is niet gebeurd en er is niets getoond."
    if line.action is Action.BRIEFING_READ and not who.you and line.consent_id is None:
        return f"{who.words} wilde {line.action.wish} en kreeg alleen je roepnaam en contactvoorkeuren te zien."
    purpose = f" Doel: {line.purpose.dutch}." if line.purpose else ""
    return f"{who.words} {line.action.dutch}.{purpose}{_notice(line)}"


def _notice(line: Line) -> str:
    """The notice that comes with a standing decision, and the one step to stop it."""
    if line.action is not Action.WORKING_RELATIONSHIP_START or line.consent_id is None:
        return ""
    return (
        " Door een eerdere beslissing van jou kan deze medewerker je briefing meteen lezen."
        " Wil je dat niet? Dan stop je het in één stap."
    )
