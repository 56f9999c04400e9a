"""Bodies in pieces: that never end, that end halfway, that come in crumbs, or that are another length than was said."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from support_api.http.bodies import LONGEST_BODY
from tests.every_operation import Good
from tests.hostile.requests import MARKER, Attempt, Request, refused

_MARK = MARKER.encode()


async def halves(first: bytes) -> AsyncIterator[bytes]:
    yield first
    await asyncio.Event().wait()


async def pieces(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


def attempts(good: Good, start: Request) -> Iterator[Attempt]:
    typed = start.header("Content-Type", good.operation.media_types[0])
    for first in (b"", b'{"' + _MARK, b" " * 1000):
        yield refused(f"{first[:9]!r} and no more", typed.but(content=halves(first)), 408)
    yield refused("too much in pieces", typed.but(content=pieces(_MARK * 1000, LONGEST_BODY // 10_000)), 413)
    yield refused("crumbs", typed.but(content=pieces(b" ", 5000)), 413)
    said = typed.header("Content-Length", "3")
    yield refused("more than was said", said.but(content=pieces(_MARK * 1000, LONGEST_BODY // 10_000)), 413)
    for length in ("99999999999999999999999", "262145", "1" + "0" * 400):
        yield refused(f"Content-Length: {length[:30]}", typed.header("Content-Length", length), 413)
