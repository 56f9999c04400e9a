"""Which web pages may call from a browser (CORS, in the Fetch standard): those of the origins that are allowed.

Without cookies or other credentials of the browser's: a page proves itself with a token, as any client does.
"""

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]

ALLOWED_HEADERS = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Processing-Purpose",
    "traceparent",
    "tracestate",
)
EXPOSED_HEADERS = (
    "API-Version",
    "Content-Language",
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
)
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_ANY_PORT = "(:[0-9]{1,5})?"
_KEEP_SECONDS = 600
_ORIGIN, _ALLOWED = b"origin", b"access-control-allow-origin"


class Origins:
    """`allowed`: `https://werkplek.example`, or `http://localhost:*` for any port."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        parts = (re.escape(each.removesuffix(":*")) + (_ANY_PORT if each.endswith(":*") else "") for each in allowed)
        self._any = bool(allowed)
        self._pattern = re.compile("|".join(f"(?:{part})" for part in parts))

    def preflight(self, scope: Scope) -> Headers | None:
        """The answer to a browser that asks before it calls; None if that isn't what this is, or not allowed.

        It says nothing of the address: there may be nothing, and then the page gets to read that.
        """
        names = {name for name, _ in scope["headers"]}
        if scope["method"] != "OPTIONS" or b"access-control-request-method" not in names or not self._origin(scope):
            return None
        return [
            (b"access-control-allow-methods", _METHODS.encode()),
            (b"access-control-allow-headers", ", ".join(ALLOWED_HEADERS).encode()),
            (b"access-control-max-age", str(_KEEP_SECONDS).encode()),
        ]

    def added(self, scope: Scope, own: set[bytes]) -> Headers:
        """What each answer carries besides its `own` headers; one that is open to all says so itself."""
        if not self._any or _ALLOWED in own:
            return []
        vary = [(b"vary", b"Origin")]
        origin = self._origin(scope)
        if not origin:
            return vary
        return [*vary, (_ALLOWED, origin), (b"access-control-expose-headers", ", ".join(EXPOSED_HEADERS).encode())]

    def _origin(self, scope: Scope) -> bytes:
        """Of an allowed page, as it was sent; else empty."""
        sent = [value for name, value in scope["headers"] if name == _ORIGIN]
        found = self._any and len(sent) == 1 and self._pattern.fullmatch(sent[0].decode("latin-1"))
        return sent[0] if found else b""
