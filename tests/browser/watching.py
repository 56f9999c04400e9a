"""What a browser complains of, and whom it calls, while a page is open."""

from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Request

from tests.browser.looking import DRAWN

_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""


async def watched(page: Page, address: str) -> "Watched":
    """From now on, whatever this page shows."""
    await page.add_init_script(_VIOLATIONS)
    return Watched(page, address)


class Watched:
    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self._errors: list[str] = []
        self._address = address
        page.on("console", self._told)
        page.on("pageerror", lambda error: self._errors.append(f"uncaught: {error}"))
        page.context.on("request", self._asked)

    async def open(self, path: str) -> None:
        await self.page.goto(self._address + path, wait_until="networkidle")
        await self.page.wait_for_function(DRAWN)

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._errors.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    async def complaints(self) -> list[str]:
        refused = [f"policy: {name}" for name in await self.page.evaluate("window.violations")]
        here = urlsplit(self._address).netloc
        parts = [urlsplit(url) for url in self.requests]
        elsewhere = [f"elsewhere: {each.netloc}" for each in parts if each.scheme != "data" and each.netloc != here]
        return [*self._errors, *refused, *elsewhere]
