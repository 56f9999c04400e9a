"""A server between a client and the service, that stumbles now and then, and keeps what passed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic

import httpx

from tests.contract.check import watch

_TRAVELLING = {"transfer-encoding", "connection", "content-length", "date", "server"}


@dataclass(frozen=True)
class Passed:
    method: str
    path: str
    headers: dict[str, str]
    status: int
    at: float

    def called(self, method: str, end: str) -> bool:
        return self.method == method and self.path.partition("?")[0].endswith(end)


@dataclass(frozen=True)
class Stumble:
    """What is answered instead, `times` times, to requests whose path ends so."""

    method: str
    end: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    body: bytes = b"<h1>Sorry</h1>"


@dataclass
class Between:
    port: int
    stumbles: list[Stumble]
    service: str = ""
    passed: list[Passed] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, method: str, end: str) -> list[Passed]:
        return [each for each in self.passed if each.called(method, end)]

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        for stumble in self.stumbles:
            before = [each for each in self.of(stumble.method, stumble.end) if each.status == stumble.status]
            if Passed(method, path, {}, 0, 0).called(stumble.method, stumble.end) and len(before) < stumble.times:
                return stumble.status, stumble.headers, stumble.body
        with httpx.Client(trust_env=False, timeout=20, event_hooks={"response": [watch]}) as client:
            answer = client.request(method, self.service + path, headers=headers, content=body)
        return answer.status_code, dict(answer.headers), answer.content


@contextmanager
def between(*stumbles: Stumble) -> Iterator[Between]:
    """Set `service` before anything is asked."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def passing(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            sent = {name.lower(): value for name, value in self.headers.items()}
            forwarded = {name: value for name, value in sent.items() if name not in {*_TRAVELLING, "accept-encoding"}}
            status, headers, content = made.answer(self.command, self.path, forwarded, body)
            made.passed.append(Passed(self.command, self.path, sent, status, monotonic()))
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _TRAVELLING:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = passing

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        made = Between(server.server_address[1], list(stumbles))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
