"""A wire between the service and PostgreSQL that a test can cut at the very moment of a commit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.listening import listening

BEFORE, AFTER = b"commit\x00", b"COMMIT\x00"  # the request to commit, and the answer that it is done


@dataclass
class Wire:
    """Once armed with BEFORE or AFTER, the first such message on a connection that spoke of `about` is not passed on:
    `cut` is called instead. Other transactions, such as the register's, go on."""

    socket: str
    cut: Callable[[], None] = lambda: None
    armed: bytes | None = None
    about: bytes = b""
    port: int = 0
    happened: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(self.socket)
        spoke = asyncio.Event()
        try:
            with suppress(ConnectionError):
                await asyncio.gather(self._pass(reader, inner_writer, spoke), self._pass(inner_reader, writer, spoke))
        finally:
            inner_writer.close()
            with suppress(ConnectionError):
                await inner_writer.wait_closed()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, spoke: asyncio.Event) -> None:
        while data := await reader.read(1 << 16):
            if self.armed and self.about in data:
                spoke.set()
            if self.armed and self.armed in data and spoke.is_set():
                self.armed = None
                self.cut()
                self.happened.set()
                break
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def wire(socket: str) -> AsyncIterator[Wire]:
    made = Wire(socket)
    async with listening(made.serve) as made.port:
        yield made
