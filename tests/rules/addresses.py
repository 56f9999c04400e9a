"""Every address of the service, the contract's and its own ones, with the methods that it has there."""

import re

import httpx

from support_api.app import OPERATIONS
from support_api.http.pages.static import STATIC
from tests.conftest import World
from tests.make import UNKNOWN

PAGES = ("/", "/docs", *(f"/static/{name}" for name in STATIC))
PUBLIC = ("/v1/openapi.json", "/livez", "/readyz", *PAGES)


def addresses() -> dict[str, set[str]]:
    found = {path: {"GET", "HEAD", "OPTIONS"} for path in PUBLIC}
    for operation in OPERATIONS:
        path = "/v1" + re.sub(r"{\w+}", UNKNOWN, operation.path)
        methods = {"GET", "HEAD"} if operation.method == "GET" else {operation.method}
        found.setdefault(path, {"OPTIONS"}).update(methods)
    return found


async def ask(world: World, method: str, path: str, **headers: str) -> httpx.Response:
    """At this address to the byte, which a client would mend."""
    url = httpx.URL("http://testserver").copy_with(raw_path=path.encode())
    return await world.client.request(method, url, headers=headers)
