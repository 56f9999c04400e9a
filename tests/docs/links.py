"""Where links lead. What is on the network is looked at by `make links`, not by the tests."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.docs.pages import ROOT, Page

# Each host that a page may send its reader to. A new one is a decision: it has to last, and to be worth the trust.
HOSTS = {"gitdocumentatie.logius.nl", "keepachangelog.com", "semver.org"}


def faults(page: Page) -> list[str]:
    return [f"{page.name}: {link.to}: {fault}" for link in page.links() if (fault := _fault(page, link.to))] + [
        f"{page.name}: {link.to}: no words for who can't see it"
        for link in page.links()
        if link.image and len(link.alt.split()) < 2
    ]


def _fault(page: Page, link: str) -> str:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return _elsewhere(link)
    target = _target(page.shown_at, unquote(parts.path))
    if target is None:
        return "not there"
    if not parts.fragment:
        return ""
    if target.suffix != ".md":
        return "no page with headings"
    there = page if target == page.path else Page(target, target.read_text(encoding="utf-8"))
    return "" if unquote(parts.fragment) in there.anchors() else "no such heading"


def _elsewhere(link: str) -> str:
    parts = urlsplit(link)
    if parts.scheme != "https" or parts.port or parts.username or not re.fullmatch(r"[\x21-\x7e]+", link):
        return "not a plain https address"
    return "" if parts.hostname in HOSTS else "a host that isn't on the list"


def _target(here: Path, path: str) -> Path | None:
    """Spelled as the files are, also where the disk would not mind; None if it is not there, or not ours."""
    if path.startswith("/"):
        return None
    found = here if not path else here.parent
    for part in path.split("/") if path else ():
        if part == "..":
            found = found.parent
        elif part not in ("", "."):
            if part not in {each.name for each in found.iterdir()} if found.is_dir() else True:
                return None
            found = found / part
    return found if found.is_relative_to(ROOT) else None
