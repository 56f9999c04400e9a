"""Conditional requests (RFC 9110, 13): a change states which version it changes, and of two writers one wins."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from copy import copy
from typing import Any

import httpx
import pytest

from support_api.db import store
from support_api.domain.portrait_items import PORTRAIT_ITEMS
from support_api.http import reading
from tests.api.problems import check_headers, check_problem, faults
from tests.conftest import World

TAG = re.compile(r'"1\.[0-9a-f]{16}"')


async def item(world: World, **said: Any) -> httpx.Response:
    answer = await world.post("fien", f"{world.fien}/portrait-items", {"kind": "joy", "text": "Soep.", **said})
    assert answer.status_code == 201
    return answer


async def row(world: World, answer: httpx.Response) -> tuple[object, ...]:
    sql = "select version, sealed, changed_at, deleted_at from support.portrait_items where id = $1"
    return tuple((await world.sql(sql, answer.json()["id"]))[0])


async def test_the_tag_is_the_version_and_a_hash_of_what_is_seen(world: World) -> None:
    made = await item(world)
    assert TAG.fullmatch(made.headers["ETag"])
    read = await world.get("fien", made.headers["Location"])
    assert read.headers["ETag"] == made.headers["ETag"]
    changed = await world.patch("fien", made.headers["Location"], {"text": "Brood."}, made.headers["ETag"])
    assert changed.headers["ETag"].startswith('"2.')
    assert changed.headers["ETag"][3:] != made.headers["ETag"][3:]


async def test_who_sees_less_gets_another_tag(world: World) -> None:
    """The hash covers what this caller sees: a tag of the whole story is not one of the short version."""
    said = {"kind": "life_story", "shortVersion": "Kort.", "fullText": "Lang.", "visibility": "my_workers"}
    made = await world.post("fien", f"{world.fien}/baggage-notes", said)
    whole, short = made.headers["ETag"], (await world.get("teun", made.headers["Location"])).headers["ETag"]
    assert (whole[:3], whole != short) == (short[:3], True)
    answer = await world.get("teun", made.headers["Location"], headers={"If-None-Match": whole})
    assert (answer.status_code, answer.json()["fullText"]) == (200, None)


WITHOUT = (("PATCH", {"text": "Anders."}), ("DELETE", None))


async def test_a_change_without_a_tag_is_428_and_changes_nothing(world: World) -> None:
    made = await item(world)
    before = await row(world, made)
    for method, body in WITHOUT:
        answer = await world.call("fien", method, made.headers["Location"], body)
        check_problem(answer, 428, "precondition_required")
    assert await row(world, made) == before


async def test_an_old_tag_is_412_and_changes_nothing(world: World) -> None:
    made = await item(world)
    place, old = made.headers["Location"], made.headers["ETag"]
    await world.patch("fien", place, {"text": "Brood."}, old)
    before = await row(world, made)
    check_problem(await world.patch("fien", place, {"text": "Anders."}, old), 412, "stale")
    check_problem(await world.patch("fien", place, {"text": "Anders."}, old.replace('"1', '"9')), 412, "stale")
    check_problem(await world.delete("fien", place, old), 412, "stale")
    assert await row(world, made) == before


async def test_what_is_no_tag_of_ours_is_400_and_changes_nothing(world: World) -> None:
    """Weak tags, `*`, lists and other spellings of the same version are refused rather than guessed at."""
    made = await item(world)
    tag, before = made.headers["ETag"], await row(world, made)
    for bad in (
        f"W/{tag}",
        "*",
        tag.strip('"'),
        f"{tag}, {tag}",
        '"1"',
        tag.replace("1.", "01.", 1),
        tag.upper() + "x",
    ):
        answer = await world.patch("fien", made.headers["Location"], {"text": "Anders."}, bad)
        assert faults(check_problem(answer, 400, "invalid_input")) == {("If-Match", "invalid_tag")}, bad
    twice = [("If-Match", tag), ("If-Match", tag)]
    sent = [("Authorization", f"Bearer {world.token('fien')}"), ("Content-Type", "application/json"), *twice]
    answer = await world.client.patch(made.headers["Location"], content=b"{}", headers=sent)
    assert ("If-Match", "repeated_header") in faults(check_problem(answer, 400, "invalid_input"))
    assert await row(world, made) == before


async def test_deleting_needs_the_version_that_was_read(world: World) -> None:
    made = await item(world)
    gone = await world.delete("fien", made.headers["Location"], made.headers["ETag"])
    assert (gone.status_code, gone.content) == (204, b"")
    check_headers(gone)
    check_problem(await world.get("fien", made.headers["Location"]), 404, "not_found")
    check_problem(await world.delete("fien", made.headers["Location"], made.headers["ETag"]), 404, "not_found")


async def race(world: World, patch: pytest.MonkeyPatch) -> Counter[int]:
    """Two changes that have both read version 1 before either writes."""
    made = await item(world)
    both, one = asyncio.Barrier(2), store.one

    async def meet(*args: Any) -> Any:
        found = await one(*args)
        await both.wait()
        return found

    patch.setattr(store, "one", meet)
    place, tag = made.headers["Location"], made.headers["ETag"]
    answers = await asyncio.gather(
        world.patch("fien", place, {"text": "Brood."}, tag), world.patch("fien", place, {"text": "Rijst."}, tag)
    )
    patch.setattr(store, "one", one)
    assert (await row(world, made))[0] == 2
    return Counter(answer.status_code for answer in answers)


async def test_of_two_writers_exactly_one_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await race(world, monkeypatch) == {200: 1, 412: 1}
    kept = await world.sql("select version from support.revisions where resource = 'portrait-items'")
    assert [each["version"] for each in kept] == [1]


async def test_without_the_version_in_the_statement_both_would_win(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: the race is real, and it is the statement that decides it."""
    whole = store._update(PORTRAIT_ITEMS)
    blind = copy(whole)
    blind.sql, replaced = re.subn(r"(portrait_items\.version) = (\$\d+(::\w+)?)", r"\1 >= \2 - 1", whole.sql)
    blind.sql = blind.sql.replace("INSERT INTO", ", kept AS (INSERT INTO")
    blind.sql += " ON CONFLICT DO NOTHING) SELECT id FROM saved"
    assert replaced == 1
    monkeypatch.setattr(store, "_update", lambda _: blind)
    assert await race(world, monkeypatch) == {200: 2}


async def reads(world: World) -> int:
    sql = "select count(*) from support.audit_entries where action = 'portrait_item:read' and outcome = 'done'"
    return (await world.sql(sql))[0][0]  # type: ignore[no-any-return]


async def test_not_modified_is_an_empty_answer_and_still_a_recorded_read(world: World) -> None:
    """INV-04: who has it already has looked all the same."""
    made = await item(world)
    place, tag = made.headers["Location"], made.headers["ETag"]
    for n, known in enumerate((tag, f"W/{tag}", f'"other", {tag}', "*"), start=1):
        answer = await world.get("fien", place, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag), known
        check_headers(answer)
        assert await reads(world) == n
    for other in ('"1.0000000000000000"', "nonsense", tag.strip('"')):
        answer = await world.get("fien", place, headers={"If-None-Match": other})
        assert (answer.status_code, answer.json()) == (200, made.json()), other


KNOWN = (["{}"], ["W/{}"], ['"x" , {}'], ["{},"], [", ,{}"], [' "a,b",W/"",{}\t'], ['"\xe9", {}'], ["*"], [" * "])
KNOWN += (["{}", '"x"'], ['"x"', "{}"], ['"x"', "", 'W/"y", W/{}'])
UNKNOWN = ([], [""], [","], ['"x"'], ['"x"', '"y"'], ["W/*"], ["**"], ['"*"'])
UNKNOWN += (['*, "x"'], ["*, {}"], ["*", "{}"], ["*", "*"], ["*,"], ['"unterminated, {}'], ['{}, "unterminated'])
UNKNOWN += (["w/{}"], ["W/ {}"], ["{} {}"], ["{}{}"], ["x, {}"], ["{}; x"], ['"a b", {}'], ['"\x7f", {}'], ["\xa0{}"])


def check_matching(none_match: Callable[[list[str], str], bool]) -> None:
    tag = '"1.0123456789abcdef"'
    for lines, known in (*((each, True) for each in KNOWN), *((each, False) for each in UNKNOWN)):
        assert none_match([line.replace("{}", tag) for line in lines], tag) is known, lines


def test_the_tags_that_one_has_are_one_list() -> None:
    """RFC 9110, 5.3, 8.8.3 and 13.1.2: on however many lines; what is malformed matches nothing."""
    check_matching(reading.none_match)


@pytest.mark.parametrize(
    "careless",
    [
        lambda lines, tag: reading.none_match(lines[:1], tag),
        lambda lines, tag: reading.none_match(lines[-1:], tag),
        lambda lines, tag: any(reading.none_match([line], tag) for line in lines),
        lambda lines, tag: bool({tag, "*"} & {each.strip().removeprefix("W/") for each in ",".join(lines).split(",")}),
    ],
    ids=["first line", "last line", "each line alone", "cut at commas"],
)
def test_a_careless_reader_of_tags_is_noticed(careless: Callable[[list[str], str], bool]) -> None:
    """Positive controls."""
    with pytest.raises(AssertionError):
        check_matching(careless)


async def test_the_tags_that_one_has_may_stand_on_two_lines(world: World) -> None:
    made = await item(world)
    place, tag = made.headers["Location"], made.headers["ETag"]
    token = ("Authorization", f"Bearer {world.token('fien')}")
    for lines, status in ((('"x"', tag), 304), ((tag, '"x"'), 304), (("*", tag), 200), (('"x"', '"y"'), 200)):
        sent = [token, *(("If-None-Match", line) for line in lines)]
        assert (await world.client.get(place, headers=sent)).status_code == status, lines


async def test_what_may_not_be_seen_is_404_whatever_tag_one_has(world: World) -> None:
    made = await item(world, visibility="only_me")
    known = {"If-None-Match": made.headers["ETag"]}
    check_problem(await world.get("teun", made.headers["Location"], headers=known), 404, "not_found")
    known = {"If-None-Match": "*"}
    check_problem(await world.get("teun", made.headers["Location"], headers=known), 404, "not_found")


async def test_only_reading_can_be_not_modified(world: World) -> None:
    made = await item(world)
    known = {"If-None-Match": "*"}
    answer = await world.patch(
        "fien", made.headers["Location"], {"text": "Rijst."}, made.headers["ETag"], headers=known
    )
    assert (answer.status_code, answer.json()["text"]) == (200, "Rijst.")


async def test_a_change_that_came_too_late_is_in_the_trail(world: World) -> None:
    """A 412 tells that there is an item, so it is recorded like any other refusal."""
    item = (await world.get("fien", f"{world.fien}/portrait-items")).json()["results"][0]
    tag = f'"9.{"0" * 16}"'
    answer = await world.patch("fien", f"{world.fien}/portrait-items/{item['id']}", {"rank": 2}, tag)
    assert answer.status_code == 412
    first = (await world.get("fien", f"{world.fien}/access-log")).json()["results"][0]
    assert (first["action"], first["outcome"]) == ("portrait_item:change", "refused")


async def test_faults_are_told_in_the_language_that_was_asked_for(world: World) -> None:
    english = {"Accept-Language": "en"}
    answer = await world.post("fien", f"{world.fien}/portrait-items", {"kind": "joy"}, headers=english)
    assert answer.json()["invalidParams"] == [{"name": "/text", "code": "required", "reason": "This is required."}]
