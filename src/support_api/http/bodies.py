"""The body of a request as it comes in: it ends within its size and its time, or is refused."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from support_api.http.problems import Problem

LONGEST_BODY = 256 * 1024
BODY_SECONDS = 10.0
# After the answer is known: a caller who still sends is broken off, and may lose the answer, if nobody reads on.
GRACE_SECONDS = 0.25
_MOST_PIECES = 4096  # one byte at a time, 256 KiB would keep a processor busy for seconds
_Message = MutableMapping[str, Any]


class IncomingBody:
    def __init__(self, receive: Callable[[], Awaitable[_Message]], headers: dict[bytes, bytes]) -> None:
        self._receive = receive
        self._seen = self._pieces = 0
        self._complete = headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers
        self._broken = False
        self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS

    async def receive(self) -> _Message:
        """The next piece. Raises Problem `too_slow`, `too_large`, or `invalid_input` if the caller leaves halfway."""
        if self._complete and self._pieces:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._next()
        except TimeoutError:
            self._broken = True
            raise Problem("too_slow") from None
        if self._broken:
            raise Problem("invalid_input")
        if self._seen > LONGEST_BODY or self._pieces > _MOST_PIECES:
            raise Problem("too_large")
        return message

    async def left(self) -> bool:
        """Whether a part is still to come, so that the connection is of no more use; what comes soon is thrown away."""
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                while not self._complete and not self._broken:
                    await self._next()
        except TimeoutError:
            pass
        return not self._complete

    async def _next(self) -> _Message:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._broken = True
        else:
            self._seen, self._pieces = self._seen + len(message.get("body", b"")), self._pieces + 1
            self._complete = not message.get("more_body", False)
        return message
