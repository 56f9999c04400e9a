"""The hostile callers tell a server that ends them from one that bears with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import pytest

from bench.hostile import Hanging, flood
from tests.processes import eventually

SIZE = 1 << 22


@contextmanager
def server(*, patient: bool, answer: bytes = b"") -> Iterator[int]:
    """`patient`: it reads all there is and closes nothing; else it reads a little, answers and closes."""
    over = Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(0.05)
            left = SIZE if patient else 1
            while left > 0 and not over.is_set():
                try:
                    left -= len(self.request.recv(1 << 16)) or left
                except TimeoutError:
                    left = left if patient else 0
            self.request.sendall(answer)
            if patient:
                over.wait(10)

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Who left is no news."""

    with Server(("127.0.0.1", 0), Handler) as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made.server_address[1]
        finally:
            over.set()
            made.shutdown()
            thread.join()


@pytest.mark.parametrize(("patient", "left"), [(True, 3), (False, 0)])
def test_who_hangs_is_counted_until_it_is_ended(patient: bool, left: int) -> None:
    with server(patient=patient, answer=b"HTTP/1.1 408 Too slow\r\n\r\n") as port:
        hanging = Hanging(port, {"half": b"GET / HT", "silent": b""}, 3)
        eventually(lambda: hanging.open() == {"half": left, "silent": left}, "the count")
        hanging.close()


def test_a_flood_says_what_it_met() -> None:
    with server(patient=True, answer=b"HTTP/1.1 413 Too large\r\n\r\n") as port:
        met = flood(port, b"", b"9" * 1000, SIZE)
        assert (met.answer, met.taken) == ("413", SIZE)
    with server(patient=False) as port:
        met = flood(port, b"", b"9" * 1000, 100 * SIZE)
        assert met.answer == "cut off without an answer"
        assert met.taken < 50 * SIZE
