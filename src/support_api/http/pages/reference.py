"""/docs: the API reference, by a viewer that the package carries (vendor/swagger-ui)."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from support_api.http.pages.layout import Layout

# The viewer draws its arrows and crosses from data: addresses in its style sheet.
_POLICY = {"img-src": "'self' data:"}


def handlers(layout: Layout) -> list[HTTPRouteHandler]:
    @get("/docs", name="API reference")
    async def docs() -> Response[bytes]:
        return layout.page("reference.html", policy=_POLICY).response()

    return [docs]
