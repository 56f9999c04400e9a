"""Each page, in light and dark, wide and narrow: WCAG 2.2 AA, and nobody is called but the service."""

import pytest
from playwright.async_api import Browser, Page

from tests.browser.chromium import NARROW, WIDE, new_page
from tests.browser.looking import overflow, violations, walk
from tests.browser.watching import Watched, watched

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
PAGES = ["/", "/docs"]
LOOKS = [("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)]


async def faults(page: Page, seen: Watched) -> list[str]:
    wide = await overflow(page)
    return [*await violations(page), *await seen.complaints(), *([f"{wide} too wide"] if wide > 0 else [])]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
async def test_a_page_is_for_everyone(browser: Browser, address: str, path: str, scheme: str, width: int) -> None:
    async with new_page(browser, scheme, width) as page:
        seen = await watched(page, address)
        await seen.open(path)
        assert await faults(page, seen) == []
        assert len(await page.inner_text("main")) > 500


@pytest.mark.parametrize("path", PAGES)
async def test_at_twice_the_size_nobody_scrolls_sideways(browser: Browser, address: str, path: str) -> None:
    async with new_page(browser, width=WIDE // 2, scale=2) as page:
        await page.goto(address + path, wait_until="networkidle")
        assert await overflow(page) <= 0


@pytest.mark.parametrize("path", PAGES)
async def test_the_tab_key_reaches_everything_and_shows_where_it_is(browser: Browser, address: str, path: str) -> None:
    async with new_page(browser) as page:
        await page.goto(address + path, wait_until="networkidle")
        names, wrong = await walk(page)
        assert wrong == []
        assert len(names) >= 8
        assert names[0] == "A #main"


async def test_the_skip_link_leads_past_the_header(browser: Browser, address: str) -> None:
    async with new_page(browser) as page:
        await page.goto(address)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('main') !== null")


PLANTED = {
    "image-alt": "document.querySelector('main').append(new Image())",
    "color-contrast": "document.querySelector('main p').style.color = '#bbb'",
    "policy: script-src-elem": "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    "elsewhere: elsewhere.example": "window.open('http://elsewhere.example/')",
    "console: planted": "console.error('planted')",
    "uncaught: planted": "setTimeout(() => { throw 'planted' })",
    "720 too wide": "document.querySelector('main').style.minWidth = '2000px'",
    "data: refused": "document.body.append(Object.assign(new Image(), {src: 'data:image/gif,', alt: ''}))",
}


@pytest.mark.parametrize("found", PLANTED)
async def test_a_planted_fault_is_noticed(browser: Browser, address: str, found: str) -> None:
    """Positive controls."""
    async with new_page(browser) as page:
        seen = await watched(page, address)
        await seen.open("/")
        await page.evaluate(f"() => {{ {PLANTED[found]} }}")
        await page.wait_for_timeout(100)
        told = await faults(page, seen)
        wanted = "policy: img-src" if found == "data: refused" else found
        assert [each for each in told if each.startswith(wanted)], told


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("document.querySelector('main a').tabIndex = -1", "not reached: A /docs"),
        ("document.querySelector('main a').style.outline = 'none'", "no visible focus: A /docs"),
    ],
)
async def test_what_the_tab_key_misses_is_noticed(browser: Browser, address: str, script: str, found: str) -> None:
    """Positive controls."""
    async with new_page(browser) as page:
        await page.goto(address)
        await page.evaluate(f"() => {{ {script} }}")
        assert (await walk(page))[1] == [found]
