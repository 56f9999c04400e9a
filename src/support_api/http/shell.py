"""The shell around everything: what holds for each answer, the router's own and the crash's included.

Request id, limits on address and headers and body, `//` and a trailing slash are nowhere, and the headers that every
answer carries. Plain ASGI, outside the framework, so that no route and no error escapes it.

A HEAD is a GET to everything inside, so that nothing there can ask less of it; only its body stays behind, here.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID, uuid4

from support_api import metrics
from support_api.http.bodies import LONGEST_BODY, IncomingBody
from support_api.http.cors import Origins
from support_api.http.observing import Observed
from support_api.http.problems import MEDIA_TYPE, Problem, language
from support_api.logs import Cause, Failed, Unexpected, tell

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

API_VERSION = "0.1.0"
_LONGEST_PATH, _LONGEST_QUERY = 2048, 4096
_MOST_HEADERS, _LONGEST_HEADERS = 64, 16 * 1024
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

# Without it, the server that runs us would give its own name.
_SERVER = b"support-api"
_HEADERS = (
    (b"api-version", API_VERSION.encode()),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"frame-ancestors 'none'; default-src 'self'"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)


class Shell:
    """`lifespan` opens and closes what the app needs, for who runs it without a server. While `leaving`, callers are
    asked to come back over another connection. Pages of `origins` may call from a browser."""

    def __init__(
        self,
        app: App,
        lifespan: Callable[[], AbstractAsyncContextManager[None]],
        leaving: Callable[[], bool],
        origins: Origins,
    ) -> None:
        self._app = app
        self.lifespan = lifespan
        self._leaving = leaving
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._live(scope, receive, send)
            return
        parent = _values(scope, b"traceparent")
        request_id = _request_id(parent)
        scope.setdefault("state", {})["request_id"] = request_id
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        with Observed(inner, scope["method"], request_id, parent, _values(scope, b"tracestate")) as observed:
            await self._answer(scope, inner, receive, send, observed)

    async def _answer(self, scope: Scope, inner: Scope, receive: Receive, send: Send, observed: Observed) -> None:
        head, headers, request_id = scope["method"] == "HEAD", dict(scope["headers"]), scope["state"]["request_id"]
        started, body = False, IncomingBody(receive, headers)

        async def finish(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started, observed.status = True, message["status"]
                own = {name for name, _ in message.get("headers", ())}
                added = [(name, value) for name, value in _HEADERS if name not in own]
                added += [(b"x-request-id", str(request_id).encode()), (b"server", _SERVER)]
                added += self._origins.added(scope, own)
                if (await body.left() or self._leaving()) and scope.get("http_version") != "2":
                    added.append((b"connection", b"close"))
                message["headers"] = [*message.get("headers", ()), *added]
            elif head:
                message["body"] = b""
            await send(message)

        preflight = self._origins.preflight(scope)
        if preflight is not None:
            await finish({"type": "http.response.start", "status": 204, "headers": preflight})
            await finish({"type": "http.response.body", "body": b""})
            return
        problem = _refused(scope, headers)
        if problem is None:
            try:
                await self._app(inner, body.receive, finish)
                return
            except Problem as raised:
                problem = raised
            except Exception as error:
                tell(Unexpected(request_id, Cause.of(error)))
                problem = Problem("internal")
        if not started:
            await _send_problem(problem, request_id, _values(scope, b"accept-language"), finish)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The framework tells the server what went wrong in words that we keep out of the log."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            tell(Failed(Cause.of(error)))
            raise


def _request_id(traceparent: list[str]) -> UUID:
    """The caller's trace id where there is one, so that both sides can find the same request. Of two headers neither
    counts (W3C Trace Context)."""
    found = _TRACE.fullmatch(traceparent[0]) if len(traceparent) == 1 else None
    if found and found[1] != "0" * 32:
        return UUID(found[1])
    return uuid4()


def _refused(scope: Scope, headers: dict[bytes, bytes]) -> Problem | None:
    path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass")
    path = path.split(b"?", 1)[0]
    if len(path) > _LONGEST_PATH or len(scope["query_string"]) > _LONGEST_QUERY:
        return Problem("uri_too_long")
    if len(scope["headers"]) > _MOST_HEADERS or sum(len(k) + len(v) for k, v in scope["headers"]) > _LONGEST_HEADERS:
        return Problem("headers_too_large")
    if not _one_host(scope):
        return Problem("invalid_input")
    if b"//" in path or (path.endswith(b"/") and path != b"/") or b"%" in path:
        return Problem("not_found")
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length[:12]) > LONGEST_BODY:
        return Problem("too_large")
    return None


def _one_host(scope: Scope) -> bool:
    """RFC 9112, 3.2. The server puts an empty one where there was none; before HTTP/1.1 that was right."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return scope.get("http_version") != "1.1" or (len(hosts) == 1 and hosts[0] != b"")


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for each, value in scope["headers"] if each == name]


async def _send_problem(problem: Problem, request_id: UUID, asked: list[str], send: Send) -> None:
    chosen = language(asked)
    metrics.count(metrics.REFUSALS, problem.code)
    body = problem.body(request_id, chosen)
    own = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    own.append((b"content-language", chosen.encode()))
    own += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    await send({"type": "http.response.start", "status": problem.kind.status, "headers": own})
    await send({"type": "http.response.body", "body": body})
