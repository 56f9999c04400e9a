"""One request's work: its transaction, who calls and why, the moment, and what goes into the trail. A service gets it
passed in and never sees a request."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from support_api.db import facts, order
from support_api.db.tx import Tx
from support_api.domain.access import Access, decide
from support_api.domain.actions import Action, Outcome
from support_api.domain.errors import Hidden
from support_api.domain.facts import Facts, Me, Principal
from support_api.domain.grounds import Basis
from support_api.domain.register import Activity
from support_api.domain.trail import Record
from support_api.domain.vocabulary import Purpose


class Work:
    def __init__(
        self,
        tx: Tx,
        principal: Principal,
        purpose: Purpose | None,
        activity: Activity | None,
        now: datetime,
        trace_id: UUID,
        new_id: Callable[[], UUID],
    ) -> None:
        self.tx = tx
        self.principal = principal
        self.purpose = purpose
        self.now = now
        self._new_id = new_id
        self._activity = activity
        self._closed = activity.closed if activity else frozenset()
        self._trace_id = trace_id
        self._me: Me | None = None
        self._basis = Basis.NONE
        self._entered: UUID | None = None
        self._done: Action | None = None
        self._residents: list[UUID] = []
        self._objects: list[UUID] = []
        self._consent_id: UUID | None = None

    async def line_up(self, *owners: UUID) -> None:
        """Before anything is added to the lists of these owners (a resident, a worker), or under an id that is one
        thing's alone: waits for this request's turn. Raises StillRunning if it does not come in time."""
        await order.line_up(self.tx, *owners)

    def new_id(self) -> UUID:
        return order.placed(self.tx, self._new_id())

    async def enter(self, resident_id: UUID, action: Action, items: Collection[UUID] | None = None) -> Access:
        """The caller's access to this resident, decided on facts of this transaction. Raises Hidden or NotYours.

        With `items` it opens no single item but these.
        """
        found = await facts.load(self.tx, self.principal, resident_id, items)
        access = self.admit(decide(self.principal, found, self.purpose, self.now, self._closed), action)
        self._entered = resident_id
        return access

    async def enter_given(self, resident_id: UUID, action: Action, given: Callable[[Facts], Facts]) -> Access:
        """Like `enter`, decided on the facts as they will be: for what lets somebody in."""
        found = given(await facts.load(self.tx, self.principal, resident_id))
        access = self.admit(decide(self.principal, found, self.purpose, self.now, self._closed), action)
        self._entered = resident_id
        return access

    async def enter_many(self, resident_ids: Iterable[UUID], action: Action) -> list[Access]:
        """Like `enter` for a list across residents, which shows no items: those that don't open are left out."""
        found = await facts.load_many(self.tx, self.principal, resident_ids, items=())
        entered = []
        for each in found:
            access = decide(self.principal, each, self.purpose, self.now, self._closed)
            self._me = access.me
            try:
                access.require(action)
            except Hidden:
                continue
            entered.append(access)
        self._basis = entered[0].basis if entered else self._basis
        return entered

    def admit(self, access: Access, action: Action) -> Access:
        self._me, self._basis = access.me, access.basis
        access.require(action)
        return access

    async def identify(self) -> Me:
        """Who the caller is here, where no resident is concerned. Raises Hidden for somebody unknown."""
        self._me = await facts.who(self.tx, self.principal)
        if self._me is None:
            raise Hidden("caller_unknown")
        return self._me

    def record(
        self,
        action: Action,
        access: Access | None,
        *objects: UUID,
        residents: Iterable[UUID] = (),
        consent_id: UUID | None = None,
    ) -> None:
        """What the trail will say of this request. Without it the edge gives no answer."""
        self._done = action
        self._objects.extend(objects)
        self._residents.extend(residents)
        self._consent_id = consent_id
        if access is not None:
            self._residents.append(access.resident_id)

    @property
    def recorded(self) -> Record | None:
        return self._record(self._done, Outcome.DONE, None) if self._done else None

    def refusal(self, action: Action, outcome: Outcome, reason: str, resident_id: UUID | None = None) -> Record:
        """What the trail says instead, when nothing was shown or done: of `resident_id`, and of whom was entered."""
        self._objects.clear()
        self._residents[:] = dict.fromkeys(whom for whom in (resident_id, self._entered) if whom)
        return self._record(action, outcome, reason)

    def _record(self, action: Action, outcome: Outcome, reason: str | None) -> Record:
        return Record(
            action=action,
            outcome=outcome,
            role=self.principal.role,
            actor_id=self._me.id if self._me else None,
            client_id=self.principal.client_id,
            purpose=self.purpose,
            legal_basis=self._activity.legal_basis if self._activity else None,
            basis=self._basis,
            reason=reason,
            consent_id=self._consent_id,
            trace_id=self._trace_id,
            resident_ids=tuple(self._residents),
            object_ids=tuple(self._objects),
        )
