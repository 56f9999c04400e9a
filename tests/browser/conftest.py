"""One service and one Chromium for all tests of pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import chromium
from tests.browser.demo import demo_on
from tests.conftest import Cluster, World
from tests.sites import served, site_on


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as found:
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Of a service in a process of its own."""
    logs: Path = tmp_path_factory.mktemp("browser")
    async with (
        site_on(cluster, logs) as site,
        served(site, SUPPORT_API_WORKERS="1") as (_, world),
    ):
        yield world


@pytest.fixture
def address(service: World) -> str:
    return str(service.client.base_url).rstrip("/")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a demo."""
    async with demo_on(cluster, tmp_path_factory.mktemp("demo")) as address:
        yield address
