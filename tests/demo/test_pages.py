"""The demo's own pages: who one can be, what to try, an example of a front end. In the demo alone."""

import shlex
from pathlib import Path

import pytest

from support_api.demo.house import STATIC
from support_api.demo.load import Person
from support_api.demo.login.claims import FULL_NAMES
from support_api.demo.ready import Ready, ready_made
from tests.conftest import World
from tests.demo.inside import HERE, demo_inside
from tests.pages.policy import addresses_in, loopholes

PATHS = ["/", "/demo/screen", "/demo/screen?as=teun", "/demo/screen?as=greet"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_of_the_demo_loads_nothing_from_elsewhere(world: World, tmp_path: Path, path: str) -> None:
    async with demo_inside(world, tmp_path) as client:
        page = await client.get(path)
        assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert loopholes(page) == []
        found = addresses_in(page.text)
        assert {each: (await client.get(each)).status_code for each in found} == dict.fromkeys(found, 200)
        assert all(each.startswith("/") for each in found)


async def test_the_start_page_names_everyone_and_shows_each_request(world: World, tmp_path: Path) -> None:
    people = list(world.cluster.people.values())
    async with demo_inside(world, tmp_path) as client:
        page = (await client.get("/")).text
    assert [name for name in FULL_NAMES.values() if name not in page] == []
    assert [person.name for person in people if f"<code>{person.name}</code>" not in page] == []
    assert page.count("<pre") == len(list(ready_made(people)))
    assert f"{HERE}/v1/residents/{world.person('fien').resident_id}/access-log" in page


async def test_the_start_page_of_a_municipality_names_nobody(world: World) -> None:
    page = (await world.client.get("/")).text
    assert [name for name in (*FULL_NAMES.values(), "Fien", "/demo") if name in page] == []


async def test_only_somebody_of_the_demo_has_a_screen(world: World, tmp_path: Path) -> None:
    async with demo_inside(world, tmp_path) as client:
        assert (await client.get("/demo/screen?as=nobody")).status_code == 404
        assert (await client.get("/demo/screen", headers={"Host": "evil.example"})).status_code == 404


async def test_its_files_are_there_in_the_demo_alone(world: World, tmp_path: Path) -> None:
    assert len(STATIC) >= 4
    async with demo_inside(world, tmp_path) as client:
        for file in STATIC.values():
            assert (await client.get(file.address)).content == file.path.read_bytes()
            assert (await world.client.get(file.address)).status_code == 404


def test_a_command_is_quoted_for_a_shell() -> None:
    request = Ready("", "", "fien", "/v1/me", "POST", purpose="support")
    command = request.curl("http://127.0.0.1:8000", Path("/tmp/fien's demo"))  # noqa: S108
    token = "$(.venv/bin/support-api token --as fien --data-dir '/tmp/fien'\"'\"'s demo')"
    assert command == (
        f"curl -X POST -H 'Processing-Purpose: support' -H \"Authorization: Bearer {token}\" http://127.0.0.1:8000/v1/me"
    )
    assert "--data-dir" not in request.curl("http://127.0.0.1:8000", Path(".demo").resolve())
    assert shlex.split(token)[-1] == "/tmp/fien's demo)"  # noqa: S108


async def test_each_ready_made_request_answers_as_its_words_say(world: World) -> None:
    people: list[Person] = list(world.cluster.people.values())
    seen = {}
    for each in ready_made(people):
        purpose = {"Processing-Purpose": each.purpose or ""}
        seen[each.title] = (await world.call(each.person, each.method, each.path, headers=purpose)).status_code
    assert list(seen.values()) == [200, 200, 404, 200], seen
