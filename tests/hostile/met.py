"""What a run of the fuzz met, what of it is a finding, and its figures."""

from collections import Counter
from dataclasses import dataclass, field

from tests.hostile.probing import Waited

MORE_MEMORY = 1.25  # times what it was after warming up
LONGEST_WAIT = 2.0


@dataclass
class Met:
    seed: int
    statuses: Counter[int] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    alone: int = 0
    quiet: Waited = field(default_factory=Waited)
    during: Waited = field(default_factory=Waited)
    seconds: float = 0
    worn: set[str] = field(default_factory=set)

    def verdict(self) -> list[str]:
        """All that was found, memory and waiting too."""
        found = list(self.found)
        if self.memory[-1] > self.memory[0] * MORE_MEMORY:
            found.append(f"memory grew to {self.memory[-1] / self.memory[0]:.2f} times what it was")
        if self.during.worst > LONGEST_WAIT or self.during.failed:
            found.append(f"another caller waited {self.during.worst:.2f} s, and failed {self.during.failed} times")
        return found

    def summary(self) -> str:
        total = sum(self.statuses.values())
        told = ", ".join(f"{status or 'no answer'}: {n}" for status, n in sorted(self.statuses.items()))
        during, quiet = self.during, self.quiet
        return "\n".join(
            (
                f"seed {self.seed}: {total} requests in {self.seconds:.0f} s ({total / self.seconds:.0f}/s), {told}",
                f"sent alone to compare all records: {self.alone}",
                f"memory: {self.memory[0] >> 20} MiB after warming up, {self.memory[-1] >> 20} MiB at the end "
                f"(ratio {self.memory[-1] / self.memory[0]:.2f}), at most {max(self.memory) >> 20} MiB",
                f"another caller: median {during.median * 1000:.1f} ms, {during.median / quiet.median:.1f} times that "
                f"without fuzz ({quiet.median * 1000:.1f} ms); worst {during.worst * 1000:.0f} ms, "
                f"{during.worst / quiet.worst:.1f} times ({quiet.worst * 1000:.0f} ms); {len(during.seconds)} calls, "
                f"{during.failed} failed",
                f"operations whose good request could at some time not be made anew: {sorted(self.worn) or 'none'}",
                f"found: {len(self.verdict())}",
            )
        )
