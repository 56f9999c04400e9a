"""/livez and /readyz: public, without data, for whoever runs the service."""

from collections.abc import Awaitable, Callable

from litestar import get
from litestar.handlers import HTTPRouteHandler

from support_api.http.edge import unavailable


def handlers(ready: Callable[[], Awaitable[bool]]) -> list[HTTPRouteHandler]:
    @get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz")
    async def readyz() -> dict[str, str]:
        if not await ready():
            raise unavailable()
        return {"status": "ready"}

    return [livez, readyz]
