"""A library of front ends (`openid-client`) logs Teun in at a demo that runs; what it is told wrong it refuses."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.check import WATCHED
from tests.demo.browsing import Browser, Page
from tests.demo.conftest import Demo

pytestmark = [pytest.mark.node, pytest.mark.slow]
PROGRAM = Path(__file__).parents[1] / "node" / "log-in.mjs"
BACK = "http://localhost:5173/back"


class FrontEnd:
    """The library, as a process, and the browser in which somebody logs in."""

    def __init__(self, process: asyncio.subprocess.Process, browser: Browser) -> None:
        self._process = process
        self._browser = browser

    async def line(self) -> str:
        assert self._process.stdout
        async with asyncio.timeout(20):
            return (await self._process.stdout.readline()).decode().strip()

    async def log_in(self, person: str) -> str:
        """Where the browser comes back."""
        page = await self._browser.client.get(await self.line())
        sent = await self._browser.chooses(page, person)
        assert Page(page.text).people
        return str(sent.headers["location"])

    async def comes_back(self, address: str) -> Any:
        assert self._process.stdin
        self._process.stdin.write(address.encode() + b"\n")
        return json.loads(await self.line())


@pytest.fixture
async def front_end(demo: Demo) -> AsyncIterator[FrontEnd]:
    async with started(demo) as made:
        yield made


@asynccontextmanager
async def started(demo: Demo) -> AsyncIterator[FrontEnd]:
    asked = (f"{demo.address}/demo", BACK, "openid profile me:read", demo.address)
    process = await asyncio.create_subprocess_exec(
        "node", str(PROGRAM), *asked, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with httpx.AsyncClient(base_url=demo.address, trust_env=False, timeout=20, event_hooks=WATCHED) as client:
            yield FrontEnd(process, Browser(client))
    finally:
        process.kill()
        await process.communicate()


async def test_teun_logs_in(front_end: FrontEnd) -> None:
    """The library checks issuer, state, nonce, ID token and its signature itself."""
    got = await front_end.comes_back(await front_end.log_in("teun"))
    assert got["me"]["role"] == "worker"
    assert (got["claims"]["sub"], got["claims"]["name"]) == ("teun", "Teun Demo")
    assert got["scope"] == "openid profile me:read"


async def test_what_was_altered_or_used_is_refused(front_end: FrontEnd) -> None:
    """A state that is not its own, another issuer (RFC 9207), and a code for the second time, by whichever worker."""
    address = await front_end.log_in("teun")
    assert (await front_end.comes_back(address.replace("state=", "state=x")))["error"] == "OAUTH_INVALID_RESPONSE"
    assert (await front_end.comes_back(address.replace("iss=http", "iss=https")))["error"] == "OAUTH_INVALID_RESPONSE"
    assert "me" in await front_end.comes_back(address)
    again = [await front_end.comes_back(address) for _ in range(6)]
    assert again == [{"error": "invalid_grant"}] * 6


async def test_another_verifier_is_refused(demo: Demo, front_end: FrontEnd) -> None:
    """Two front ends at once: the code of one is of no use to the other."""
    address = await front_end.log_in("teun")
    async with started(demo) as other:
        theirs = await other.log_in("fien")
        state = theirs.partition("state=")[2].partition("&")[0]
        own = address.partition("state=")[2].partition("&")[0]
        assert (await other.comes_back(address.replace(own, state)))["error"] == "invalid_grant"
        assert (await other.comes_back(theirs))["me"]["role"] == "resident"
