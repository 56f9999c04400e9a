"""Lists: walking page by page gives each item once, also while others write; a cursor serves one caller, one list."""

import re
from collections.abc import AsyncIterator
from copy import copy
from itertools import pairwise
from typing import Any

import httpx
import pytest

from support_api.db import store
from support_api.db.statements import Statement
from tests.api.door import watched
from tests.api.problems import check_problem, faults
from tests.conftest import World

STRANGER = "/v1/residents/0199aaaa-0000-7000-8000-00000000dead/portrait-items"


def place(world: World) -> str:
    return f"{world.fien}/portrait-items"


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["results"]]


async def write(world: World, text: str = "Nieuw.") -> httpx.Response:
    answer = await world.post("fien", place(world), {"kind": "joy", "text": text, "visibility": "my_workers"})
    assert answer.status_code == 201
    return answer


async def walk(world: World, name: str, limit: int) -> AsyncIterator[httpx.Response]:
    link: str | None = f"{place(world)}?limit={limit}"
    while link:
        answer = await world.get(name, link)
        yield answer
        link = answer.json()["next"]


@pytest.mark.parametrize("name", ["fien", "teun"])
async def test_walking_equals_the_whole_list_there_and_back(world: World, name: str) -> None:
    whole = ids(await world.get(name, f"{place(world)}?limit=100"))
    pages = [page async for page in walk(world, name, 3)]
    assert [each for page in pages for each in ids(page)] == whole
    assert whole == sorted(set(whole))
    assert pages[0].json()["previous"] is None
    for earlier, later in pairwise(pages):
        assert ids(await world.get(name, later.json()["previous"])) == ids(earlier)


async def check_walk_while_writing(world: World) -> None:
    """Between the pages items are added, and one that was seen and one that is still to come are deleted."""
    items = {
        each: await world.get("fien", f"{place(world)}/{each}") for each in ids(await world.get("fien", place(world)))
    }
    first, last = min(items), max(items)
    seen: list[str] = []
    async for page in walk(world, "fien", 2):
        seen += ids(page)
        if len(seen) == 2:
            for gone in (first, last):
                await world.delete("fien", f"{place(world)}/{gone}", items[gone].headers["ETag"])
        if len(seen) < 8:
            await write(world)
            await write(world)
    assert len(seen) == len(set(seen)), "twice"
    assert set(items) - {last} <= set(seen), "left out"
    assert last not in seen


async def test_writing_between_the_pages_doubles_and_hides_nothing(world: World) -> None:
    await check_walk_while_writing(world)


async def test_a_page_that_starts_with_its_edge_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: with >= instead of >, an item comes twice."""
    page = store._page

    def blunt(*args: Any) -> Statement:
        whole = page(*args)
        statement = copy(whole)
        statement.sql, replaced = re.subn(r"(portrait_items\.id) > ", r"\1 >= ", whole.sql)
        assert replaced == 1
        return statement

    monkeypatch.setattr(store, "_page", blunt)
    with pytest.raises(AssertionError, match="twice"):
        await check_walk_while_writing(world)


async def test_a_cursor_is_good_for_one_caller_and_one_list(world: World) -> None:
    """A 400 without the database: nobody can try cursors out on it."""
    cursor = httpx.URL((await world.get("fien", f"{place(world)}?limit=2")).json()["next"]).params["cursor"]
    await world.get("abel", "/v1/me")
    for name, path in (("teun", place(world)), ("fien", STRANGER), ("abel", place(world))):
        with watched() as door:
            answer = await world.get(name, f"{path}?cursor={cursor}")
        assert faults(check_problem(answer, 400, "invalid_input")) == {("cursor", "invalid_cursor")}
        assert door.connections == 0


async def test_a_cursor_that_is_not_ours_to_the_letter_is_refused(world: World) -> None:
    cursor = httpx.URL((await world.get("fien", f"{place(world)}?limit=2")).json()["next"]).params["cursor"]
    changed = [f"{cursor[:n]}{'B' if cursor[n] == 'A' else 'A'}{cursor[n + 1 :]}" for n in range(len(cursor))]
    for bad in (*changed, cursor[:-1], cursor[1:], cursor + "A", cursor * 2, "A", "AAAA", "A" * 200):
        answer = await world.get("fien", f"{place(world)}?cursor={bad}")
        assert faults(check_problem(answer, 400, "invalid_input")) == {("cursor", "invalid_cursor")}, bad


async def test_counting_only_on_request_and_only_what_may_be_seen(world: World) -> None:
    for name, count in (("fien", 9), ("teun", 8)):
        assert (await world.get(name, place(world))).json()["count"] is None
        assert (await world.get(name, f"{place(world)}?count=false")).json()["count"] is None
        assert (await world.get(name, f"{place(world)}?count=true&limit=1")).json()["count"] == count


async def test_counting_stops_above_a_thousand(world: World) -> None:
    columns = "municipality_id, resident_id, owner_id, version, created_at, changed_at, author_role, author_id, sealed,"
    columns += "visibility, confirmation, kind"
    copy = f"""insert into support.portrait_items (id, {columns})
      select ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, {columns}
      from support.portrait_items, generate_series(1, $2) n where id = $1"""
    one = ids(await world.get("fien", place(world)))[0]
    await world.sql(copy, one, 991)
    assert (await world.get("fien", f"{place(world)}?count=true&limit=1")).json()["count"] == 1000
    await world.sql(copy.replace("ffffffff", "eeeeeeee"), one, 50)
    assert (await world.get("fien", f"{place(world)}?count=true&limit=1")).json()["count"] == 1001


async def test_the_links_are_in_the_header_too(world: World) -> None:
    """RFC 8288; built on the address that the operator set, never on the caller's Host."""
    pages = [page async for page in walk(world, "fien", 4)]
    assert len(pages) == 3
    for page in pages:
        body, header = page.json(), page.headers.get("Link", "")
        found = dict((rel, url) for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', header))
        assert found == {rel: url for rel, url in (("next", body["next"]), ("prev", body["previous"])) if url}
    assert "Link" not in (await world.get("fien", place(world))).headers
    answer = await world.get("fien", f"{place(world)}?limit=1", headers={"Host": "evil.example"})
    assert answer.json()["next"].startswith(f"http://testserver{place(world)}?cursor=")


BAD = {
    "limit=0": {("limit", "out_of_range")},
    "limit=101": {("limit", "out_of_range")},
    "limit=-1": {("limit", "out_of_range")},
    "limit=9223372036854775808": {("limit", "not_allowed")},
    "limit=05": {("limit", "not_allowed")},
    "limit=%205": {("limit", "not_allowed")},
    "limit=%2B5": {("limit", "not_allowed")},
    "limit=1_0": {("limit", "not_allowed")},
    "limit=%D9%A1": {("limit", "not_allowed")},
    "limit=%ff": {("limit", "not_allowed")},
    "limit=": {("limit", "not_allowed")},
    "count=1": {("count", "not_allowed")},
    "count=TRUE": {("count", "not_allowed")},
    "cursor=": {("cursor", "too_short")},
    "cursor=%00": {("cursor", "pattern")},
    "limit=1&limit=1": {("limit", "repeated_parameter")},
    "sort=text": {("parameters", "unknown_parameter")},
    "Limit=1": {("parameters", "unknown_parameter")},
    "limit=1;count=true": {("limit", "not_allowed")},
    "x=1&x=2&count=maybe&limit=0&limit=0": {
        ("parameters", "unknown_parameter"),
        ("limit", "repeated_parameter"),
        ("limit", "out_of_range"),
        ("count", "not_allowed"),
    },
}


async def test_parameters_are_strict_and_every_mistake_is_told(world: World) -> None:
    for query, expected in BAD.items():
        answer = await world.get("fien", f"{place(world)}?{query}")
        assert faults(check_problem(answer, 400, "invalid_input")) == expected, query
    for limit, length in ((1, 1), (100, 9)):
        assert len(ids(await world.get("fien", f"{place(world)}?limit={limit}"))) == length
    answer = await world.get("fien", f"{place(world)}/{ids(await world.get('fien', place(world)))[0]}?limit=1")
    assert faults(check_problem(answer, 400, "invalid_input")) == {("parameters", "unknown_parameter")}
