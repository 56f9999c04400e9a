"""The load: keep-alive connections that each send their next request when the last answer is whole.

Runs in a process of its own, so that its CPU counts as nobody's: plan in as JSON, result out as JSON. Plain sockets
and one selector, since whatever the load takes of the machine is missing from what it measures.
"""

import json
import os
import selectors
import socket
import sys
import time
from collections import Counter
from typing import Any

_END, _LENGTH = b"\r\n\r\n", b"content-length:"
_PATIENCE = 10.0


class Connection:
    """`due` is when its request should have gone: a late answer makes the next wait count too."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.busy = False
        self._read = b""

    def send(self, request: bytes) -> None:
        self.busy = True
        self.socket.sendall(request)

    def answer(self) -> tuple[int, int] | None:
        """Status and size, once the whole answer is here."""
        got = self.socket.recv(1 << 18)
        if not got:
            raise ConnectionError("the server closed a connection")
        self._read += got
        head = self._read.find(_END)
        if head < 0:
            return None
        at = self._read.lower().index(_LENGTH, 0, head) + len(_LENGTH)
        size = head + 4 + int(self._read[at : self._read.index(b"\r\n", at)])
        if len(self._read) < size:
            return None
        status, self._read, self.busy = int(self._read[9:12]), b"", False
        return status, size


class Load:
    def __init__(self, plan: dict[str, Any]) -> None:
        self._requests: list[bytes] = [each.encode("latin-1") for each in plan["requests"]]
        self._key: bytes = plan["key"].encode()
        self._run = os.urandom(8).hex()
        self._pause = plan["connections"] / plan["rate"] if plan.get("rate") else 0.0
        self._seconds: float = plan["seconds"]
        self._connections = [Connection(plan["port"]) for _ in range(plan["connections"])]
        self._statuses: Counter[int] = Counter()
        self._latencies: list[float] = []
        self._sent = self._bytes = 0

    def drive(self) -> dict[str, Any]:
        selector = selectors.DefaultSelector()
        start = time.perf_counter()
        for number, each in enumerate(self._connections):
            selector.register(each.socket, selectors.EVENT_READ, each)
            each.due = start + self._pause * number / len(self._connections)
        end = start + self._seconds
        while (now := time.perf_counter()) < end:
            for each in self._connections:
                if not each.busy and each.due <= now:
                    self._send(each)
            self._take(selector.select(max(0.0, self._next(end) - time.perf_counter())))
        while any(each.busy for each in self._connections):
            if not (events := selector.select(_PATIENCE)):
                raise TimeoutError("no answer")
            self._take(events)
        return self._result(time.perf_counter() - start)

    def _send(self, each: Connection) -> None:
        request = self._requests[self._sent % len(self._requests)]
        self._sent += 1
        each.send(request.replace(self._key, b"%s-%08d" % (self._run.encode(), self._sent)))

    def _next(self, end: float) -> float:
        return min([end, *(each.due for each in self._connections if not each.busy)])

    def _take(self, events: list[tuple[selectors.SelectorKey, int]]) -> None:
        for key, _ in events:
            each: Connection = key.data
            if (found := each.answer()) is None:
                continue
            now = time.perf_counter()
            self._statuses[found[0]] += 1
            self._bytes += found[1]
            self._latencies.append(now - each.due)
            each.due = each.due + self._pause if self._pause else now

    def _result(self, seconds: float) -> dict[str, Any]:
        ordered = sorted(self._latencies) or [0.0]

        def at(share: float) -> float:
            return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

        return {
            "answers": len(self._latencies),
            "seconds": seconds,
            "statuses": dict(self._statuses),
            "size": self._bytes // max(1, len(self._latencies)),
            "p50": at(0.50),
            "p99": at(0.99),
        }


if __name__ == "__main__":
    print(json.dumps(Load(json.load(sys.stdin)).drive()))
