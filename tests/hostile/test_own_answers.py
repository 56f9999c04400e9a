"""The few answers that the service doesn't make, and what it does with who is slow: as docs/integrating.md says."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from tests.hostile.corpus.wire import BODY, CHUNKED, Wire, wire_of
from tests.hostile.sockets import Line, answering
from tests.sites import Site, served

PAGE = Path(__file__).parents[2] / "docs" / "integrating.md"


def own_answers(wire: Wire) -> dict[str, list[bytes]]:
    """By its row on the page: what gets an answer that the service doesn't make."""
    return {
        "no HTTP/1.1: a broken line or header, a character that may not be there, an unclear length": [
            b"GET /v1/me HTTP/2.0\r\n" + wire.host + b"\r\n",
            wire.get(more=b"X: a\r\n b\r\n"),
            wire.get(b"/v1/\xff"),
            wire.post(b"Content-Length: 32\r\nContent-Length: 5\r\n", BODY),
            wire.chunked(CHUNKED, b"identity"),
        ],
        "a target of more than 65,534 bytes": [wire.get(b"/" + b"a" * 65_534)],
        "more than 100 headers, or some hundreds of KiB of line and headers": [
            wire.get(more=b"".join(b"X-%d: 1\r\n" % at for at in range(99))),
            wire.get(more=b"X: " + b"a" * 1_000_000 + b"\r\n"),
            wire.get(b"/" + b"a" * 1_000_000),
        ],
        "HTTP/2 without asking": [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    }


def told() -> dict[str, str]:
    """The rows of that section: what, and the status or nothing."""
    section = PAGE.read_text().split("### What the server answers by itself\n")[1].split("\n#")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in rows[1:]}


@pytest.mark.slow
async def test_the_servers_own_answers_are_those_of_the_page(light_site: Site) -> None:
    """None of them is problem+json: empty, the end of the connection, and without the headers of every answer."""
    async with served(light_site) as (_, world):
        wire, port, seen = wire_of(world), world.client.base_url.port or 0, {}
        for what, cases in own_answers(wire).items():
            seen[what] = {str(_own(port, raw) or "no answer") for raw in cases}
    assert seen == {what: {status.strip("`")} for what, status in told().items() if what in seen}
    assert told().keys() - seen.keys() == {SLOW}


def _own(port: int, raw: bytes) -> int | None:
    with Line(port) as line:
        line.send(raw)
        answer = line.answer()
        assert answer is None or (answer.bare and answer.last and not answer.body), answer
        assert answer is None or line.answer() is None
        return answer.status if answer else None


SLOW = "headers that are not whole within 10 seconds"


def halves(wire: Wire) -> dict[str, tuple[bytes, bytes, int | None]]:
    """By name: what is sent at first, what every second, and the status that it gets in the end."""
    return {
        "silence": (b"", b"", None),
        "half a line": (b"GET /v1", b"", None),
        "half the headers": (wire.get()[:-2], b"", None),
        "a header each second": (wire.get()[:-2], b"X: 1\r\n", None),
        "a byte each second": (b"GET /", b"a", None),
        "half a body": (wire.full(), b"", 201),
        "no more of a body": (wire.full(100), b"", 408),
        "a byte of a body each second": (wire.full(100), b" ", 408),
        "half a chunk": (wire.chunked(b"50\r\n" + BODY), b"", 408),
        "a chunk each second": (wire.chunked(CHUNKED[:-5]), b"1\r\n \r\n", 408),
        "a GET with half a body": (wire.get(more=b"Content-Length: 9\r\n") + b"{", b"", 408),
        "100 Continue, and no more": (wire.post(b"Expect: 100-continue\r\nContent-Length: 9\r\n", b""), b"", 100),
    }


async def slowly(port: int, first: bytes, then: bytes, seconds: int) -> int | None:
    """The status of the first answer, or None for the end. Raises TimeoutError if there is neither within `seconds`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(first)
        for _ in range(seconds):
            with contextlib.suppress(TimeoutError):
                line = await asyncio.wait_for(reader.readline(), 1)
                return int(line.split()[1]) if line else None
            writer.write(then)
        raise TimeoutError
    finally:
        writer.close()


@pytest.mark.slow
async def test_who_sends_half_a_request_is_answered_or_ended_in_time(light_site: Site) -> None:
    async with served(light_site) as (_, world):
        port, cases = world.client.base_url.port or 0, halves(wire_of(world))
        found = await asyncio.gather(*(slowly(port, *case[:2], seconds=14) for case in cases.values()))
        assert dict(zip(cases, found, strict=True)) == {what: status for what, (_, _, status) in cases.items()}
        assert told()[SLOW] == "no answer"


async def test_a_server_that_waits_for_ever_is_noticed() -> None:
    """Positive control: without an end, it is still waiting when the time is over."""
    with answering(b"") as port, pytest.raises(TimeoutError):
        await slowly(port, b"GET /", b"a", seconds=1)
