"""What is measured: each case beside the bare call that brings the same rows."""

import json
import urllib.request
from dataclasses import dataclass, replace

from bench.calls import KEY, Call
from bench.place import Place
from bench.seed import Resident, Seed, note, settle

BSN = "999990019"
NOTES, PORTRAIT, PERMITS, CASELOAD = 12, 10, 100, 60


@dataclass(frozen=True)
class Case:
    """`target` and `stretch`: the share of the yardstick's throughput that docs/performance.md promises.
    `times_note` instead: at most so many times the CPU of one note. `round_trips`: at most so many."""

    name: str
    ours: Call
    bare: Call
    target: float | None = None
    stretch: float | None = None
    times_note: float | None = None
    round_trips: int | None = None


def make(place: Place, caseload: int = CASELOAD, permits: int = PERMITS) -> list[Case]:
    with Seed(place) as seed:
        fien = seed.fien(NOTES, PORTRAIT)
        mees, lena, kees = seed.resident("mees", 25), seed.resident("lena", 25, permits - 25), seed.resident("kees")
        others = [seed.resident(f"inwoner-{number}") for number in range(4, caseload)]
        cases = [*_main(seed, fien, mees, [kees, *others], caseload), *_growing(seed, lena, permits)]
    settle(place)
    for case in cases[:2]:
        hold_the_rows(place, case)
    return cases


def _main(seed: Seed, fien: Resident, mees: Resident, tellers: list[Resident], caseload: int) -> list[Case]:
    teun = seed.headers("teun")
    search = {"system": "bsn", "value": BSN, "fields": ["id", "callName", "contactPreferences"]}
    one = _bare_note(fien)
    first, *rest = [_create(seed, each) for each in tellers]
    create = replace(first, turns=tuple(rest))
    insert = Call("POST", f"/residents/{tellers[0].id}/notes", {}, _snake(note(1)))
    mine = Call("GET", f"/v1/working-relationships?limit={caseload}", teun)
    log = Call("GET", f"{fien.path}/access-log", seed.headers("fien"))
    return [
        Case("one note", _note(fien, teun), one, 0.33, 0.45, round_trips=5),
        Case("list of 25 notes", _list(mees, teun), _bare_list(mees), 0.33, 0.5, round_trips=5),
        Case("create a note", create, insert, 0.38, 0.45),
        Case("resident by BSN", Call("POST", "/v1/residents/_search", teun, search), one, 0.25, 0.35),
        Case("briefing", _briefing(fien, teun), one, times_note=3, round_trips=8),
        Case(f"caseload of {caseload}", mine, one, times_note=3),
        Case("access log, first page", log, one, times_note=3),
    ]


def _growing(seed: Seed, lena: Resident, permits: int) -> list[Case]:
    """The same with somebody who shares much: each item that is visible has a permit of its own."""
    teun, one = seed.headers("teun"), _bare_note(lena)
    return [
        Case(f"one note, {permits} permits", _note(lena, teun), one),
        Case(f"list of 25, {permits} permits", _list(lena, teun), _bare_list(lena)),
        Case(f"briefing, {permits} items", _briefing(lena, teun), one),
    ]


def _create(seed: Seed, of: Resident) -> Call:
    own = {**seed.headers(of.name), "Idempotency-Key": KEY}
    return Call("POST", f"{of.path}/baggage-notes", own, note(1))


def _note(of: Resident, headers: dict[str, str]) -> Call:
    return Call("GET", f"{of.path}/baggage-notes/{of.notes[0]['id']}", headers)


def _list(of: Resident, headers: dict[str, str]) -> Call:
    return Call("GET", f"{of.path}/baggage-notes", headers)


def _briefing(of: Resident, headers: dict[str, str]) -> Call:
    return Call("GET", f"{of.path}/working-relationships/{of.relationship}/briefing", headers)


def _bare_note(of: Resident) -> Call:
    return Call("GET", f"/notes/{of.notes[0]['id']}")


def _bare_list(of: Resident) -> Call:
    return Call("GET", f"/residents/{of.id}/notes")


def _snake(fields: dict[str, object]) -> dict[str, object]:
    return {"".join(f"_{c.lower()}" if c.isupper() else c for c in name): value for name, value in fields.items()}


def hold_the_rows(place: Place, case: Case) -> None:
    """The yardstick brings what we bring."""
    ours, bare = (_ids(port, call) for port, call in ((place.ours.port, case.ours), (place.bare.port, case.bare)))
    if ours != bare:
        raise SystemExit(f"{case.name}: the yardstick brings other rows: {len(ours)} and {len(bare)}")


def _ids(port: int, call: Call) -> list[str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{call.path}", headers=call.headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found = json.load(answer)
    return [each["id"] for each in found.get("results", [found])]
