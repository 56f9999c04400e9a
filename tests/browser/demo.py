"""A demo in a process of its own, on the PostgreSQL of all tests."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, expect

from support_api.demo.folder import VARIABLE, address_of, read_issuer
from tests.conftest import Cluster
from tests.demo.inside import folder_on
from tests.processes import COMMAND, free_port
from tests.sites import ready, site_on


@asynccontextmanager
async def demo_on(cluster: Cluster, where: Path) -> AsyncIterator[str]:
    """Its address."""
    port = free_port()
    address = address_of(port)
    folder = folder_on(cluster, where, address)
    settings = {
        "SUPPORT_API_ISSUERS": json.dumps([read_issuer(folder).settings()]),
        "SUPPORT_API_PUBLIC_URL": address,
        "SUPPORT_API_WORKERS": "1",
        "SUPPORT_API_DRAIN_SECONDS": "0",
        VARIABLE: str(folder),
    }
    async with site_on(cluster, where) as site:
        with site.serving(port, (*COMMAND, "serve-demo"), **settings):
            ready(port)
            yield address


async def screen_of(page: Page, address: str, name: str, title: str) -> None:
    """After the log-in, if there is one."""
    await page.goto(f"{address}/demo/screen?as={name}")
    log_in, heading = page.get_by_role("button", name="Inloggen", exact=True), page.get_by_role("heading", name=title)
    await expect(log_in.or_(heading)).to_be_visible()
    if await log_in.is_visible():
        await log_in.click()
    await expect(heading).to_be_visible()
