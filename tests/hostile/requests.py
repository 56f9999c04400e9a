"""Requests to the byte, as no careful client writes them, and what each of them must get."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import httpx

from tests.conftest import World
from tests.every_operation import Good
from tests.leaks.sinks import MARKER

# Stand in what is sent, and may not stand in what comes back.
DIGITS = "73917391"
MARKS = (MARKER, DIGITS)
ALWAYS_REFUSED = frozenset({400})


@dataclass(frozen=True)
class Request:
    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    content: Any = None

    def header(self, name: str, *values: str | bytes) -> "Request":
        """With these values of it and no others; without values, without the header."""
        low = name.lower().encode()
        left = tuple(pair for pair in self.headers if pair[0].lower() != low)
        made = tuple((name.encode(), v if isinstance(v, bytes) else v.encode()) for v in values)
        return replace(self, headers=left + made)

    def query(self, query: str) -> "Request":
        return replace(self, target=self.target + b"?" + query.encode())

    def but(self, **changes: Any) -> "Request":
        return replace(self, **changes)

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        url = client.base_url.copy_with(raw_path=self.target)
        made = client.build_request(self.method, url, headers=list(self.headers), content=self.content)
        return await client.send(made)


@dataclass(frozen=True)
class Attempt:
    """`statuses`: what it may get. `names`: what `invalidParams` must name, if that is known."""

    what: str
    request: Request
    statuses: frozenset[int] = ALWAYS_REFUSED
    names: frozenset[str] = frozenset()


def careful(world: World, good: Good) -> Request:
    """The good request itself, to be spoilt. Always with the same key, so that no refusal may use it up."""
    sent = {"Host": "testserver", **good.sent(world)}
    headers = tuple((name.encode(), value.encode()) for name, value in sent.items())
    return Request(good.method, good.path.encode(), headers, good.content)


def refused(what: str, request: Request, *statuses: int, names: Iterable[str] = ()) -> Attempt:
    return Attempt(what, request, frozenset(statuses or ALWAYS_REFUSED), frozenset(names))
