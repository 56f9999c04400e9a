"""Requests as bytes and answers in turn, over connections that are kept, each held to the contract."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import httpx

from tests.contract.check import contract
from tests.hostile.requests import MARKS, Request
from tests.hostile.sockets import Answer

_BARE = {400, 414, 431}


class Exchange:
    """One connection at a time, opened anew when it has ended."""

    def __init__(self, port: int, patience: float = 20) -> None:
        self._port, self._patience = port, patience
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes, *, to_head: bool = False, whole: bool = True) -> Answer | None:
        """None if the connection ends without an answer. `whole`: what is no whole request is sent with its end, on
        a connection of its own."""
        kept = self._streams is not None and whole
        if not kept:
            await self.close()
        async with asyncio.timeout(self._patience):
            answer = await self._asked(raw, to_head, whole)
            if answer is None and kept:  # it was idle for too long
                answer = await self._asked(raw, to_head, whole)
        return answer

    async def _asked(self, raw: bytes, to_head: bool, whole: bool) -> Answer | None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        reader, writer = self._streams
        answer = None
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(raw)
            if not whole:
                with contextlib.suppress(OSError):  # answered and ended already
                    writer.write_eof()
            answer = Answer.of((await reader.readuntil(b"\r\n\r\n"))[:-4])
            if not to_head:
                answer = replace(answer, body=await reader.readexactly(answer.length))
        if answer is None or answer.last or not whole:
            await self.close()
        return answer

    async def close(self) -> None:
        if self._streams:
            writer, self._streams = self._streams[1], None
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


def wrong(request: Request, answer: Answer) -> Iterator[str]:
    """Complaints: a fault of the service, what came back in a refusal, and what the contract doesn't say."""
    if answer.status >= 500 and not (answer.status == 503 and "retry-after" in answer.headers):
        yield f"got {answer.status}"
    if answer.status >= 400:
        heard = f"{answer.headers} {answer.body!r}".lower()
        yield from (f"{mark} came back" for mark in MARKS if mark in heard)
    if answer.bare:
        if answer.status not in _BARE or answer.body or not answer.last:
            yield f"an answer of the server's own that is none of those: {answer}"
        return
    yield from contract().complaints(_as_response(request, answer))


def _as_response(request: Request, answer: Answer) -> httpx.Response:
    """As the contract's check reads it. A client that mends addresses would read another one in some."""
    path, _, query = request.target.partition(b"?")
    odd = b"/." in path or not path.startswith(b"/") or path.startswith(b"//")
    target = b"/v1/nowhere" if odd else quote(path, safe="/%:@!$&'()*+,;=~").encode()
    url = httpx.URL("http://testserver").copy_with(
        raw_path=target + b"?" * bool(query) + quote(query, safe="%=&+;,:/?@").encode()
    )
    headers = [(name, value.strip(b" \t")) for name, value in request.headers]  # as the server reads them
    asked = httpx.Request(request.method, url, headers=headers, content=request.content or b"")
    return httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=asked)
