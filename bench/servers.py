"""`python -m bench.servers`: Granian as `support-api serve` sets it up, beside uvicorn with h11, with the same
application in the same run. What docs/adr/0010-granian-serves.md rests on. About a minute and a half.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import cases
from bench.calls import KEY, Call
from bench.cases import Case
from bench.hostile import Flood, Hanging, flood
from bench.measure import Run, run
from bench.place import Place, Service, free_port

MB = 1 << 20
_UVICORN = "support_api.app:serving --factory --http h11 --no-access-log --log-level critical --timeout-keep-alive 10"


@dataclass
class Found:
    """Of one server."""

    service: Service
    speed: dict[str, list[Run]] = field(default_factory=dict)
    calm: list[Run] = field(default_factory=list)
    beset: list[Run] = field(default_factory=list)
    still_open: dict[float, dict[str, int]] = field(default_factory=dict)
    floods: dict[str, tuple[Flood, int]] = field(default_factory=dict)


def main(arguments: list[str] | None = None) -> None:
    options = chosen(arguments)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, Place(Path(folder), options.workers).open() as place:
        print(text(measured(place, cases.make(place, caseload=4, permits=26), options), options))
    print(f"\nload average before and after: {before:.1f}, {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores")


def chosen(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.servers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each run")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--hanging", type=int, default=100, help="connections of each kind that hang")
    parser.add_argument("--moments", type=float, nargs="+", default=[5.0, 12.0, 30.0], help="seconds after they came")
    parser.add_argument("--flood", type=int, default=50 * MB, help="bytes of the largest request")
    return parser.parse_args(arguments)


def measured(place: Place, made: list[Case], options: argparse.Namespace) -> dict[str, Found]:
    note, create = made[0].ours, made[2].ours
    with uvicorn(place) as other:
        found = {"granian": Found(place.ours), "uvicorn": Found(other)}
        for name, call in (("one note", note), ("create a note", create)):
            _speed(place, found, name, call, options)
        _hanging(place, found, note, create, options)
        for each in found.values():
            _floods(each, create, options.flood)
    return found


def uvicorn(place: Place) -> contextlib.AbstractContextManager[Service]:
    port = free_port()
    more = ("--h11-max-incomplete-event-size", "65536", "--workers", str(place.workers), "--port", str(port))
    return place.serving("uvicorn", *_UVICORN.split(), *more, port=port, ready="/readyz")


def _speed(place: Place, found: dict[str, Found], name: str, call: Call, options: argparse.Namespace) -> None:
    """In turns; the first round only warms up."""
    for number in range(options.rounds + 1):
        for each in found.values():
            done = run(place, each.service, call, options.seconds, options.connections)
            each.speed.setdefault(name, []).extend([done] if number else [])


def _hanging(place: Place, found: dict[str, Found], note: Call, create: Call, options: argparse.Namespace) -> None:
    """What an innocent caller notices of the others, at a pace that leaves the service room."""
    pace = 0.25 * median(each.per_second for each in found["uvicorn"].speed["one note"])
    for each in found.values():
        each.calm.append(run(place, each.service, note, 3 * options.seconds, 4, pace))
    began = time.monotonic()
    waiting = {name: Hanging(each.service.port, halves(create), options.hanging) for name, each in found.items()}
    for each in found.values():
        each.beset.append(run(place, each.service, note, 3 * options.seconds, 4, pace))
    for moment in options.moments:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        for name, each in found.items():
            each.still_open[moment] = waiting[name].open()
    for each in waiting.values():
        each.close()


def halves(create: Call) -> dict[str, bytes]:
    """The body is half of a good one, of a caller with a token, so that the service waits for the rest."""
    whole = create.wire().replace(KEY.encode(), b"half-of-a-request-000")
    return {"half headers": whole[:200], "half bodies": whole[: -len(create.content) // 2], "silent": b""}


def _floods(found: Found, create: Call, size: int) -> None:
    lines = create.wire().partition(b"\r\n\r\n")[0].replace(KEY.encode(), b"far-too-much-0000000")
    declared = b"Content-Length: " + str(len(create.content)).encode()
    chunk = b"10000\r\n" + b"9" * 0x10000 + b"\r\n"
    shapes = {
        "headers": (lines + b"\r\nX-Long: ", b"9" * 0x10000),
        "body that says its length": (
            lines.replace(declared, b"Content-Length: %d" % size) + b"\r\n\r\n",
            b"9" * 0x10000,
        ),
        "body in chunks": (lines.replace(declared, b"Transfer-Encoding: chunked") + b"\r\n\r\n", chunk),
    }
    for name, (start, piece) in shapes.items():
        with growing(found.service) as grown:
            done = flood(found.service.port, start, piece, size)
        found.floods[name] = done, grown[0]


@contextlib.contextmanager
def growing(service: Service) -> Iterator[list[int]]:
    """The most that the memory of all its processes grew by, in bytes, in a list of one."""
    workers, over, grown = service.workers(), threading.Event(), [0]
    before = sum(each.memory_info().rss for each in workers)

    def watch() -> None:
        while not over.wait(0.005):
            grown[0] = max(grown[0], sum(each.memory_info().rss for each in workers) - before)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield grown
    finally:
        over.set()
        thread.join()


def text(found: dict[str, Found], options: argparse.Namespace) -> str:
    ours, other = found["granian"], found["uvicorn"]
    lines = ["| | Granian | uvicorn | Granian / uvicorn |", "|---|---|---|---|"]
    for name in ours.speed:
        lines.append(_row(f"{name}, a second", "per_second", ".0f", ours.speed[name], other.speed[name]))
        lines.append(
            _row(f"{name}, CPU of the service in ms", "service_cpu", ".2f", ours.speed[name], other.speed[name])
        )
    with_them = [each.beset[0].p99 / each.calm[0].p99 for each in found.values()]
    lines.append(
        f"| p99 with {options.hanging} of each hanging / without | {with_them[0]:.1f} | {with_them[1]:.1f} | |"
    )
    for moment, counts in ours.still_open.items():
        for kind, count in counts.items():
            lines.append(f"| {kind} open after {moment:g} s | {count} | {other.still_open[moment][kind]} | |")
    for name, mine in ours.floods.items():
        lines.append(f"| {options.flood // MB} MB of {name} | {_flooded(*mine)} | {_flooded(*other.floods[name])} | |")
    return "\n".join(lines)


def _row(name: str, what: str, shown: str, *runs: list[Run]) -> str:
    """The middle of each, and the ratio round by round: the middle one, the least and the most."""
    ours, other = ([getattr(each, what) for each in of] for of in runs)
    # A very short run can use less CPU than the kernel counts in.
    ratios = [mine / max(its, 0.001) for mine, its in zip(ours, other, strict=True)]
    figures = f"{median(ours):{shown}} | {median(other):{shown}}"
    return f"| {name} | {figures} | {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |"


def _flooded(done: Flood, grown: int) -> str:
    return f"{done.answer}, took {done.taken / MB:.1f} MB, +{grown / MB:.0f} MB"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
