"""The page on docs/building-a-front-end.md works as it stands: copied, served from another origin, in a browser."""

import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import NARROW, WIDE, new_page
from tests.browser.looking import overflow, violations, walk
from tests.deploy.running_page import ROOT
from tests.processes import free_port, running

DOC = ROOT / "docs/building-a-front-end.md"

_IN_A_FRAME = """([address, sandbox]) => new Promise(told => {
  addEventListener('message', event => told(event.data), { once: true });
  const frame = document.createElement('iframe');
  if (sandbox) frame.sandbox = sandbox;
  frame.srcdoc = `<script>fetch('${address}').then(answer => answer.status, error => error.name)
    .then(found => parent.postMessage(found, '*'))</scr` + `ipt>`;
  document.body.append(frame);
})"""


def example(address: str) -> str:
    found = re.search(r"^```html\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.M | re.S)
    assert found
    assert "http://127.0.0.1:8000" in found[1]
    return found[1].replace("http://127.0.0.1:8000", address)


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with TemporaryDirectory(prefix="support-api-tests-") as folder:
        port, log = free_port(), Path(folder) / "demo.log"
        with running("demo", "--port", str(port), "--data-dir", f"{folder}/demo", log=log) as process:
            process.says("ready ")
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def front_end(demo: str, tmp_path: Path) -> Iterator[str]:
    """What the page tells to do: a folder, served."""
    (tmp_path / "index.html").write_text(example(demo), encoding="utf-8")
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with new_page(browser) as made:
        yield made


async def log_in(page: Page, front_end: str, name: str) -> None:
    await page.goto(front_end)
    await page.get_by_role("button", name="Inloggen").click()
    await page.get_by_role("radio", name=re.compile(name)).check()
    await page.get_by_role("button", name="Inloggen", exact=True).click()
    await page.wait_for_url(front_end)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
async def test_teun_and_fien_see_their_first_screen(page: Page, front_end: str) -> None:
    """Log in, come back, a token, and an answer that the page may read: code, PKCE and CORS in a real browser."""
    await log_in(page, front_end, "Teun")
    await expect(page.locator("#screen")).to_contain_text("Fien")
    await log_in(page, front_end, "Fien")
    await expect(page.locator("#screen")).to_contain_text("Teun")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
async def test_an_answer_to_somebody_else_is_not_taken(page: Page, front_end: str) -> None:
    await page.goto(front_end + "?code=x&state=not-mine&iss=elsewhere")
    await expect(page.locator("#screen")).to_have_text("Dit antwoord hoort niet bij deze vraag.")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_elsewhere_may_not_read(page: Page, demo: str, front_end: str) -> None:
    """The control: the browser does hold pages to it. Alone in its frame, a page has an origin that nobody allows."""
    await page.goto(front_end)
    assert await page.evaluate(_IN_A_FRAME, [f"{demo}/v1/me", ""]) == 401
    assert await page.evaluate(_IN_A_FRAME, [f"{demo}/v1/me", "allow-scripts"]) == "TypeError"
    assert await page.evaluate(_IN_A_FRAME, [f"{demo}/v1/openapi.json", "allow-scripts"]) == 200


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_the_page_of_the_demo_is_for_everybody(browser: Browser, demo: str, width: int) -> None:
    """WCAG 2.2 AA, the whole of it by keyboard, and nothing beside a narrow window."""
    async with new_page(browser, width=width) as page:
        await page.goto(f"{demo}/")
        await page.get_by_role("link", name="Move its clock").click()
        await page.wait_for_url(f"{demo}/demo")
        assert await violations(page) == []
        assert await overflow(page) <= 0
        names, wrong = await walk(page)
        assert wrong == []
        assert len([name for name in names if name.startswith("BUTTON")]) == 5


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")
async def test_the_buttons_of_the_demo_work(page: Page, demo: str) -> None:
    """By keyboard, and without a script."""
    await page.goto(f"{demo}/demo")
    await page.get_by_role("button", name="30 days ahead").press("Enter")
    await expect(page.get_by_text("30 days ahead.")).to_be_visible()
    await page.get_by_role("button", name="Put everything back").press("Enter")
    await expect(page.get_by_text("30 days ahead.")).to_have_count(0, timeout=20_000)
