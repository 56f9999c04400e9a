"""Bodies: strict JSON, strict types, every mistake at once, and what the resident said stays byte for byte
(ASVS 1.5.3, 15.3.5). Bad input changes nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from support_api.http import reading, wire
from support_api.http.bodies import LONGEST_BODY
from tests.api.problems import check_problem, faults
from tests.conftest import World
from tests.contract.check import contract, unchecked
from tests.every_operation import BY_NAME, WITH_BODY

GOOD = {"kind": "joy", "text": "Soep."}
Faults = set[tuple[str, str]]


def body(**said: Any) -> bytes:
    return json.dumps({**GOOD, **said}).encode()


async def send(world: World, content: Any, media: str = "application/json", **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {world.token('fien')}", "Idempotency-Key": uuid4().hex, "Content-Type": media}
    return await world.client.post(f"{world.fien}/portrait-items", content=content, headers={**sent, **headers})


async def kept(world: World) -> list[Any]:
    return await world.sql("select id, version, sealed from support.portrait_items order by id")


async def check_refused(world: World, cases: dict[bytes, Faults]) -> None:
    before = await kept(world)
    for content, expected in cases.items():
        problem = check_problem(await send(world, content), 400, "invalid_input")
        assert faults(problem) == expected, content[:80]
    assert await kept(world) == before
    assert (await send(world, body())).status_code == 201


NOT_JSON: Faults = {("", "invalid_json")}
TOO_MUCH: Faults = {("", "too_long")}
JSON = {
    b"": NOT_JSON,
    b"{": NOT_JSON,
    b"not json": NOT_JSON,
    b"{'kind': 'joy'}": NOT_JSON,
    body() + b"x": NOT_JSON,
    body() + body(): NOT_JSON,
    body()[:-1] + b",}": NOT_JSON,
    b"/**/" + body(): NOT_JSON,
    b'{"kind": "joy", "text": "a", "rank": NaN}': NOT_JSON,
    b'{"kind": "joy", "text": "a", "rank": Infinity}': NOT_JSON,
    b'{"kind": "joy", "text": "a", "rank": 01}': NOT_JSON,
    b'{"kind": "joy", "text": "a", "rank": ' + b"9" * 5000 + b"}": NOT_JSON,
    b'{"kind": "joy", "text": "a\tb\nc"}': NOT_JSON,
    b'{"kind": "joy", "text": "\\ud83c"}': NOT_JSON,
    b'{"kind": "joy", "text": "\xff"}': NOT_JSON,
    b'{"kind": "joy", "text": "\xc0\x80"}': NOT_JSON,
    b'{"kind": "joy", "text": "\xed\xa0\x80"}': NOT_JSON,
    b"\xef\xbb\xbf" + body(): NOT_JSON,
    body().decode().encode("utf-16"): NOT_JSON,
    b"[" * 4000: NOT_JSON,
    b'{"a":' * 4000: NOT_JSON,
    b"[" * 100_000: TOO_MUCH,
    b'{"a":' * 50_000: TOO_MUCH,
    b'{"kind": "joy", "text": "a", "x": [' + b"[]," * 80_000 + b"[]]}": TOO_MUCH,
    b'{"kind": "joy", "text": "a", "seenBy": [' + b"1," * 100_000 + b"1]}": TOO_MUCH,
    b'{"kind": "joy", "x": "\\\\", "text": [' + b'"\\",",' * 20_000 + b'"a"]}': TOO_MUCH,
    b'{"kind": "joy", "text": "a", "x": ' + b"[" * 900 + b"]" * 900 + b"}": NOT_JSON,
    b'{"kind": "joy", "kind": "joy", "text": "a"}': {("", "duplicate_key")},
    b'{"kind": "joy", "text": "a", "\\u0074ext": "a"}': {("", "duplicate_key")},
    b'{"kind": "joy", "text": "a", "x": {"a": 1, "a": 1}}': {("", "duplicate_key")},
}
TYPES = {
    b"[]": {("", "wrong_type")},
    b"null": {("", "wrong_type")},
    b'"joy"': {("", "wrong_type")},
    b"{}": {("/kind", "required"), ("/text", "required")},
    body(rank="5"): {("/rank", "wrong_type")},
    body(rank=1.0): {("/rank", "wrong_type")},
    body(rank=True): {("/rank", "wrong_type")},
    body(rank=2**31): {("/rank", "out_of_range")},
    body(rank=10**30): {("/rank", "out_of_range")},
    body(text=5): {("/text", "wrong_type")},
    body(text=None): {("/text", "wrong_type")},
    body(text=["a"]): {("/text", "wrong_type")},
    body(kind="JOY"): {("/kind", "not_in_list")},
    body(kind=1): {("/kind", "not_in_list")},
    body(kind={}): {("/kind", "not_in_list")},
    body(seenBy="buurvrouw"): {("/seenBy", "wrong_type")},
    body(seenBy={"0": "buurvrouw"}): {("/seenBy", "wrong_type")},
    body(seenBy=["buurvrouw", 5, ""]): {("/seenBy/1", "wrong_type"), ("/seenBy/2", "too_short")},
    body(workerId="0199AAAA-0000-7000-8000-00000000DEAD"): {("/workerId", "not_allowed")},
    body(workerId="{0199aaaa-0000-7000-8000-00000000dead}"): {("/workerId", "not_allowed")},
    body(text="a" * 1001): {("/text", "too_long")},
    body(domainCodes=["meaning\n"]): {("/domainCodes/0", "pattern")},
    body(seen_by=["buurvrouw"]): {("", "unknown")},
    body(id="0199aaaa-0000-7000-8000-00000000dead"): {("", "unknown")},
    body(authorRole="worker"): {("", "unknown")},
    body(visibility="this_worker"): {("/workerId", "required")},
    body(kind="x", rank=0, x=1, visibility="this_worker"): {
        ("/kind", "not_in_list"),
        ("/rank", "out_of_range"),
        ("/workerId", "required"),
        ("", "unknown"),
    },
    b'{"visibility": "this_worker"}': {("/kind", "required"), ("/text", "required"), ("/workerId", "required")},
    body(rank=0, visibility="this_worker", workerId="x"): {("/rank", "out_of_range"), ("/workerId", "not_allowed")},
    body(kind="x", text="", rank=0, x=1, visibility="all"): {
        ("/kind", "not_in_list"),
        ("/text", "too_short"),
        ("/rank", "out_of_range"),
        ("/visibility", "not_in_list"),
        ("", "unknown"),
    },
}
INVISIBLE = ("", " ", "\r\n", "\u200b", "\u200d\ufeff", "\u3164", "\u2800 \u115f", "\u00a0\u2003")
INVISIBLE += ("\ufe0f", "\u034f \u17b4", "\U000e0100", "\U000e0041\u2065")
FORBIDDEN = (
    "\x00",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufffe",
    "\uffff",
    "\ufdd0",
    "\U0001fffe",
    "\U0010ffff",
)


async def test_json_is_read_to_the_letter(world: World) -> None:
    await check_refused(world, JSON)


async def test_types_are_strict_and_all_mistakes_are_told(world: World) -> None:
    await check_refused(world, TYPES)


async def test_text_that_deceives_or_shows_nothing_is_refused(world: World) -> None:
    texts = {body(text=f"a{bad}b"): {("/text", "invalid_text")} for bad in FORBIDDEN}
    texts |= {body(text=bad): {("/text", "invalid_text")} for bad in INVISIBLE if bad}
    texts |= {body(seenBy=["buurvrouw", "\u202e"]): {("/seenBy/1", "invalid_text")}}
    await check_refused(world, texts)


async def test_a_lenient_reader_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: each of these checks fails on a reader that lets one thing through."""
    for module, name, lenient, cases in (
        (reading, "_unique", dict, JSON),
        (reading, "MOST_VALUES", 10**6, JSON),
        (reading, "_CODES", {**reading._CODES, "extra_forbidden": "pattern"}, TYPES),
        (wire.unicodedata, "category", lambda _: "Lo", {body(text="\u200b"): {("/text", "invalid_text")}}),
    ):
        with monkeypatch.context() as broken:
            broken.setattr(module, name, lenient)
            with pytest.raises(AssertionError):
                await check_refused(world, cases)


def most(schema: Any) -> int:
    """How many values the longest body has that this schema lets in."""
    schema = contract().resolved(schema)
    each = [most(part) for part in schema.get("properties", {}).values()]
    options = [most(option) for option in schema.get("anyOf", [])]
    items = schema["maxItems"] * most(schema["items"]) if "items" in schema else 0
    return 1 + sum(each) + max(options, default=0) + items


def test_no_good_body_holds_too_many_values() -> None:
    """A list without an end in the contract fails here too: it has no `maxItems`."""
    bodies = {name: BY_NAME[name].body for name in WITH_BODY}
    sizes = {name: most(contract().schemas[body.__name__]) for name, body in bodies.items() if body}
    assert not {name: size for name, size in sizes.items() if size > reading.MOST_VALUES}


def test_commas_and_brackets_in_texts_do_not_count() -> None:
    assert reading._values(body(text='[{,"\\",[' * 1000)) == reading._values(body())


async def test_null_clears_only_what_may_be_empty(world: World) -> None:
    made = await send(world, body(rank=1))
    place, tag, before = made.headers["Location"], made.headers["ETag"], await kept(world)
    for name in ("text", "kind", "visibility", "seenBy", "state"):
        problem = check_problem(await world.patch("fien", place, {name: None}, tag), 400, "invalid_input")
        assert {where for where, _ in faults(problem)} == {f"/{name}"}
    assert await kept(world) == before
    cleared = await world.patch("fien", place, {"rank": None}, tag)
    assert (cleared.json()["rank"], cleared.json()["text"]) == (None, "Soep.")


TEXTS = (
    "Soep 🍲 en 👨‍👩‍👧 en 🇳🇱",
    "e\u0301 is geen \u00e9",
    "مرحبا en שלום",
    "regel\r\nregel\n\tingesprongen",
    "  spaties  ",
    "<script>alert('x')</script> & \\ \" ' %00 ${x} '; drop table",
    "\U0001d11e \u00ad ﬁ Å",
    "ha" * 500,
    "\U0001fae8",  # an emoji that is newer than Python's own tables
    "\u2764\ufe0f",
)


async def test_what_the_resident_said_comes_back_byte_for_byte(world: World) -> None:
    """Nothing is normalised, trimmed or escaped: the resident's words are the resident's."""
    for text in TEXTS:
        for content in (body(text=text), json.dumps({**GOOD, "text": text}, ensure_ascii=False).encode()):
            made = await send(world, content)
            assert made.status_code == 201, text
            read = await world.get("fien", made.headers["Location"])
            assert (made.json()["text"], read.json()["text"]) == (text, text)
            assert json.dumps(text, ensure_ascii=False)[1:-1].encode() in read.content


async def test_a_body_is_at_most_256_kib(world: World) -> None:
    async def chunks(length: int) -> AsyncIterator[bytes]:
        yield body()
        for start in range(len(body()), length, 8192):
            yield b" " * min(8192, length - start)

    full = body() + b" " * (LONGEST_BODY - len(body()))
    assert (await send(world, full)).status_code == 201
    with unchecked("what is sent in pieces can't be read again"):
        assert (await send(world, chunks(LONGEST_BODY))).status_code == 201
    before = await kept(world)
    check_problem(await send(world, full + b" "), 413, "too_large")
    check_problem(await send(world, chunks(LONGEST_BODY + 1)), 413, "too_large")
    check_problem(await send(world, chunks(LONGEST_BODY + 1), **{"Content-Length": "3"}), 413, "too_large")
    assert await kept(world) == before


async def test_only_json_in_utf_8_without_coding(world: World) -> None:
    before = await kept(world)
    for media in (
        "",
        "text/plain",
        "application/xml",
        "application/merge-patch+json",
        "application/json; charset=latin-1",
        'application/json; charset="utf-8',
    ):
        check_problem(await send(world, body(), media), 415, "unsupported_media_type")
    for coding in ("gzip", "br", "identity, gzip", "x"):
        for header in ("Content-Encoding", "Transfer-Encoding"):
            answer = await send(world, body(), **{header: coding})
            check_problem(answer, 415, "unsupported_media_type")
    assert await kept(world) == before
    for media in ("application/json", "Application/JSON", 'application/json; charset="UTF-8"'):
        assert (await send(world, body(), media, **{"Content-Encoding": "Identity"})).status_code == 201


async def test_headers_of_one_name_are_one_list_of_what_is_accepted(world: World) -> None:
    token = ("Authorization", f"Bearer {world.token('fien')}")
    for kinds, status in (
        (("text/html", "application/json"), 200),
        (("application/json", "text/html"), 200),
        (("text/html", "application/json;q=0"), 406),
    ):
        headers = [token, *(("Accept", kind) for kind in kinds)]
        assert (await world.client.get("/v1/me", headers=headers)).status_code == status, kinds


async def test_an_operation_without_a_body_takes_none(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.token('fien')}"}
    answer = await world.client.request("GET", "/v1/me", content=b'{"role": "worker"}', headers=headers)
    assert faults(check_problem(answer, 400, "invalid_input")) == {("", "unknown")}
