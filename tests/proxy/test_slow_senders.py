"""Who sends half a request holds the proxy for a while, and the service not at all."""

import ssl
from pathlib import Path

import pytest

from support_api.http.bodies import LONGEST_BODY
from tests.processes import eventually
from tests.proxy.nginx import Proxy, proxying
from tests.proxy.upstream import Upstream, upstream

pytestmark = [pytest.mark.nginx, pytest.mark.slow]
HASTE = {
    "client_header_timeout 5s": "client_header_timeout 300ms",
    "client_body_timeout 10s": "client_body_timeout 300ms",
}
SILENCE = b""
HALF_HEADERS = b"GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bea"
HALF_BODY = b"POST /v1/residents HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
HALF_CHUNK = b"POST /v1/residents HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"


def _send(proxy: Proxy, half: bytes) -> ssl.SSLSocket:
    connection = proxy.connect()
    connection.sendall(half)
    return connection


def _cut_off(connection: ssl.SSLSocket) -> bool:
    """Waits for what comes: nothing, and the end. One that stays open fails with a timeout."""
    with connection:
        try:
            return connection.recv(1000) == b""
        except (ConnectionResetError, ssl.SSLEOFError):
            return True


def test_half_a_request_is_cut_off_and_never_reaches_the_service(tmp_path: Path) -> None:
    with upstream() as service, proxying(tmp_path, service.port, HASTE) as proxy:
        waiting = [_send(proxy, half) for half in (SILENCE, HALF_HEADERS, HALF_BODY, HALF_CHUNK) for _ in range(5)]
        assert all(_cut_off(each) for each in waiting)
        assert service.connections == 0
        assert proxy.call("/v1/me").status == 204
        eventually(lambda: _statuses(proxy).count("204") == 1, "the whole request in the log")
        assert _statuses(proxy).count("408") == 15


def _statuses(proxy: Proxy) -> list[str]:
    return [line.split()[2] for line in proxy.written().splitlines()]


@pytest.mark.parametrize("patience", HASTE)
def test_without_haste_it_stays_open(tmp_path: Path, patience: str) -> None:
    """Positive control: the half that has the time of the file is still there when the other is gone."""
    halves = {"client_header_timeout 5s": HALF_HEADERS, "client_body_timeout 10s": HALF_BODY}
    hasty = {name: value for name, value in HASTE.items() if name != patience}
    with upstream() as service, proxying(tmp_path, service.port, hasty) as proxy:
        patient = _send(proxy, halves.pop(patience))
        assert all(_cut_off(_send(proxy, half)) for half in halves.values())
        patient.settimeout(0)
        with patient, pytest.raises(ssl.SSLWantReadError):
            patient.recv(1)


def test_without_buffering_half_a_body_holds_the_service(tmp_path: Path) -> None:
    """Positive control."""
    direct = {"proxy_request_buffering on": "proxy_request_buffering off"}
    with upstream() as service, proxying(tmp_path, service.port, direct) as proxy, _send(proxy, HALF_BODY):
        eventually(lambda: service.connections == 1, "half a body at the service")


def _in_crumbs(proxy: Proxy, service: Upstream) -> int:
    """A body of the largest size in chunks of 64 bytes, whose frames don't fit in the buffer with it."""
    body = (b"40\r\n" + b"9" * 64 + b"\r\n") * (LONGEST_BODY // 64) + b"0\r\n\r\n"
    assert proxy.call("/v1/me", "POST", body, Transfer_Encoding="chunked").status == 204
    return service.received[-1].count("9")


def test_the_largest_body_passes_and_is_not_written_to_disk(tmp_path: Path) -> None:
    """In crumbs it doesn't fit in the buffer; the folder for that, in memory in the file itself, is used then."""
    with upstream() as service, proxying(tmp_path, service.port) as proxy:
        assert proxy.call("/v1/me", "POST", b"9" * LONGEST_BODY).status == 204
        before = (proxy.folder / "bodies").stat().st_mtime_ns
        assert _in_crumbs(proxy, service) >= LONGEST_BODY
        assert (proxy.folder / "bodies").stat().st_mtime_ns > before
