"""Worker (medewerker): somebody who works for or with the municipality. Their name is theirs: sealed with their key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    id: UUID
    person_id: UUID
    version: int = 1
    created_at: datetime
    changed_at: datetime
    display_name: str
    function: str
    unit: str | None = None
