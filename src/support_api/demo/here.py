"""Who may talk to `/demo`: this machine's own pages and programs, and no page from elsewhere.

A name that somebody points at 127.0.0.1 (DNS rebinding) makes a page of theirs look like one of ours to a browser; the
`Host` that it sends gives it away. What changes something also refuses a page that isn't from this machine: a form can
be sent across sites without asking.
"""

import re
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from support_api.http.problems import Problem

Connection = ASGIConnection[Any, Any, Any, Any]
LOOPBACK = r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?"
_HOST = re.compile(LOOPBACK, re.IGNORECASE)
_ORIGIN = re.compile("http://" + LOOPBACK)
_OWN_SITES = ("same-origin", "same-site", "none")


def only_here(connection: Connection, _: BaseRouteHandler) -> None:
    """The shell has seen to it that there is one `Host`."""
    if not _HOST.fullmatch(connection.headers.get("host", "")):
        raise Problem("not_found")


def no_foreign_page(connection: Connection, handler: BaseRouteHandler) -> None:
    """A program sends none of these headers; every browser of today sends `Origin` with a POST."""
    only_here(connection, handler)
    headers = connection.headers
    origins = headers.getall("origin", [])
    if any(not _ORIGIN.fullmatch(origin) for origin in origins):
        raise Problem("action_not_allowed")
    if not origins and headers.get("sec-fetch-site", "none") not in _OWN_SITES:
        raise Problem("action_not_allowed")
