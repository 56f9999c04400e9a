"""A caller that writes its bytes itself, and reads what comes of them answer by answer."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType

PATIENCE = 5.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""
    version: str = "HTTP/1.1"

    @staticmethod
    def of(head: bytes) -> "Answer":
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        version, status, *_ = first.split(" ")
        return Answer(int(status), headers, b"", version)

    @property
    def length(self) -> int:
        """Of the body that follows."""
        return int(self.headers.get("content-length", "0"))

    @property
    def bare(self) -> bool:
        """Not of the service, which always says more."""
        return "api-version" not in self.headers

    @property
    def last(self) -> bool:
        said = self.headers.get("connection", "")
        return said == "close" or (self.version == "HTTP/1.0" and said != "keep-alive")


class Line:
    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._came = b""

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._socket.close()

    def send(self, raw: bytes) -> None:
        """As much as is taken: who was answered and closed may not take the rest."""
        with contextlib.suppress(ConnectionError):
            self._socket.sendall(raw)

    def answer(self, *, to_head: bool = False) -> Answer | None:
        """The next one, or None if the connection ends instead. TimeoutError if neither happens."""
        while b"\r\n\r\n" not in self._came:
            if not self._more():
                return None
        head, _, self._came = self._came.partition(b"\r\n\r\n")
        answer = Answer.of(head)
        length = 0 if to_head else answer.length
        while len(self._came) < length and self._more():
            pass
        body, self._came = self._came[:length], self._came[length:]
        return replace(answer, body=body)

    def _more(self) -> bool:
        try:
            got = self._socket.recv(1 << 16)
        except ConnectionError:
            return False
        self._came += got
        return bool(got)


@contextmanager
def answering(answer: bytes, *, stays: bool = True) -> Iterator[int]:
    """A server that gives the same answer to whatever it gets."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            while self.request.recv(1 << 16):
                self.request.sendall(answer)
                if not stays:
                    return

    class Server(ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made.server_address[1]
        made.shutdown()
        thread.join()
