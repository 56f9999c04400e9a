"""Portrait items on the wire."""

from typing import Any

from support_api.domain.access import Access
from support_api.domain.portrait_items import PORTRAIT_ITEMS, PortraitItem, PortraitKind, PortraitState, Recognised
from support_api.domain.vocabulary import Scope
from support_api.http import standard
from support_api.http.sharing import SharedFields, SharedView
from support_api.http.wire import Code, Line, Paragraph, said
from support_api.services import portrait_items


def _kind(**kwargs: Any) -> Any:
    return said("soort", "What kind of thing it is.", "what_matters", **kwargs)


def _text(**kwargs: Any) -> Any:
    return said("tekst", "In the resident's own words.", "Dat mijn zoon zondag gewoon kan komen eten.", **kwargs)


class _Fields(SharedFields):
    rank: int | None = said("volgorde", "Order that the resident gives it.", 1, default=None, ge=1, le=1000)
    seen_by: tuple[Line, ...] = said(
        "wie ziet dit", "Who sees this in the resident.", ["buurvrouw"], default=(), max_length=20
    )
    recognised: Recognised | None = said("herkend", "Whether the resident recognises it.", "yes", default=None)
    domain_codes: tuple[Code, ...] = said(
        "leefgebieden", "Life domains that it touches; never required.", ["meaning"], default=(), max_length=20
    )


class NewPortraitItem(_Fields, title="nieuw portretitem"):
    """A portrait item to add."""

    kind: PortraitKind = _kind()
    text: Paragraph = _text()


class PortraitItemChange(_Fields, title="wijziging van een portretitem"):
    """What changes of a portrait item."""

    kind: PortraitKind = _kind(default=PortraitKind.JOY)
    text: Paragraph = _text(default="-")
    state: PortraitState = said("status", "The resident keeps or removes it.", "kept", default=PortraitState.KEPT)


class PortraitItemView(SharedView, title="portretitem"):
    """What matters, a strength, a joy, a trigger or a tip, in the resident's own words."""

    kind: PortraitKind = _kind()
    text: str = _text()
    rank: int | None = said("volgorde", "Order that the resident gave it.", 1)
    seen_by: tuple[str, ...] = said("wie ziet dit", "Who sees this in the resident.", ["buurvrouw"])
    recognised: Recognised | None = said("herkend", "Whether the resident recognises it.", "yes")
    domain_codes: tuple[str, ...] = said("leefgebieden", "Life domains that it touches.", ["meaning"])
    state: PortraitState = said("status", "Whether the resident keeps what somebody else wrote.", "kept")


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
