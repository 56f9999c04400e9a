"""Why something is not done.

SupportApiError
├─ Refused              a decision about a person's data; goes into the audit trail
│  ├─ Hidden            404: foreign, not permitted, erased or never there; the caller can't tell which
│  ├─ NotYours          403 action_not_allowed: visible, but not this caller's to do
│  └─ RuleBroken        409: a rule of the domain refuses; says what is possible instead
├─ Invalid              400: input that the caller can mend, all faults at once
├─ Stale                412: somebody changed it first
├─ KeyInUse             422: an Idempotency-Key that served for another request
├─ StillRunning         409: the same Idempotency-Key is being worked on now
└─ Unavailable          503: a part that we need is away; nothing was done
"""

from dataclasses import dataclass
from uuid import UUID

from support_api.domain.rules import RULES


class SupportApiError(Exception):
    pass


class Refused(SupportApiError):
    """`reason` is for the audit trail alone, never for the caller."""

    def __init__(self, reason: str, resident_id: UUID | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.resident_id = resident_id


class Hidden(Refused):
    pass


class NotYours(Refused):
    pass


class RuleBroken(Refused):
    """`code` names one of RULES, which says why and what is possible instead. `resident_id`: about whom the refusal
    tells the caller something, who then reads of it too."""

    def __init__(self, code: str, resident_id: UUID | None = None) -> None:
        super().__init__(code, resident_id)
        self.code = code
        self.rule = RULES[code]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in the input: where (JSON pointer or parameter), and which."""

    name: str
    code: str


class Invalid(SupportApiError):
    def __init__(self, *faults: Fault) -> None:
        super().__init__("invalid input")
        self.faults = faults


class Stale(SupportApiError):
    pass


class KeyInUse(SupportApiError):
    pass


class StillRunning(SupportApiError):
    pass


class Unavailable(SupportApiError):
    """`what` names the missing part for the operator's log."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
