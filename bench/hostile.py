"""Callers who mean harm, on plain sockets: many who send half a request and wait, and one who sends far too much."""

import contextlib
import select
import socket
import time
from dataclasses import dataclass

_PATIENCE = 5.0


class Hanging:
    """So many connections of each kind, that sent their half and say no more."""

    def __init__(self, port: int, halves: dict[str, bytes], each: int) -> None:
        self._open = {kind: [_said(port, half) for _ in range(each)] for kind, half in halves.items()}

    def open(self) -> dict[str, int]:
        """How many of each kind the server has not ended by now."""
        for kind, connections in self._open.items():
            self._open[kind] = [each for each in connections if not _ended(each)]
        return {kind: len(connections) for kind, connections in self._open.items()}

    def close(self) -> None:
        for connections in self._open.values():
            for each in connections:
                each.close()


def _said(port: int, half: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    connection.sendall(half)
    connection.setblocking(False)
    return connection


def _ended(connection: socket.socket) -> bool:
    """An answer alone is no end."""
    try:
        while connection.recv(1 << 16):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    connection.close()
    return True


@dataclass(frozen=True)
class Flood:
    """`answer`: a status, or what happened instead. `taken`: the bytes that were sent, what the kernel holds too."""

    answer: str
    taken: int


def flood(port: int, start: bytes, piece: bytes, size: int) -> Flood:
    """Sends `start`, then `piece` after `piece` until `size` or until it is cut off; an answer doesn't stop it."""
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
        connection.sendall(start)
        connection.setblocking(False)
        came, taken, deadline = b"", 0, time.monotonic() + _PATIENCE
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < deadline:
                sending = [connection] if taken < size else []
                readable, writable, _ = select.select([connection], sending, [], _PATIENCE)
                if readable:
                    if not (got := connection.recv(1 << 16)):
                        break
                    came += got
                if writable:
                    taken += connection.send(piece[taken % len(piece) :][: size - taken])
                    deadline = time.monotonic() + _PATIENCE
                elif came and not sending:
                    break
        return Flood(came[9:12].decode() or "cut off without an answer", taken)
