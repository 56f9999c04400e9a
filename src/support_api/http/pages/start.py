"""The start page: what this is, and where each kind of visitor goes next. Public, without data."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from support_api.http.pages import reference, static
from support_api.http.pages.layout import Layout


def handlers(public_url: str, front: HTTPRouteHandler | None = None) -> list[HTTPRouteHandler]:
    """`front`: another start page than this one."""
    layout = Layout(public_url)

    @get("/", name="start page")
    async def start() -> Response[bytes]:
        return layout.page("start.html").response()

    return [front or start, *reference.handlers(layout), *static.handlers(static.STATIC)]
