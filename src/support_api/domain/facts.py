"""What deciding needs: who calls, and what is known of the resident and of what is between the two."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from support_api.domain.consents import Decision
from support_api.domain.vocabulary import Assurance, Duty, Role, Scope


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, from the verified token alone. `subject` is a keyed hash: a subject may be a BSN."""

    municipality_id: UUID
    role: Role
    subject: bytes
    client_id: str
    scopes: frozenset[Scope]
    assurance: Assurance
    bsn_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """The caller as the municipality knows it: the id of the role (resident, worker, client …) and its person."""

    id: UUID
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The resident whom it is about; `owner_id` is the person whose key closes the content."""

    id: UUID
    owner_id: UUID
    key_id: UUID
    key_active: bool
    recorded_by: UUID
    ever_supported: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A working relationship of the caller with this resident, or one that they stand in for: `deputy_of` is whose."""

    id: UUID
    duties: frozenset[Duty]
    started_at: datetime
    ended_at: datetime | None
    deputy_of: UUID | None = None

    def active(self, now: datetime) -> bool:
        return self.started_at <= now and (self.ended_at is None or now < self.ended_at)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that deciding needs, read in one query in the transaction of the data itself."""

    me: Me | None = None
    resident: Subject | None = None
    relations: tuple[Relation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    emergency_until: datetime | None = None
