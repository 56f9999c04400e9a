"""Whether the links to other sites still lead somewhere: `make links`. One after the other, each address once."""

import sys
from collections.abc import Iterable

import httpx

from tests.docs.pages import Page, every_page

_AGENT = "support-api-links (a look once in a while, whether the links of our documentation are right)"


def addresses(pages: Iterable[Page]) -> list[str]:
    found = {link.to.partition("#")[0] for page in pages for link in page.links()}
    return sorted(each for each in found if each.startswith("https://"))


def faults(client: httpx.Client, found: Iterable[str]) -> list[str]:
    return [f"{each}: {fault}" for each in found if (fault := _fault(client, each))]


def _fault(client: httpx.Client, address: str) -> str:
    try:
        answer = client.head(address)
        if answer.status_code in (403, 405, 501):
            answer = client.get(address)
    except httpx.HTTPError as error:
        return type(error).__name__
    return "" if answer.status_code == 200 else str(answer.status_code)


def main() -> int:
    found = addresses(every_page())
    with httpx.Client(timeout=20, follow_redirects=True, headers={"User-Agent": _AGENT}) as client:
        wrong = faults(client, found)
    print(f"{len(found)} links to other sites, {len(wrong)} of them lead nowhere", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
