"""What came of it, as a table and as JSON. Shares count; the milliseconds belong to the machine."""

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.cases import Case
from bench.measure import Run
from bench.stages import Stages
from bench.trail import Trail


@dataclass
class Rounds:
    """The runs of one case, each next to a run of its yardstick: `usual` as asyncpg comes, `bare` without its reset."""

    case: Case
    warm: list[Run] = field(default_factory=list)
    ours: list[Run] = field(default_factory=list)
    usual: list[Run] = field(default_factory=list)
    bare: list[Run] = field(default_factory=list)

    @property
    def shares(self) -> list[float]:
        """Of the usual yardstick's throughput."""
        return [ours.per_second / usual.per_second for ours, usual in zip(self.ours, self.usual, strict=True)]

    @property
    def share_of_bare(self) -> float | None:
        pairs = zip(self.ours, self.bare, strict=False)
        return median([ours.per_second / bare.per_second for ours, bare in pairs]) if self.bare else None

    @property
    def cpu_share(self) -> float:
        """The CPU of the usual yardstick, as a share of ours: what is left when nobody else uses the machine."""
        return median(usual.cpu / ours.cpu for ours, usual in zip(self.ours, self.usual, strict=True))

    def mid(self, name: str) -> float:
        return median(getattr(each, name) for each in self.ours)

    def mid_usual(self, name: str) -> float:
        return median(getattr(each, name) for each in self.usual)


@dataclass
class Report:
    machine: dict[str, Any]
    rounds: list[Rounds]
    stages: dict[str, Stages]
    trail: Trail
    half: Run
    pgbench: dict[str, float] | None
    memory: list[float]

    def times_note(self, rounds: Rounds) -> float:
        """How many times the CPU of one note, round by round."""
        return median(each.cpu / note.cpu for each, note in zip(rounds.ours, self.rounds[0].ours, strict=True))

    def targets(self, rounds: Rounds) -> dict[str, bool]:
        case, trips = rounds.case, self.stages[rounds.case.name].round_trips
        found = {}
        if case.target is not None:
            found[f"≥ {case.target} × usual"] = median(rounds.shares) >= case.target
        if case.times_note is not None:
            found[f"≤ {case.times_note} × note"] = self.times_note(rounds) <= case.times_note
        if case.round_trips is not None:
            found[f"≤ {case.round_trips} round trips"] = trips <= case.round_trips
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "cases": [self._case(each) for each in self.rounds],
            "half_load": asdict(self.half),
            "trail": asdict(self.trail),
            "pgbench": self.pgbench,
            "memory_mb_per_worker": self.memory,
        }

    def _case(self, rounds: Rounds) -> dict[str, Any]:
        return {
            "name": rounds.case.name,
            "share": median(rounds.shares),
            "shares": rounds.shares,
            "share_of_bare": rounds.share_of_bare,
            "cpu_share": rounds.cpu_share,
            "times_note": self.times_note(rounds),
            "targets": self.targets(rounds),
            "ours": [asdict(each) for each in rounds.ours],
            "usual": [asdict(each) for each in rounds.usual],
            "bare": [asdict(each) for each in rounds.bare],
            "stages": asdict(self.stages[rounds.case.name]),
        }

    def text(self) -> str:
        head = [f"{name}: {value}" for name, value in self.machine.items()]
        return "\n".join([*head, "", *self._table(), "", *self._costs(), "", *self._stages(), "", *self._rest()])

    def _table(self) -> list[str]:
        names = ["case", "a second", "usual", "share (min–max)", "of bare", "p50 ms", "p99 ms", "targets"]
        return [*_head(names), *(self._line(each) for each in self.rounds)]

    def _line(self, rounds: Rounds) -> str:
        of_bare = rounds.share_of_bare
        return _row(
            rounds.case.name,
            f"{rounds.mid('per_second'):.0f}",
            f"{rounds.mid_usual('per_second'):.0f}",
            f"{median(rounds.shares):.2f} ({min(rounds.shares):.2f}–{max(rounds.shares):.2f})",
            "" if of_bare is None else f"{of_bare:.2f}",
            f"{rounds.mid('p50'):.1f}",
            f"{rounds.mid('p99'):.1f}",
            ", ".join(f"{text} {'met' if met else 'NOT met'}" for text, met in self.targets(rounds).items()),
        )

    def _costs(self) -> list[str]:
        names = ["CPU ms per answer", "service", "usual", "PostgreSQL", "usual", "share", "× one note", "round trips"]
        return [*_head(names), *(self._cost(each) for each in self.rounds)]

    def _cost(self, rounds: Rounds) -> str:
        return _row(
            rounds.case.name,
            f"{rounds.mid('service_cpu'):.2f}",
            f"{rounds.mid_usual('service_cpu'):.2f}",
            f"{rounds.mid('database_cpu'):.2f}",
            f"{rounds.mid_usual('database_cpu'):.2f}",
            f"{rounds.cpu_share:.2f}",
            f"{self.times_note(rounds):.1f}",
            f"{self.stages[rounds.case.name].round_trips}",
        )

    def _stages(self) -> list[str]:
        names = list(dict.fromkeys(name for stages in self.stages.values() for name in stages.parts))
        lines = _head(["one at a time, ms by the clock", "whole", *names])
        for case, stages in self.stages.items():
            parts = (f"{stages.parts[name]:.2f}" if name in stages.parts else "" for name in names)
            lines.append(_row(case, f"{stages.total:.2f}", *parts))
        return lines

    def _rest(self) -> list[str]:
        half, trail = self.half, self.trail
        lines = [
            f"one note at half load, {half.per_second:.0f} a second: p50 {half.p50:.1f} ms, p99 {half.p99:.1f} ms"
            f" ({half.p99 / half.p50:.1f} times)",
            f"memory per worker after the run: {', '.join(f'{each:.0f} MB' for each in self.memory)}",
            f"audit trail: {trail.link_bytes:.0f} bytes per resident link,"
            f" {trail.disk_bytes_per_entry:.0f} bytes of disk per entry with its links and indexes",
        ]
        entries = sorted(trail.entries, key=lambda entry: entry.action)
        lines += [f"  {e.action}: {e.bytes:.0f} bytes, {e.objects:.1f} objects" for e in entries]
        if self.pgbench is None:
            return [*lines, "pgbench: not among the PostgreSQL binaries, left out"]
        return [*lines, *(f"pgbench, {name}: {each:.0f} a second" for name, each in self.pgbench.items())]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _head(names: list[str]) -> list[str]:
    return [_row(*names), "|---" * len(names) + "|"]
