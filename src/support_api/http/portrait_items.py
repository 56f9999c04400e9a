"""Portrait items on the wire."""

from typing import Any
from uuid import UUID

from pydantic import model_validator

from support_api.domain.access import Access
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitItem, PortraitKind, PortraitState, Recognised
from support_api.domain.vocabulary import Role, Scope, Visibility
from support_api.http import standard
from support_api.http.wire import Change, Code, Id, Line, Moment, Paragraph, View, said
from support_api.services import portrait_items

_KIND: Any = said("soort", "What kind of thing it is.", "what_matters")
_TEXT: Any = said("tekst", "In the resident's own words.", "Dat mijn zoon zondag gewoon kan komen eten.")
_SEEN_BY: Any = said("wie ziet dit", "Who sees this in the resident.", ["buurvrouw"], max_length=20)
_CODES: Any = said("leefgebieden", "Life domains that it touches; never required.", ["meaning"], max_length=20)


class SharedFields(Change):
    visibility: Visibility = said("zichtbaarheid", "Who may ever see it.", "my_workers", default=Visibility.ONLY_ME)
    worker_id: Id | None = said("deze medewerker", "Whom this_worker means.", default=None)

    @model_validator(mode="after")
    def _whom(self) -> "SharedFields":
        if self.visibility is Visibility.THIS_WORKER and self.worker_id is None:
            raise ValueError("this_worker needs workerId")
        return self


class NewPortraitItem(SharedFields):
    kind: PortraitKind = _KIND
    text: Paragraph = _TEXT
    rank: int | None = said("volgorde", "Order that the resident gives it.", 1, default=None, ge=1, le=1000)
    seen_by: tuple[Line, ...] = said("wie ziet dit", "Who sees this in the resident.", ["buurvrouw"], default=())
    recognised: Recognised | None = said("herkend", "Whether the resident recognises it.", "yes", default=None)
    domain_codes: tuple[Code, ...] = said("leefgebieden", "Life domains; never required.", ["meaning"], default=())


class PortraitItemChange(SharedFields):
    kind: PortraitKind = said("soort", "What kind of thing it is.", "joy", default=PortraitKind.JOY)
    text: Paragraph = said("tekst", "In the resident's own words.", "Koken voor anderen.", default="-")
    rank: int | None = said("volgorde", "Order that the resident gives it.", 1, default=None, ge=1, le=1000)
    seen_by: tuple[Line, ...] = said("wie ziet dit", "Who sees this in the resident.", ["buurvrouw"], default=())
    recognised: Recognised | None = said("herkend", "Whether the resident recognises it.", "yes", default=None)
    domain_codes: tuple[Code, ...] = said("leefgebieden", "Life domains; never required.", ["meaning"], default=())
    state: PortraitState = said("status", "The resident keeps or removes it.", "kept", default=PortraitState.KEPT)


class PortraitItemView(View):
    id: UUID = said("kenmerk", "Id of the item.")
    version: int = said("versie", "Counts the changes.", 1)
    kind: PortraitKind = _KIND
    text: str = _TEXT
    rank: int | None = said("volgorde", "Order that the resident gave it.", 1)
    seen_by: tuple[str, ...] = _SEEN_BY
    recognised: Recognised | None = said("herkend", "Whether the resident recognises it.", "yes")
    domain_codes: tuple[str, ...] = _CODES
    state: PortraitState = said("status", "Whether the resident keeps what somebody else wrote.", "kept")
    visibility: Visibility = said("zichtbaarheid", "Who may ever see it.", "my_workers")
    worker_id: UUID | None = said("deze medewerker", "Whom this_worker means.")
    author_role: Role = said("wie schreef dit", "Role of whoever wrote it down.", "resident")
    created_at: Moment = said("aangemaakt", "When it was written down.")
    changed_at: Moment = said("gewijzigd", "When it was last changed.")


def render(_: Access, item: PortraitItem) -> PortraitItemView:
    return PortraitItemView.model_validate(item)


OPERATIONS = standard.routes(
    PORTRAIT_ITEMS,
    view=PortraitItemView,
    render=render,
    read=Scope.PORTRAIT_READ,
    write=Scope.PORTRAIT_WRITE,
    new=NewPortraitItem,
    build=portrait_items.build,
    change=PortraitItemChange,
    apply=portrait_items.apply,
)
