"""`python -m bench`: our routes and the yardstick in turns, then where the time goes.

About three minutes; with --quick less than half a one, and its figures mean little.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from statistics import median

import uvloop

from bench import cases, machine, stages, trail
from bench.cases import Case
from bench.measure import Run, run
from bench.place import Place
from bench.report import Report, Rounds


def main(arguments: list[str] | None = None) -> Report:
    options = chosen(arguments)
    with (
        tempfile.TemporaryDirectory(dir=options.folder) as folder,
        Place(Path(folder), options.workers).open() as place,
    ):
        report = _measured(place, options)
    print(report.text())
    if options.json:
        options.json.write_text(json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8")
    return report


def chosen(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: does it work?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each run")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--folder", type=Path, help="where PostgreSQL writes; the disk counts (default: temporary files)"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(arguments)
    if options.quick:
        options.rounds, options.seconds = 1, 0.2
    return options


def _measured(place: Place, options: argparse.Namespace) -> Report:
    busy = os.getloadavg()[0]
    made = cases.make(place, *((8, 30) if options.quick else (cases.CASELOAD, cases.PERMITS)))
    recorded = asyncio.run(trail.count(place))
    rounds = [_warmed(place, each, options) for each in made]
    for _ in range(options.rounds):
        for each in rounds:
            _round(place, each, options)
    pace = 0.5 * median(each.per_second for each in rounds[0].ours)
    half = run(place, place.ours, made[0].ours, 3 * options.seconds, options.connections, pace)
    hold_the_trail(place, recorded, [half, *(each for case in rounds for each in (*case.warm, *case.ours))])
    return Report(
        machine=machine.about(place, busy, options),
        rounds=rounds,
        stages=uvloop.run(stages.measure(place, made, 30 if options.quick else 200)),
        trail=asyncio.run(trail.sizes(place)),
        half=half,
        pgbench=machine.pgbench(place, made[0].bare, options),
        memory=[each.memory_info().rss / 2**20 for each in place.ours.workers()],
    )


def _warmed(place: Place, case: Case, options: argparse.Namespace) -> Rounds:
    seconds = min(0.4, options.seconds)
    for yardstick in (place.usual, place.bare) if case.target is not None else ():
        run(place, yardstick, case.bare, seconds, options.connections)
    return Rounds(case, warm=[run(place, place.ours, case.ours, seconds, options.connections)])


def _round(place: Place, rounds: Rounds, options: argparse.Namespace) -> None:
    case, length = rounds.case, (options.seconds, options.connections)
    rounds.usual.append(run(place, place.usual, case.bare, *length))
    rounds.ours.append(run(place, place.ours, case.ours, *length))
    if case.target is not None:
        rounds.bare.append(run(place, place.bare, case.bare, *length))


def hold_the_trail(place: Place, recorded: int, runs: list[Run]) -> None:
    """Speed without the guarantee would not count: as many entries more as there were answers."""
    answers, entries = sum(each.answers for each in runs), asyncio.run(trail.count(place)) - recorded
    if entries != answers:
        raise SystemExit(f"{answers} answers and {entries} entries in the audit trail: not the service that was meant")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
