"""The pictures of the documentation, made anew by `make screenshots`: of the demo, as a visitor sees it."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser

from tests.browser.chromium import chromium, new_page
from tests.browser.demo import demo_on, screen_of
from tests.conftest import Cluster, started

IMAGES = Path(__file__).parents[2] / "docs/images"


async def take(browser: Browser, address: str, where: Path) -> None:
    async with new_page(browser) as page:
        await page.goto(address, wait_until="networkidle")
        await page.screenshot(path=where / "start-page.png")
        await screen_of(page, address, "teun", "Voor je Fien ontmoet")
        await page.set_viewport_size({"width": 960, "height": 1150})
        await page.screenshot(path=where / "teuns-screen.png")
    async with new_page(browser, "dark", 400) as page:
        await screen_of(page, address, "fien", "Dag Fien")
        await page.screenshot(path=where / "fiens-screen-narrow-dark.png")
    async with new_page(browser) as page:
        await page.goto(f"{address}/docs#/briefings/getBriefing", wait_until="networkidle")
        await page.locator("[id$='-getBriefing']").scroll_into_view_if_needed()
        await page.screenshot(path=where / "api-reference.png")


async def _of(cluster: Cluster, folder: Path) -> None:
    async with demo_on(cluster, folder) as address, chromium() as browser:
        await take(browser, address, IMAGES)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="support-api-") as name, started(Path(name)) as found:
        asyncio.run(_of(found, Path(name)))
