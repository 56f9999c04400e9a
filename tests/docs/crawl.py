"""The served pages, from one to the next, as somebody who follows every link."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from tests.docs.links import HOSTS


class _Read(HTMLParser):
    """What a page leads to, loads, and can be led to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.append(value or "")
            elif name == "id" and value:
                self.anchors.add(value)


async def crawl(client: httpx.AsyncClient, start: str = "/") -> tuple[set[str], list[str]]:
    """The addresses that were opened, and what is wrong with a link."""
    faults, anchors, waiting = [], {}, [(start, start)]
    while waiting:
        page, link = waiting.pop()
        address, _, anchor = urljoin(str(client.base_url.join(page)), link).partition("#")
        if not address.startswith(str(client.base_url)):
            faults += [] if _allowed(address) else [f"{page}: {link}: elsewhere"]
            continue
        if address not in anchors:
            answer = await client.get(address)
            faults += [] if answer.status_code == 200 else [f"{page}: {link}: {answer.status_code}"]
            read = _Read(answer.text if "text/html" in answer.headers.get("Content-Type", "") else "")
            anchors[address] = read.anchors
            waiting += [(address, each) for each in read.links]
        if anchor and anchor not in anchors[address]:
            faults.append(f"{page}: {link}: no such place")
    return {urlsplit(each).path for each in anchors}, faults


def _allowed(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.hostname in HOSTS
