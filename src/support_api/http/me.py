"""Who the caller is here: the role of the token and the caller's own ids."""

from uuid import UUID

from support_api.domain.actions import Action
from support_api.domain.vocabulary import Role, Scope
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import View, said


class MeView(View, title="de aanroeper"):
    """Who the caller is here."""

    role: Role = said("rol", "The acting role of the token.", "worker")
    municipality_id: UUID = said("gemeente", "The municipality that the token speaks for.")
    resident_id: UUID | None = said("inwoner", "The caller's own resident id, for a resident.")
    worker_id: UUID | None = said("medewerker", "The caller's own worker id, for a worker or a team lead.")
    system_id: UUID | None = said("systeem", "The id by which a consent names the calling system.")
    client_id: str = said("toepassing", "The registered client through which the call comes.", "werkplek")


async def _use(call: Call) -> Answer:
    me = await call.work.identify()
    principal = call.work.principal
    resident, system = principal.role is Role.RESIDENT, principal.role is Role.EXTERNAL_SYSTEM
    call.work.record(Action.ME_READ, None, residents=(me.id,) if resident else ())
    view = MeView(
        role=principal.role,
        municipality_id=principal.municipality_id,
        resident_id=me.id if resident else None,
        worker_id=None if resident or system else me.id,
        system_id=me.id if system else None,
        client_id=principal.client_id,
    )
    return Answer(view)


OPERATIONS = [
    Operation(
        name="getMe",
        method="GET",
        path="/me",
        tag="me",
        summary="Who you are here",
        action=Action.ME_READ,
        scope=Scope.ME,
        about=About.SELF,
        use=_use,
        answer=MeView,
    )
]
