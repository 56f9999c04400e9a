"""A wire between the service and PostgreSQL that a test can cut at the very moment of a commit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

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
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ends.append(writer)
        inner_reader, inner_writer = await asyncio.open_unix_connection(self.socket)
        self.ends.append(inner_writer)
        spoke = asyncio.Event()
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, inner_writer, spoke), self._pass(inner_reader, writer, spoke))

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

    async def close(self) -> None:
        for end in self.ends:
            end.close()
        for end in self.ends:
            with suppress(ConnectionError):
                await end.wait_closed()


@asynccontextmanager
async def wire(socket: str) -> AsyncIterator[Wire]:
    made = Wire(socket)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.close()
