"""The demo in a browser: from the start page to the briefing, and what its screens may do."""

from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.chromium import NARROW, WIDE, new_page
from tests.browser.demo import screen_of
from tests.browser.looking import overflow, violations, walk
from tests.browser.watching import Watched, watched
from tests.demo.browsing import asking

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
LOOKS = [("light", WIDE), ("dark", NARROW)]
BRIEFING, FIENS = "Voor je Fien ontmoet", "Dag Fien"
LOG_IN = "/demo/authorize?" + urlencode(asking(redirect_uri="http://127.0.0.1/", login_hint="teun"))


async def faults(page: Page, seen: Watched) -> list[str]:
    return [*await violations(page), *await seen.complaints(), *(["too wide"] * (await overflow(page) > 0))]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("path", ["/", LOG_IN, "/demo/authorize", "/demo/screen"])
async def test_a_page_of_the_demo_is_for_everyone(
    browser: Browser, demo: str, path: str, scheme: str, width: int
) -> None:
    async with new_page(browser, scheme, width) as page:
        seen = await watched(page, demo)
        await seen.open(path)
        told = await faults(page, seen)
        assert [each for each in told if "status of 400" not in each] == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize(("name", "title"), [("teun", BRIEFING), ("fien", FIENS), ("sanne", "Je werkt nu met niemand")])
async def test_a_screen_is_for_everyone(
    browser: Browser, demo: str, name: str, title: str, scheme: str, width: int
) -> None:
    async with new_page(browser, scheme, width) as page:
        seen = await watched(page, demo)
        await screen_of(page, demo, name, title)
        assert await faults(page, seen) == []
        assert (await walk(page))[1] == []


async def test_the_briefing_is_two_clicks_from_the_start_page(browser: Browser, demo: str) -> None:
    async with new_page(browser) as page:
        await page.goto(demo)
        await page.get_by_role("link", name="Open Teun’s screen").click()
        await page.get_by_role("button", name="Inloggen", exact=True).click()
        await expect(page.get_by_text("Dat mijn zoon zondag gewoon kan komen eten.")).to_be_visible()
        assert "Ik ben bang dat mijn zoon zich voor mij schaamt." not in await page.inner_text("main")
        assert page.url == f"{demo}/demo/screen?as=teun"
        await page.reload()
        await expect(page.get_by_role("heading", name=BRIEFING)).to_be_visible()


async def test_it_is_there_for_who_has_a_keyboard_alone(browser: Browser, demo: str) -> None:
    async with new_page(browser) as page:
        await page.goto(demo)
        for _ in range(20):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.textContent") == "Open Teun’s screen":
                break
        await page.keyboard.press("Enter")
        await page.get_by_role("radio", checked=True).focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=BRIEFING)).to_be_visible()


async def test_fien_stops_it_and_shares_it_again(browser: Browser, demo: str) -> None:
    async with new_page(browser) as page:
        await screen_of(page, demo, "fien", FIENS)
        await page.get_by_role("button", name="Stop met delen").click()
        share = page.get_by_role("button", name="Deel mijn verhaal")
        await expect(share).to_be_focused()
        await screen_of(page, demo, "teun", BRIEFING)
        await expect(page.get_by_text("Fien deelt dit nu niet met jou.")).to_be_visible()
        assert await page.get_by_text("Dat mijn zoon zondag").count() == 0
        await screen_of(page, demo, "fien", FIENS)
        await expect(page.locator(".looks")).to_contain_text("Teun Demo")
        await share.click()
        await expect(page.get_by_role("button", name="Stop met delen")).to_be_focused()


async def test_a_request_is_tried_as_the_person_who_asks_it(browser: Browser, demo: str) -> None:
    async with new_page(browser) as page:
        await page.goto(demo)
        for title, status in (("Teun reads Fien’s briefing", "200, as teun"), ("Noor", "404, as noor")):
            item = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=False))
            await item.get_by_role("button", name="Try it").click()
            await page.get_by_role("button", name="Inloggen", exact=True).click()
            await expect(item.get_by_role("status")).to_contain_text(status)
        assert await violations(page) == []


async def test_who_does_not_log_in_is_told_so(browser: Browser, demo: str) -> None:
    async with new_page(browser) as page:
        await page.goto(f"{demo}/demo/screen?as=teun")
        await page.get_by_role("button", name="Niet inloggen").click()
        await expect(page.get_by_text("Er is niet ingelogd.")).to_be_visible()


async def test_what_somebody_wrote_is_shown_as_they_wrote_it(browser: Browser, demo: str) -> None:
    """A story with HTML in it stays a story."""
    story = "<img src=x onerror=alert(1)> <b>vet</b>"

    async def hostile(route: Route) -> None:
        told = await (await route.fetch()).json()
        told["whatMatters"] = [{"text": story}]
        await route.fulfill(json=told)

    async with new_page(browser) as page:
        seen = await watched(page, demo)
        await page.route("**/briefing", hostile)
        await screen_of(page, demo, "teun", BRIEFING)
        await expect(page.get_by_text(story)).to_be_visible()
        assert await page.locator("#screen img, #screen b").count() == 0
        assert await seen.complaints() == []
