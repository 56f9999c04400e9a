"""Workers on the wire."""

from uuid import UUID

from support_api.domain.actions import Action
from support_api.domain.vocabulary import Scope
from support_api.domain.workers import Worker
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.wire import ListQuery, View, page_of, said
from support_api.services import workers


class WorkerView(View, title="medewerker"):
    """Somebody who works for or with the municipality."""

    id: UUID = said("kenmerk", "Id of the worker.")
    version: int = said("versie", "Counts the changes.", 1)
    display_name: str = said("naam", "As colleagues and residents know the worker.", "Teun Demo")
    function: str = said("functie", "What the worker is.", "consulent")
    unit: str | None = said("team of afdeling", "Where the worker works.", "Wijkteam De Denkbeeldige Linde")


WorkerPageView = page_of(WorkerView)


def render(worker: Worker) -> WorkerView:
    return WorkerView.model_validate(worker)


async def _list(call: Call) -> Answer:
    page = await workers.page(call.work, call.window())
    return Answer(call.page(page, WorkerPageView, [render(each) for each in page.items]))


async def _read(call: Call) -> Answer:
    worker = await workers.read(call.work, call.ids["workerId"])
    return Answer(render(worker), worker.version, worker.id)


OPERATIONS = [
    Operation(
        name="listWorkers",
        method="GET",
        path="/workers",
        tag="workers",
        summary="The workers of the municipality; for a resident those whom they know",
        action=Action.WORKER_LIST,
        scope=Scope.WORKERS_READ,
        about=About.HOUSE,
        use=_list,
        answer=WorkerPageView,
        query=ListQuery,
    ),
    Operation(
        name="getWorker",
        method="GET",
        path="/workers/{workerId}",
        tag="workers",
        summary="One worker",
        action=Action.WORKER_READ,
        scope=Scope.WORKERS_READ,
        about=About.HOUSE,
        use=_read,
        answer=WorkerView,
    ),
]
