"""Callers who keep writing while things break, as careful clients do: one key per item, repeated until answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx

from tests.conftest import World
from tests.faults.ledger import History
from tests.processes import soon

WRITERS = 6


async def _ask(history: History, call: Awaitable[httpx.Response]) -> httpx.Response | None:
    """None if the connection broke."""
    try:
        answer = await call
    except httpx.TransportError:
        answer = None
        await asyncio.sleep(0.05)
    history.note(answer)
    return answer


async def create(world: World, history: History, key: str) -> httpx.Response | None:
    history.asked.add(key)
    said = {"kind": "joy", "text": f"{key} eerst", "visibility": "my_workers"}
    call = world.post("fien", f"{world.fien}/portrait-items", said, headers={"Idempotency-Key": key})
    answer = await _ask(history, call)
    if created(answer):
        history.created[key] = UUID(answer.json()["id"])
    return answer


async def change(world: World, history: History, key: str, tag: str) -> None:
    item = history.created[key]
    said = {"text": f"{key} anders"}
    answer = await _ask(history, world.patch("fien", f"{world.fien}/portrait-items/{item}", said, tag))
    if answer is not None and answer.status_code == 200:
        history.changed[item] = answer.json()["version"]


async def settle(world: World, history: History) -> None:
    """Repeats every key that was ever sent, until it has its answer: the same item as before, if there was one."""
    for key in history.asked:
        known = history.created.get(key)
        await soon(lambda key=key: _created(world, history, key), "an answer to a repeated key")
        assert known in (None, history.created[key]), "a repeated key made another item"


async def _created(world: World, history: History, key: str) -> bool:
    return created(await create(world, history, key))


def created(answer: httpx.Response | None) -> bool:
    return answer is not None and answer.status_code == 201


@asynccontextmanager
async def storm(world: World, history: History) -> AsyncIterator[None]:
    """Writers at work inside the block; afterwards each ends what it was doing."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(_write(world, history, over))
        try:
            yield
        finally:
            over.set()


async def _write(world: World, history: History, over: asyncio.Event) -> None:
    while not over.is_set():
        key = uuid4().hex
        while not created(answer := await create(world, history, key)):
            if over.is_set():
                return
        await change(world, history, key, answer.headers["ETag"])


async def more(history: History, number: int) -> None:
    """Waits until that many more items are acknowledged."""
    wanted = len(history.created) + number

    async def enough() -> bool:
        return len(history.created) >= wanted

    await soon(enough, f"{number} more items", 60)


async def answers(world: World) -> bool:
    return (await world.get("fien", "/v1/me")).status_code == 200
