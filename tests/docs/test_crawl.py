"""Every link on a served page leads to a page: of the demo, and of a municipality."""

from pathlib import Path

import httpx

from tests.conftest import World
from tests.demo.inside import demo_inside
from tests.docs.crawl import crawl


async def test_every_link_of_the_demo_leads_to_a_page(world: World, tmp_path: Path) -> None:
    async with demo_inside(world, tmp_path) as client:
        opened, faults = await crawl(client)
    assert faults == []
    assert {"/", "/docs", "/demo", "/demo/screen", "/v1/openapi.json"} <= opened


async def test_every_link_of_a_municipality_leads_to_a_page(world: World) -> None:
    opened, faults = await crawl(world.client)
    assert faults == []
    assert {"/", "/docs", "/v1/openapi.json"} <= opened
    assert not [each for each in opened if each.startswith("/demo")]


async def test_a_link_that_leads_nowhere_is_found() -> None:
    """The control of the tests above."""
    links = ["/", "two", "two#there", "two#gone", "#gone", "/gone", "https://semver.org/", "https://a.example/"]
    pages = {"/": "".join(f'<a href="{each}">x</a>' for each in links), "/two": '<p id="there"><img src="gone.png">'}

    def answer(request: httpx.Request) -> httpx.Response:
        found = pages.get(request.url.path)
        return httpx.Response(404) if found is None else httpx.Response(200, html=found)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://here") as client:
        opened, faults = await crawl(client)
    assert opened == {"/", "/two", "/gone", "/gone.png"}
    assert sorted(fault.partition(": ")[2] for fault in faults) == [
        "#gone: no such place",
        "/gone: 404",
        "gone.png: 404",
        "https://a.example/: elsewhere",
        "two#gone: no such place",
    ]
