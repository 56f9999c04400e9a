"""Pages and their files: for everyone, from the service alone, kept as long as they are the same."""

from pathlib import Path

import httpx
import pytest

from support_api.http.pages.layout import Layout
from support_api.http.pages.static import STATIC
from tests.api.problems import HEADERS, check_problem
from tests.conftest import World, running
from tests.pages.policy import addresses_in, loopholes
from tests.rules.addresses import ask

ADDRESSES = ["/", "/docs"]
# The viewer draws its arrows and crosses from data: addresses in its style sheet.
NEEDS = {"/docs": {"img_src": ["'self'", "data:"]}}


@pytest.mark.parametrize("path", ADDRESSES)
async def test_a_page_is_for_everyone_and_lets_nothing_in_from_elsewhere(world: World, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Accept": "application/json"}):
        answer = await ask(world, "GET", path, **headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert loopholes(answer, **NEEDS.get(path, {})) == []
        others = {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
        assert {name: answer.headers[name] for name in others} == others


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ({"script-src": "'self' 'unsafe-inline'"}, ["script-src"]),
        ({"default-src": "'self' https://cdn.example"}, ["default-src"]),
        ({"form-action": "'self' http://localhost:5173"}, ["form-action"]),
        ({}, []),
    ],
)
def test_a_policy_with_a_hole_is_noticed(policy: dict[str, str], found: list[str]) -> None:
    """Positive control, and what the parameter is for."""
    page = Layout("http://testserver").page("start.html", policy=policy)
    assert loopholes(httpx.Response(200, headers=page.headers)) == found


@pytest.mark.parametrize("path", ADDRESSES)
async def test_every_address_on_a_page_is_one_of_the_service(world: World, path: str) -> None:
    found = addresses_in((await ask(world, "GET", path)).text)
    assert len(found) > 4
    assert {each: (await ask(world, "GET", each)).status_code for each in found} == dict.fromkeys(found, 200)
    assert (await ask(world, "GET", "/static/nothing.css")).status_code == 404


@pytest.mark.parametrize("name", STATIC)
async def test_a_file_is_kept_for_as_long_as_it_is_the_same(world: World, name: str) -> None:
    path = f"/static/{name}"
    first = await ask(world, "GET", path)
    tag = first.headers["ETag"]
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    assert first.content == STATIC[name].path.read_bytes()
    for sent in (tag, f'"other", W/{tag}'):
        again = await ask(world, "GET", path, **{"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert (await ask(world, "GET", path, **{"If-None-Match": '"other"'})).status_code == 200
    for_long = await ask(world, "GET", f"{path}?v={STATIC[name].tag}")
    assert "immutable" in for_long.headers["Cache-Control"]
    assert (await ask(world, "GET", f"{path}?v=other")).headers["Cache-Control"] == "public, no-cache"


async def test_no_name_leads_out_of_the_folder(world: World) -> None:
    for name in ("", "static.py", "house.css/x", "house%2ecss", "%2e%2e/layout.py"):
        check_problem(await ask(world, "GET", f"/static/{name}"), 404, "not_found")


async def test_pages_can_be_switched_off(world: World) -> None:
    async with running(world.cluster, world.main, world.keys, pages=False) as client:
        for path in (*ADDRESSES, *(f"/static/{name}" for name in STATIC)):
            check_problem(await client.get(path), 404, "not_found")


def test_what_a_page_shows_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "hostile.html").write_text('{% extends "layout.html" %}{% block main %}{{ text }}{% endblock %}')
    text = "<script>alert(1)</script>\"'&"
    page = Layout("http://testserver", tmp_path).page("hostile.html", text=text, here="")
    assert b"<script>" not in page.body
    assert b"&lt;script&gt;" in page.body


def test_behind_a_proxy_that_serves_it_under_a_path_every_address_has_that_path() -> None:
    found = addresses_in(Layout("https://api.voorbeeldstad.example/support").page("start.html").body.decode())
    assert [each for each in found if not each.startswith("/support/")] == []
    assert addresses_in('<a href="/x">') == {"/x"}
