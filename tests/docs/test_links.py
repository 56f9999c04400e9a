"""Every link of every page leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.conftest import World
from tests.demo.inside import HERE as DEMO
from tests.demo.inside import demo_inside
from tests.docs.links import HOSTS, faults
from tests.docs.pages import ROOT, Page, every_file, every_page

PAGES = {page.name: page for page in every_page()}
HERE = ROOT / "docs" / "running.md"


@pytest.mark.parametrize("name", PAGES)
def test_the_links_of_a_page_lead_somewhere(name: str) -> None:
    assert faults(PAGES[name]) == []


def test_no_page_is_left_out() -> None:
    assert {"README.md", "docs/integrating.md", "docs/adr/README.md", "clients/README.md"} <= PAGES.keys()
    assert sum(len(page.links()) for page in PAGES.values()) > 100


def test_each_host_on_the_list_is_linked_to() -> None:
    text = "\n".join(page.text for page in PAGES.values())
    assert [host for host in HOSTS if f"https://{host}/" not in text] == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("running.md#the-keyring", ""),
        ("#the-keyring", ""),
        ("../CHANGELOG.md", ""),
        ("adr/", ""),
        ("../README.md", ""),
        ("https://semver.org/spec/v2.0.0.html", ""),
        ("http://127.0.0.1:8000/docs", "not a plain https address"),
        ("runing.md", "not there"),
        ("Running.md", "not there"),
        ("../readme.md", "not there"),
        ("../../elsewhere.md", "not there"),
        ("/docs/running.md", "not there"),
        ("running.md/", ""),
        ("running.md/more", "not there"),
        ("#the-keyrings", "no such heading"),
        ("integrating.md#backups", "no such heading"),
        ("../Makefile#demo", "no page with headings"),
        ("http://semver.org/", "not a plain https address"),
        ("//semver.org/", "not a plain https address"),
        ("https://semver.org:8443/", "not a plain https address"),
        ("https://me@semver.org/", "not a plain https address"),
        ("ftp://semver.org/", "not a plain https address"),
        ("https://elsewhere.example/", "a host that isn't on the list"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, fault: str) -> None:
    """The control of the tests above."""
    text = f"## The keyring\n\nSee [there]({link}).\n"
    assert [each.rpartition(": ")[2] for each in faults(Page(HERE, text))] == ([fault] if fault else [])


@pytest.mark.parametrize(
    "text",
    ["![](running.md)", "![screen](running.md)", '<img src="running.md">', "<p>\n<a href='gone.md'>x</a>\n</p>"],
)
def test_an_image_without_words_and_a_link_in_html_are_seen(text: str) -> None:
    assert len(faults(Page(HERE, text))) == 1
    assert faults(Page(HERE, "![The start page of the demo](running.md)")) == []


async def test_addresses_of_the_readers_own_demo_are_pages_of_it(world: World, tmp_path: Path) -> None:
    """Named, not linked to: a page that is read elsewhere has no demo beside it."""
    prose = "\n".join(page.prose() for page in PAGES.values())
    found = {each.rstrip(".") for each in re.findall(rf"{re.escape(DEMO)}[\w./-]*", prose)}
    assert {DEMO, f"{DEMO}/demo"} <= found
    async with demo_inside(world, tmp_path) as client:
        answers = {address: (await client.get(address)).status_code for address in found}
        assert answers == dict.fromkeys(found, 200)
        assert (await client.get(f"{DEMO}/demos")).status_code == 404


def test_a_link_by_reference_is_seen() -> None:
    assert len(faults(Page(HERE, "[there][1]\n\n[1]: gone.md"))) == 1
    assert faults(Page(HERE, "```sh\n[there](gone.md)\n```")) == []


def test_a_fragment_of_the_changelog_is_read_in_the_changelog() -> None:
    fragment = ROOT / "changelog.d" / "+links.added.md"
    assert faults(Page(fragment, "[there](docs/running.md)")) == []
    assert len(faults(Page(fragment, "[there](../docs/running.md)"))) == 1


def test_anchors_are_those_that_github_makes() -> None:
    text = "# A `b_c` d: e-f?\n## Twice\n### Twice\n## Twice 1\n```sh\n# none\n```\n## [Één](x.md), twee & drie\n"
    assert Page(HERE, text).anchors() == {"a-b_c-d-e-f", "twice", "twice-1", "twice-1-1", "één-twee--drie"}


def _registries(text: str) -> list[str]:
    hosts = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com")
    return [host for host in hosts if host in text]


def test_no_file_names_a_registry_of_packages() -> None:
    """Where packages come from is for whoever installs them to say."""
    texts = {str(path): path.read_bytes().decode(errors="replace") for path in every_file()}
    assert {name: found for name, text in texts.items() if (found := _registries(text))} == {}
    assert _registries("https://" + "pypi" + ".org/simple") != []
