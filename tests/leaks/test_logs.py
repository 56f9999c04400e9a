"""Only events of our own are logged in words, whoever logs, however, at whatever level."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest

from support_api import logs
from support_api.domain.errors import Unavailable
from support_api.logs import Cause, Configured, Failed, Missing, NoKeys, NotReady, Part, Uncaught, Unexpected
from tests.deploy.running_page import table
from tests.leaks.chatter import CARELESS, SAFE_JSON, WAYS, heard
from tests.leaks.sinks import MARKER, leaks

SECRET = f"{MARKER}-999990019"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ [\w.]+ .+")
ID = UUID("0199c2f4-0000-7000-8000-000000000000")


@pytest.mark.parametrize("way", WAYS)
def test_nobody_gets_a_word_through(way: str) -> None:
    """That something happened is logged; the control is the same with the most careless logging that there is."""
    said = heard(way, SECRET)
    assert leaks({way: said}) == []
    assert said
    assert way == "a handler of later" or all(map(LINE.fullmatch, said.splitlines())), said
    assert leaks({way: heard(way, SECRET, CARELESS)}) == [way]


def test_of_others_name_level_and_place_are_kept() -> None:
    assert heard("an exception", SECRET).endswith(
        " ERROR unknown (words left out) <string>:12: ValueError at <string>:11 <module>\n"
    )
    assert re.search(r" ERROR asyncio \(words left out\) base_events\.py:\d+: ValueError at ", heard("a task", SECRET))
    assert " ERROR support_api uncaught ValueError at <string>:" in heard("the process itself", SECRET)


def test_what_the_server_says_of_its_workers_is_known_to_the_letter() -> None:
    for said in ("Unexpected exit from worker-2", "Killing worker-1 after it refused to gracefully stop"):
        assert logs._foreign(said, "common.py", 1, None) == (said, {"event": "server", "message": said})
        assert "worker" not in str(logs._foreign(f"{said} {SECRET}", "common.py", 1, None))


@pytest.mark.parametrize(("level", "lines"), [("debug", 1), ("info", 0), ("error", 0)])
def test_others_are_heard_below_a_warning_at_debug_only(level: str, lines: int) -> None:
    assert len(heard("httpx debug", SECRET, level=level).splitlines()) == lines


EVENTS = get_args(logs.Event)
SAFE_FIELDS = {UUID, Cause, Part, Configured, type[BaseException]}


def unsafe(event: type) -> list[str]:
    return [
        name
        for name, kind in get_type_hints(event).items()
        if name not in ("event", "level") and kind not in SAFE_FIELDS
    ]


def test_an_event_holds_safe_things_only() -> None:
    @dataclass
    class Careless:
        request: UUID
        path: str

    assert [unsafe(event) for event in EVENTS] == [[]] * len(EVENTS)
    assert unsafe(Careless) == ["path"]


def test_each_event_is_one_line() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        cause = Cause.of(error)
    said = [Unexpected(ID, cause), Missing(ID, Part("key store")), Failed(cause), Uncaught(cause)]
    said += [NoKeys(Configured("https://login.example"), ValueError), NotReady(Part("keyring"))]
    assert {type(each) for each in said} == set(EVENTS)
    assert leaks({str(type(each)): str(each) for each in said}) == []
    assert not [each for each in said if "\n" in str(each)]
    assert str(said[0]).startswith(f"request {ID}: unexpected ValueError at test_logs.py:")


@pytest.mark.parametrize("way", WAYS)
def test_nobody_gets_a_word_through_as_json(way: str) -> None:
    said = heard(way, SECRET, SAFE_JSON)
    assert leaks({way: said}) == []
    if way != "a handler of later":
        lines = [json.loads(line) for line in said.splitlines()]
        assert lines
        assert {"time", "level", "logger", "event"} <= set.intersection(*(set(line) for line in lines))


@contextmanager
def formatted() -> Iterator[StringIO]:
    """What is logged as JSON, meanwhile."""
    out = StringIO()
    logs.configure("debug", "json")
    logging.root.handlers[0].stream = out  # type: ignore[attr-defined]
    yield out


def test_the_page_for_operators_names_each_field_of_each_event() -> None:
    """And of a line of others; each is what its event was told."""
    cause = Cause("ValueError", "a.py:1 b")
    told = [Unexpected(ID, cause), Missing(ID, Part("key store")), NoKeys(Configured("https://a.example"), OSError)]
    told.append(NotReady(Part("keyring")))
    with formatted() as out:
        for event in (*told, Failed(cause), Uncaught(cause)):
            logs.tell(event)
        logging.getLogger("httpx").error(SECRET, exc_info=ValueError(SECRET))
        logging.getLogger("_granian").error("Unexpected exit from worker-2")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    fields = {line["event"]: list(line)[4:] for line in lines}
    page = table("As JSON")
    assert {event: re.findall(r"`(\w+)`", said.partition(":")[0]) for event, said in page.items()} == fields
    assert lines[1]["request"] == str(ID)
    assert lines[1]["trace_id"] == ID.hex
    assert lines[1]["what"] == "key store"
    assert lines[2] | {"time": ""} == {
        "time": "",
        "level": "warning",
        "logger": "support_api",
        "event": "no_issuer_keys",
        "issuer": "https://a.example",
        "kind": "OSError",
    }


def test_the_page_for_operators_names_each_event_with_its_level() -> None:
    class KIND(Exception):
        pass

    place: Any = Cause("KIND", "PLACE")
    any_id: Any = "ID"
    part: Any = "PART"
    all_of_them = [Unexpected(any_id, place), Missing(any_id, part), NoKeys(Configured("ISSUER"), KIND)]
    all_of_them += [NotReady(part), Failed(place), Uncaught(place)]
    assert {type(each) for each in all_of_them} == set(EVENTS)
    levels = {str(each): f"`{logging.getLevelName(each.level).lower()}`" for each in all_of_them}
    assert table("What the logs hold") == levels


KNOWN = [
    "audit trail 23514",
    "key store",
    "key store 08006",
    "data key",
    "keyring",
    "database",
    "schema",
    "key store schema",
    "commit",
    "issuer keys",
    "57014",
    "TimeoutError",
]


@pytest.mark.parametrize("what", [*KNOWN, "StillRunning", "key store None", "CannotConnectNowError", "OSError"])
def test_what_is_missing_is_named(what: str) -> None:
    assert Part(Unavailable(what).what) == what


@pytest.mark.parametrize(
    "what", [MARKER, "999990019", "Fien Demo", "key store at db.example", "audit trail Fien", "a\nb"]
)
def test_but_no_other_word_is(what: str) -> None:
    assert Part(what) == "something"
