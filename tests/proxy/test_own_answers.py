"""What the proxy answers itself is what the API would say, to the byte and with its headers."""

import json
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from support_api.http.bodies import LONGEST_BODY
from support_api.http.problems import Problem, language
from support_api.http.shell import _HEADERS
from tests.api.test_problem_shape import LANGUAGES
from tests.processes import eventually, free_port
from tests.proxy.nginx import Answer, Proxy, proxying
from tests.proxy.upstream import upstream

pytestmark = [pytest.mark.nginx, pytest.mark.slow]
MARKER = "kanarie7f3a91"


def assert_ours(answer: Answer, kind: str, language: str = "nl") -> None:
    instance = UUID(json.loads(answer.body)["instance"].removeprefix("urn:uuid:"))
    expected = Problem(kind)
    assert (answer.status, answer.body) == (expected.kind.status, expected.body(instance, language))
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert answer.headers["x-request-id"] == str(instance)
    said = {name: answer.headers.get(name.decode(), "").encode() for name, _ in _HEADERS}
    assert said == dict(_HEADERS)
    waits = kind in ("too_many_requests", "unavailable")
    assert answer.headers.get("retry-after") == ("2" if waits else None)


def test_each_of_its_errors_is_one_of_the_api(tmp_path: Path) -> None:
    """In front of nobody, so that every answer is its own."""
    with proxying(tmp_path, upstream=free_port()) as proxy:
        gone = proxy.call("/v1/me")
        assert_ours(gone, "unavailable")
        assert_ours(proxy.call("/v1/residents", "POST", b"9" * (LONGEST_BODY + 1)), "too_large")
        assert_ours(proxy.call("/v1/me", X_Long="9" * 11_000), "headers_too_large")
        assert_ours(proxy.call("/" + "9" * 11_000), "uri_too_long")
        for nowhere in ("/livez", "/readyz", "/readyz?x=1", "/%6civez", "/_proxy/internal", "/%00"):
            assert_ours(proxy.call(nowhere), "not_found")
        assert_ours(proxy.call("/v1/me", "TRACE"), "invalid_input")
        with pytest.raises(AssertionError):
            assert_ours(gone, "not_found")


def check_languages(proxy: Proxy) -> None:
    for asked in (*LANGUAGES, "en;q=0.9, nl;q=0.2", "nl;q=0.5, fr, en-GB;q=0.7", "fr, en;q=0.5, nl"):
        if "0.00" not in asked:  # it weighs in tenths
            assert_ours(proxy.call("/v1/me", Accept_Language=asked), "unavailable", language([asked]))


def test_it_chooses_the_language_that_the_api_would(tmp_path: Path) -> None:
    with proxying(tmp_path, upstream=free_port()) as proxy:
        check_languages(proxy)


@pytest.mark.parametrize(
    ("text", "instead"),
    [('"~^(A[0-9]|', '"~^(..|'), ("(?<same>[1-9A])\\k<same> ", "[1-9A][1-9A] "), ("(?<en>[0-9])", "(?<en>[0-8])")],
)
def test_a_language_chosen_otherwise_is_noticed(tmp_path: Path, text: str, instead: str) -> None:
    """Positive controls."""
    with proxying(tmp_path, upstream=free_port(), changes={text: instead}) as proxy, pytest.raises(AssertionError):
        check_languages(proxy)


def test_a_length_and_chunks_together_are_refused(tmp_path: Path) -> None:
    """Two readers could disagree on where this request ends. Each alone is passed on."""
    with upstream() as service, proxying(tmp_path, service.port) as proxy:
        both = {"Content_Length": "5", "Transfer_Encoding": "chunked"}
        assert_ours(proxy.call("/v1/me", "POST", b"0\r\n\r\n", **both), "invalid_input")
        assert_ours(proxy.call("/v1/me", "POST", b"0\r\n\r\n", Transfer_Encoding="chunked, x"), "invalid_input")
        assert service.received == []
        assert proxy.call("/v1/me", "POST", b"0\r\n\r\n", Transfer_Encoding="chunked").status == 204
        assert proxy.call("/v1/me", "POST", b"12345").status == 204
        assert ["chunked" in each for each in service.received] == [False, False]


def test_who_asks_too_much_waits(tmp_path: Path) -> None:
    slowly = {"rate=500r/s": "rate=1r/m", "burst=1000": "burst=1"}
    with proxying(tmp_path, free_port(), slowly) as proxy:
        answers = [proxy.call("/v1/me") for _ in range(3)]
        assert [answer.status for answer in answers] == [503, 503, 429]
        assert_ours(answers[2], "too_many_requests")


def test_who_has_too_much_open_waits(tmp_path: Path) -> None:
    with proxying(tmp_path, free_port(), {"limit_conn connections 200": "limit_conn connections 1"}) as proxy:
        assert_ours(proxy.call("/v1/me"), "unavailable")
        with proxy.connect() as half:
            half.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
            assert half.recv(1000).startswith(b"HTTP/1.1 100 ")
            assert_ours(proxy.call("/v1/me"), "too_many_requests")


def test_a_service_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    impatient = {"proxy_read_timeout 30s": "proxy_read_timeout 200ms"}
    with upstream(silent=True) as service, proxying(tmp_path, service.port, impatient) as proxy:
        assert_ours(proxy.call("/v1/me"), "unavailable")
        assert len(service.received) == 1


LOUD = {
    "the file as it is": {},
    "with the request in the log": {"'$time_iso8601 $known_method": "'$request"},
    "with errors of requests in the log": {"error_log /dev/null emerg": "error_log stderr"},
}


@pytest.mark.parametrize("changes", LOUD.values(), ids=LOUD)
def test_it_writes_down_nothing_of_what_was_sent(tmp_path: Path, changes: dict[str, str]) -> None:
    """With an unwise line in the file, the same look finds the marker."""
    with proxying(tmp_path, free_port(), changes) as proxy:
        path, said = f"/v1/residents/{MARKER}?name={MARKER}", {"User_Agent": MARKER, "Referer": MARKER}
        assert_ours(proxy.call(path, "POST", MARKER.encode(), Authorization=f"Bearer {MARKER}", **said), "unavailable")
        assert_ours(proxy.call(path, MARKER, **said), "invalid_input")
        eventually(lambda: (proxy.folder / "log").read_text().count("\n") == 2, "both calls in the log")
        assert (MARKER in proxy.written()) == bool(changes)
        if not changes:
            assert [line.split()[1:3] for line in proxy.written().splitlines()] == [["POST", "503"], ["other", "400"]]


def _refuses(proxy: Proxy, version: str) -> bool:
    command = f"openssl s_client -{version} -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:{proxy.port}"
    return subprocess.run(command.split(), stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode != 0


def test_old_tls_is_refused(tmp_path: Path) -> None:
    with proxying(tmp_path, free_port()) as proxy:
        with proxy.connect() as newest:
            assert newest.version() == "TLSv1.3"
        assert not _refuses(proxy, "tls1_2")
        assert _refuses(proxy, "tls1_1")
    weak = {"ssl_protocols TLSv1.2 TLSv1.3": "ssl_protocols TLSv1.1", "ssl_ciphers ": "ssl_ciphers ALL:@SECLEVEL=0:"}
    with proxying(tmp_path, free_port(), weak) as proxy:
        assert not _refuses(proxy, "tls1_1")
