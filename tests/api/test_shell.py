"""The shell against callers that send half a request: in time or not at all, and never a 500 for what they did."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from support_api.http import bodies
from tests.api.door import watched
from tests.api.problems import check_problem
from tests.conftest import World

Message = dict[str, Any]


def headers(world: World) -> dict[str, str]:
    sent = {"Authorization": f"Bearer {world.token('fien')}", "Content-Type": "application/json"}
    return {**sent, "Idempotency-Key": "0123456789abcdef"}


async def first_half() -> AsyncIterator[bytes]:
    yield b'{"kind": "joy", '
    await asyncio.Event().wait()


async def test_a_body_that_stays_away_is_408(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slowloris: without an end to the waiting, a few thousand of these hold all that the service has."""
    await world.get("fien", "/v1/me")
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    with watched() as door:
        answer = await world.client.post(f"{world.fien}/portrait-items", content=first_half(), headers=headers(world))
    check_problem(answer, 408, "too_slow")
    assert answer.headers["Connection"] == "close"
    assert door.connections == 0


async def test_without_an_end_it_would_wait_on(world: World) -> None:
    """Positive control: within its time, the same request is still open."""
    request = world.client.post(f"{world.fien}/portrait-items", content=first_half(), headers=headers(world))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(request, 0.2)


async def test_a_strangers_body_is_not_waited_for(world: World) -> None:
    """Who may not write is told so before a byte of the body is read."""
    answer = await world.client.post(f"{world.fien}/portrait-items", content=first_half())
    check_problem(answer, 401, "unauthorized")


async def raw(
    world: World,
    receive: Callable[[], Awaitable[Message]],
    *hosts: bytes,
    version: str = "1.1",
    more: dict[bytes, bytes] | None = None,
) -> list[Message]:
    """A request by hand, for what an HTTP client would not do."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    path = f"{world.fien}/portrait-items"
    scope = {
        "type": "http",
        "http_version": version,
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [
            *((b"host", host) for host in hosts),
            *((name.lower().encode(), value.encode()) for name, value in headers(world).items()),
            *(more or {}).items(),
        ],
    }
    await world.client._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return sent


async def test_a_caller_that_leaves_halfway_is_no_error_of_ours(world: World, caplog: pytest.LogCaptureFixture) -> None:
    messages = iter(
        [{"type": "http.request", "body": b'{"kind":', "more_body": True}, {"type": "http.disconnect"}],
    )

    async def receive() -> Message:
        return next(messages)

    sent = await raw(world, receive, b"testserver")
    assert sent[0]["status"] == 400
    assert "unexpected" not in caplog.text


@pytest.mark.parametrize(
    ("hosts", "version", "status"),
    [((b"a",), "1.1", 201), ((b"",), "1", 201), ((), "1.0", 201), ((), "1.1", 400), ((b"",), "1.1", 400)],
)
async def test_one_host(world: World, hosts: tuple[bytes, ...], version: str, status: int) -> None:
    sent = await raw(world, whole(), *hosts, version=version)
    assert sent[0]["status"] == status


async def test_two_hosts_are_one_too_many(world: World) -> None:
    assert (await raw(world, whole(), b"a", b"a"))[0]["status"] == 400


def whole(pieces: int = 1) -> Callable[[], Awaitable[Message]]:
    content = b'{"kind": "joy", "text": "Soep."}'
    parts = [b" "] * (pieces - 1) + [content]
    messages = iter([{"type": "http.request", "body": part, "more_body": part is not content} for part in parts])

    async def receive() -> Message:
        return next(messages)

    return receive


@pytest.mark.parametrize(("pieces", "status"), [(4096, 201), (4097, 413)])
async def test_a_body_in_crumbs(world: World, pieces: int, status: int) -> None:
    """Each piece costs as much as a whole body does: a caller who sends single bytes gets no further than this."""
    assert (await raw(world, whole(pieces), b"testserver"))[0]["status"] == status


@pytest.mark.parametrize(("rest", "closes"), [("nothing", False), ("at once", False), ("never", True)])
async def test_a_body_that_nobody_asked_for(world: World, rest: str, closes: bool) -> None:
    """A refusal that leaves some of it unread says that the connection ends; else the next call on it is lost."""
    messages = iter(
        {
            "nothing": [{"type": "http.request", "body": b"{}", "more_body": False}],
            "at once": [{"type": "http.request", "body": b"x" * 99, "more_body": number < 5} for number in range(6)],
            "never": [{"type": "http.request", "body": b"{", "more_body": True}],
        }[rest]
    )

    async def receive() -> Message:
        if (message := next(messages, None)) is None:
            await asyncio.Event().wait()
        return message or {}

    sent = await raw(world, receive, b"a", b"a", more={b"content-length": b"999"})
    assert sent[0]["status"] == 400
    assert ((b"connection", b"close") in sent[0]["headers"]) is closes
