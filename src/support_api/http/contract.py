"""/v1/openapi.json: public, for every web page, the same as the committed contract but for the server's address."""

from functools import cache
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from support_api.http import openapi
from support_api.http.operations import Operation
from support_api.http.problems import Problem
from support_api.http.reading import fault


def handlers(operations: list[Operation], public_url: str) -> list[HTTPRouteHandler]:
    @cache
    def content() -> bytes:
        return msgspec.json.encode(openapi.document(operations, public_url.rstrip("/") + "/v1"))

    @get("/v1/openapi.json", name="getContract")
    async def contract(request: Request[Any, Any, Any]) -> Response[bytes]:
        if request.scope["query_string"]:
            raise Problem("invalid_input", faults=(fault("parameters", "unknown_parameter"),))
        return Response(content(), media_type=openapi.JSON, headers={"Access-Control-Allow-Origin": "*"})

    return [contract]
