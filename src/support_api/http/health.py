"""/livez and /readyz: public, without data, for whoever runs the service."""

from collections.abc import Awaitable, Callable

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler


def handlers(ready: Callable[[], Awaitable[bool]]) -> list[HTTPRouteHandler]:
    @get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz")
    async def readyz() -> Response[dict[str, str]]:
        if await ready():
            return Response({"status": "ready"})
        return Response({"status": "unavailable"}, status_code=503, headers={"Retry-After": "2"})

    return [livez, readyz]
