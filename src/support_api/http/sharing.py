"""What every item that can be shared has on the wire: who may see it, whose words it is."""

from uuid import UUID

from pydantic import ConfigDict, model_validator

from support_api.domain.vocabulary import Role, Visibility
from support_api.http.wire import Change, Id, Moment, View, mistake, only_if, said

_A_WORKER = {"properties": {"workerId": {"type": "string"}}, "required": ["workerId"]}
_VISIBLE = (
    "Who may ever see it; a consent is still needed. What a worker writes is `this_worker`, until the resident decides."
)
WHOM = only_if("visibility", "this_worker", _A_WORKER)


class SharedFields(Change):
    model_config = ConfigDict(json_schema_extra=WHOM)

    visibility: Visibility = said("zichtbaarheid", _VISIBLE, "my_workers", default=Visibility.ONLY_ME)
    worker_id: Id | None = said(
        "deze medewerker",
        "Whom this_worker means; that needs one. Somebody whom the resident has met, as in `GET /workers`.",
        default=None,
    )

    @model_validator(mode="after")
    def _whom(self) -> "SharedFields":
        if self.visibility is Visibility.THIS_WORKER and self.worker_id is None:
            raise mistake("workerId", "required")
        return self


class ItemView(View):
    id: UUID = said("kenmerk", "Id of the item.")
    version: int = said("versie", "Counts the changes.", 1)
    author_role: Role = said("wie schreef dit", "Role of whoever wrote it down.", "resident")
    created_at: Moment = said("aangemaakt", "When it was written down.")
    changed_at: Moment = said("gewijzigd", "When it was last changed.")


class SharedView(ItemView):
    visibility: Visibility = said("zichtbaarheid", "Who may ever see it; a consent is still needed.", "my_workers")
    worker_id: UUID | None = said("deze medewerker", "Whom this_worker means.")
