"""/livez and /readyz: public, without data, for whoever runs the service."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler
from pydantic.alias_generators import to_camel

from support_api.db.readiness import Parts
from support_api.http.edge import unavailable


def handlers(parts: Callable[[], Awaitable[Parts]]) -> list[HTTPRouteHandler]:
    @get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz")
    async def readyz() -> dict[str, Any]:
        found = await parts()
        told = {to_camel(name): state for name, state in asdict(found).items()}
        if found.wrong():
            raise unavailable(parts=told)
        return {"status": "ready", "parts": told}

    return [livez, readyz]
