"""A service that only writes down what reached it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Upstream:
    port: int
    connections: int = 0
    received: list[str] = field(default_factory=list)
    """Request line, headers and body of each."""


@contextmanager
def upstream(*, silent: bool = False) -> Iterator[Upstream]:
    """`silent`: it takes requests and never answers."""
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            made.connections += 1

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            made.received.append(f"{self.raw_requestline.decode()}{self.headers}{body}")
            if silent:
                over.wait(30)
            self.send_response(204)
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Who is cut off is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made = Upstream(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            over.set()
            server.shutdown()
            thread.join()
