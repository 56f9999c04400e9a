"""Bytes on a connection to a real process: each gets an answer that is right, or the end, and the service goes on."""

from collections.abc import Iterator

import pytest

from tests.hostile.corpus.wire import Sent, Wire, all_of, wire_of
from tests.hostile.judging import assert_none
from tests.hostile.requests import MARKS
from tests.hostile.sockets import PATIENCE, Answer, Line, answering
from tests.sites import Site, served


def tried(port: int, wire: Wire, sent: Sent, patience: float = PATIENCE) -> Iterator[str]:
    """Complaints about what came of it, and about the connection afterwards."""
    try:
        with Line(port, patience) as line:
            line.send(sent.raw)
            yield from _answered(line, wire, sent)
    except TimeoutError:
        yield "neither an answer nor an end"


def _answered(line: Line, wire: Wire, sent: Sent) -> Iterator[str]:
    answer = None
    for status in sent.statuses:
        answer = line.answer(to_head=sent.to_head)
        if answer is None or answer.status != status:
            yield f"got {answer}, not {status}"
            return
        yield from wrong(answer)
    if answer is None or answer.last:
        if (more := line.answer()) is not None:
            yield f"goes on after the end with {more}"
        return
    line.send(wire.get())
    following = line.answer()
    if following is None or following.status != 200:
        yield f"serves on with {following}"


def wrong(answer: Answer) -> Iterator[str]:
    heard = f"{answer.headers} {answer.body!r}".lower()
    yield from (f"{mark} came back" for mark in MARKS if mark in heard)
    if answer.status >= 400 and answer.bare and (answer.body or not answer.last):
        yield f"an answer of the server's own that holds something or goes on: {answer}"
    if answer.status >= 400 and not answer.bare and answer.headers["content-type"] != "application/problem+json":
        yield f"no problem: {answer}"


@pytest.mark.slow
async def test_what_is_no_request_is_answered_or_ended(light_site: Site) -> None:
    async with served(light_site) as (process, world):
        wire, port = wire_of(world), world.client.base_url.port or 0
        family = process.family()
        assert_none([f"{sent.what}: {each}" for sent in all_of(wire) for each in tried(port, wire, sent)])
        assert (await world.get("fien", "/v1/me")).status_code == 200
        assert process.family() == family
        assert process.output == ""


OWN = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
OK = b"HTTP/1.1 200 OK\r\napi-version: 1\r\ncontent-type: %s\r\ncontent-length: 0\r\n\r\n"
BROKEN = {
    "got": OK.replace(b"200 OK", b"500 Oops") % b"x",
    "came back": OK % MARKS[0].encode(),
    "no problem": OK.replace(b"200 OK", b"400 No") % b"text/html",
    "own that holds": OWN % (5, b"Sorry"),
    "goes on after": (OWN % (0, b"")) * 2,
    "serves on": OK.replace(b"200 OK", b"400 No") % b"application/problem+json",
    "neither": b"",
}


@pytest.mark.parametrize("complaint", BROKEN)
def test_a_server_that_is_wrong_is_noticed(complaint: str) -> None:
    """Positive controls."""
    statuses = (200,) if complaint == "came back" else (400,)
    with answering(BROKEN[complaint], stays=complaint != "goes on after") as port:
        found = list(tried(port, Wire("t", "/v1/x"), Sent("x", b"GET", statuses), patience=0.3))
    assert any(complaint in each for each in found), found
