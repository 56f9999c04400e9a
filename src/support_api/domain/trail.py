"""What the audit trail keeps of one request (access.md, two trails): who, what, why; never content."""

from dataclasses import dataclass
from uuid import UUID

from support_api.domain.actions import Action, Outcome
from support_api.domain.grounds import Basis
from support_api.domain.vocabulary import Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    action: Action
    outcome: Outcome
    role: Role
    actor_id: UUID | None
    client_id: str
    purpose: Purpose | None
    legal_basis: str | None
    basis: Basis
    reason: str | None
    consent_id: UUID | None
    trace_id: UUID
    resident_ids: tuple[UUID, ...] = ()
    object_ids: tuple[UUID, ...] = ()
