"""The API reference in use: operations open, the form, the dialog for the token, a real answer."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import NARROW, WIDE, new_page
from tests.browser.looking import overflow, violations
from tests.browser.watching import watched
from tests.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
OPENED = ("getMe", "createConsent", "searchResidents")


async def opened(page: Page, name: str) -> None:
    await page.click(f"[id$='-{name}'] .opblock-summary-control")
    await page.click(f"[id$='-{name}'] .try-out__btn")
    await page.locator(f"[id$='-{name}'] .fold").first.click()


@pytest.mark.parametrize(("scheme", "width"), [("light", WIDE), ("dark", NARROW)])
async def test_an_operation_in_use_is_for_everyone(browser: Browser, address: str, scheme: str, width: int) -> None:
    async with new_page(browser, scheme, width) as page:
        seen = await watched(page, address)
        await seen.open("/docs")
        for name in OPENED:
            await opened(page, name)
        await page.click("[id$='-getMe'] .execute")
        await expect(page.locator("[id$='-getMe'] .live-responses-table")).to_contain_text("401")
        assert await violations(page) == []
        assert await overflow(page) <= 0
        assert [each for each in await seen.complaints() if "401" not in each] == []


@pytest.mark.parametrize(("scheme", "width"), [("dark", WIDE), ("light", NARROW)])
async def test_the_dialog_keeps_the_keyboard_and_gives_it_back(
    browser: Browser, address: str, scheme: str, width: int
) -> None:
    async with new_page(browser, scheme, width) as page:
        await page.goto(f"{address}/docs", wait_until="networkidle")
        await page.focus(".btn.authorize")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await violations(page) == []
        for _ in range(8):
            assert await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
            await page.keyboard.press("Tab")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert await page.evaluate("document.activeElement.matches('.btn.authorize')")


async def test_with_a_token_it_answers_and_tells_nobody_else(browser: Browser, service: World, address: str) -> None:
    async with new_page(browser) as page:
        seen = await watched(page, address)
        await seen.open("/docs")
        await page.click(".btn.authorize")
        await page.get_by_label("Token").fill(service.token("fien"))
        await page.get_by_role("dialog").get_by_role("button", name="Authorize").click()
        await page.keyboard.press("Escape")
        await opened(page, "getMe")
        await page.click("[id$='-getMe'] .execute")
        await expect(page.locator("[id$='-getMe'] .live-responses-table")).to_contain_text(
            f"{service.person('fien').resident_id}"
        )
        assert f"{address}/v1/me" in seen.requests
        assert await seen.complaints() == []
        assert (
            await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
            == '[{},{},""]'
        )


async def test_a_link_leads_to_its_operation(browser: Browser, address: str) -> None:
    async with new_page(browser) as page:
        await page.goto(f"{address}/docs#/briefings/getBriefing", wait_until="networkidle")
        await expect(page.locator("[id$='-getBriefing'] .opblock-body")).to_be_visible()


async def test_a_link_cannot_show_another_contract(browser: Browser, address: str) -> None:
    async with new_page(browser) as page:
        seen = await watched(page, address)
        await seen.open("/docs?url=http://elsewhere.example/x.json&configUrl=http://elsewhere.example/c.json")
        assert await seen.complaints() == []
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Support API")
