"""The benchmark runs, compares like with like, and holds the round trips; its times are for people to read."""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from sqlalchemy import text

from bench import __main__ as bench
from bench import cases, machine, measure, servers, stages
from bench.calls import Call
from bench.cases import Case
from bench.place import MAIN, PLAIN, Place
from support_api.db import audit
from support_api.db.statements import Statement

pytestmark = pytest.mark.slow

ROUND_TRIPS = {"one note": 5, "list of 25 notes": 5, "create a note": 8, "resident by BSN": 6, "briefing": 8}
WITH_YARDSTICK = ("one note", "list of 25 notes", "create a note", "resident by BSN")
OTHERS = ("briefing", "caseload of 8", "access log, first page", "one note, 30 permits", "list of 25, 30 permits")


def test_a_quick_run_reports_every_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    bench.main(["--quick", "--folder", str(tmp_path), "--json", str(figures)])
    shown, found = capsys.readouterr().out, json.loads(figures.read_text(encoding="utf-8"))
    by_name = {case["name"]: case for case in found["cases"]}
    assert set(by_name) == {*WITH_YARDSTICK, *OTHERS, "briefing, 30 items"}
    for name, case in by_name.items():
        assert f"| {name} |" in shown
        kinds = ("ours", "usual", "bare") if name in WITH_YARDSTICK else ("ours", "usual")
        assert all(run["answers"] > 0 and run["p50"] > 0 for kind in kinds for run in case[kind])
    for name, most in ROUND_TRIPS.items():
        assert by_name[name]["stages"]["round_trips"] <= most
    assert "fsync on" in found["machine"]["PostgreSQL"]
    assert {"baggage_note:read", "briefing:read"} <= {entry["action"] for entry in found["trail"]["entries"]}


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Outside pytest's folder, of which other runs keep the last three only."""
    with TemporaryDirectory(prefix="support-api-bench-") as folder, Place(Path(folder), workers=1).open() as opened:
        yield opened


@pytest.fixture(scope="module")
def made(place: Place) -> list[Case]:
    return cases.make(place, caseload=4, permits=26)


def run(place: Place, call: Call) -> measure.Run:
    return measure.run(place, place.ours, call, seconds=0.1, connections=2)


def test_one_round_trip_more_is_seen(place: Place, made: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control."""
    write, more = audit.write, Statement(text("select 1"))

    async def twice(tx: Any, *arguments: Any) -> None:
        await tx.rows(more)
        await write(tx, *arguments)

    def trips() -> int:
        return asyncio.run(stages.measure(place, made[:1], 5))["one note"].round_trips

    before = trips()
    monkeypatch.setattr(audit, "write", twice)
    assert (before, trips()) == (5, 6)


def test_an_error_is_not_measured(place: Place, made: list[Case]) -> None:
    """Positive control: it is answered fast."""
    assert run(place, made[0].ours).answers
    with pytest.raises(SystemExit, match="404"):
        run(place, replace(made[0].ours, path="/v1/nothing-here"))


def test_an_answer_without_an_entry_in_the_trail_is_seen(place: Place, made: list[Case]) -> None:
    """Positive control: readiness is answered without one."""
    recorded = asyncio.run(bench.trail.count(place))
    bench.hold_the_trail(place, recorded, [run(place, made[0].ours)])
    recorded = asyncio.run(bench.trail.count(place))
    with pytest.raises(SystemExit, match="and 0 entries"):
        bench.hold_the_trail(place, recorded, [run(place, Call("GET", "/readyz"))])


def test_a_yardstick_with_other_rows_is_seen(place: Place, made: list[Case]) -> None:
    """Positive control."""
    cases.hold_the_rows(place, made[1])
    asyncio.run(_execute(place, PLAIN, "delete from notes"))
    with pytest.raises(SystemExit, match="other rows: 25 and 0"):
        cases.hold_the_rows(place, made[1])


@pytest.mark.parametrize("database", [MAIN, PLAIN])
def test_a_database_that_forgets_is_not_measured(place: Place, database: str) -> None:
    """Positive control."""
    machine.about(place, 0.0, bench.chosen([]))
    asyncio.run(_execute(place, "postgres", f"alter database {database} set synchronous_commit = off"))
    with pytest.raises(SystemExit, match="'synchronous_commit': 'off'"):
        machine.about(place, 0.0, bench.chosen([]))
    asyncio.run(_execute(place, "postgres", f"alter database {database} reset synchronous_commit"))


async def _execute(place: Place, database: str, statement: str) -> None:
    async with place.connection(database) as connection:
        await connection.execute(statement)


def test_two_servers_are_measured_side_by_side(place: Place, made: list[Case]) -> None:
    options = servers.chosen(["--rounds=1", "--seconds=0.1", "--connections=2", "--hanging=2", "--moments=0.1"])
    options.flood = servers.MB
    found = servers.measured(place, made, options)
    assert {name: each.still_open[0.1]["half bodies"] for name, each in found.items()} == {"granian": 2, "uvicorn": 2}
    answers = {flood.answer for each in found.values() for flood, _ in each.floods.values()}
    assert answers <= {"431", "400", "413", "cut off without an answer"}
    assert "| one note, a second |" in servers.text(found, options)


def test_a_process_that_ended_in_between_has_its_time_with_its_parent() -> None:
    """PostgreSQL's own workers come and go."""
    with Popen([sys.executable, "-c", ""]) as ended:
        was_there = psutil.Process(ended.pid)
    own = psutil.Process()
    before = measure.cpu_seconds([own])
    assert measure.cpu_seconds([was_there]) == 0
    assert measure.cpu_seconds([own, was_there]) >= before > 0
