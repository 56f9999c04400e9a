"""The look at other sites, on a site that is played here."""

import httpx

from tests.docs.external import addresses, faults
from tests.docs.pages import ROOT, Page, every_page


def _site(request: httpx.Request) -> httpx.Response:
    match request.url.path:
        case "/moved":
            return httpx.Response(301, headers={"Location": "/there"})
        case "/no-head" if request.method == "HEAD":
            return httpx.Response(405)
        case "/there" | "/no-head":
            return httpx.Response(200)
        case "/away":
            raise httpx.ConnectTimeout("away")
    return httpx.Response(404)


def test_what_leads_nowhere_is_told() -> None:
    found = [f"https://semver.org/{path}" for path in ("there", "moved", "no-head", "gone", "away")]
    with httpx.Client(transport=httpx.MockTransport(_site), follow_redirects=True) as client:
        assert faults(client, found) == ["https://semver.org/gone: 404", "https://semver.org/away: ConnectTimeout"]


def test_each_address_is_looked_at_once() -> None:
    text = "[a](https://semver.org/x) [b](https://semver.org/x#y) [c](README.md)"
    assert addresses([Page(ROOT / "README.md", text)] * 2) == ["https://semver.org/x"]
    assert addresses(every_page())
