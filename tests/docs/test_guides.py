"""The guides as a reader finds them: from the README, each for somebody, and from a clone to a screen."""

import re
from pathlib import Path

from tests.conftest import World
from tests.demo.inside import demo_inside
from tests.docs.pages import ROOT, Page, guides

PAGES = {page.name: page for page in guides()}
README = PAGES["README.md"]
_READER = re.compile(r"\b(?:For|This page is for) (?:whoever|someone|somebody)\b")


def unread(readme: Page) -> list[str]:
    """Guides to which the table at the end of the README doesn't lead."""
    linked = {link.to for link in readme.links()}
    return [name for name in PAGES if name not in linked and name != readme.name]


def for_nobody(page: Page) -> bool:
    """Whether its first paragraph doesn't say for whom it is."""
    paragraph = next(
        token for token in page.tokens if token.type == "inline" and token.level == 1 and token.map != [0, 1]
    )
    return not _READER.search(paragraph.content)


def test_the_readme_leads_to_every_guide() -> None:
    assert unread(README) == []
    assert unread(README.changed("docs/performance.md", "docs/running.md")) == ["docs/performance.md"]


def test_every_guide_says_for_whom_it_is() -> None:
    assert [name for name, page in PAGES.items() if page != README and for_nobody(page)] == []
    assert for_nobody(PAGES["docs/running.md"].changed("for whoever", "about how someone"))


def test_the_way_to_the_screen_is_short() -> None:
    """One command, an address, and what to press; before anything else that there is to do."""
    commands = [block for block in README.blocks() if block.language == "sh"]
    assert (commands[0].heading, commands[0].text) == (README.headings()[1], "make demo\n")
    assert README.text.index("http://127.0.0.1:8000 in a browser") < README.text.index(commands[1].text)
    assert len(README.text.splitlines()) < 100


async def test_what_the_readme_says_to_press_is_there(world: World, tmp_path: Path) -> None:
    [screen, log_in] = re.findall(r'"([^"]+)"', README.text.split("## From the command line")[0])
    async with demo_inside(world, tmp_path) as client:
        start = (await client.get("/")).text.replace("’", "'")
    assert re.search(rf'href="[^"]*/demo/screen\?as=teun">{re.escape(screen)}<', start)
    assert f"{screen}s" not in start
    assert f">{log_in}</button>" in (ROOT / "src/support_api/demo/pages/templates/log-in.html").read_text("utf-8")
