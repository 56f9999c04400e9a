"""Ready-made requests: what the demo tells in the terminal and on its start page."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from support_api.demo.load import Person


@dataclass(frozen=True)
class Ready:
    title: str
    why: str
    person: str
    path: str
    method: str = "GET"
    purpose: str | None = None

    def curl(self, address: str, folder: Path) -> str:
        """For a shell in the folder that the demo was started from."""
        data = "" if folder == Path(".demo").resolve() else f" --data-dir {shlex.quote(str(folder))}"
        parts = [
            "curl",
            *(["-X", self.method] if self.method != "GET" else []),
            *(["-H", shlex.quote(f"Processing-Purpose: {self.purpose}")] if self.purpose else []),
            f'-H "Authorization: Bearer $(.venv/bin/support-api token --as {self.person}{data})"',
            address + self.path,
        ]
        return " ".join(parts)


def ready_made(people: Sequence[Person]) -> Iterator[Ready]:
    teun = next(person for person in people if person.name == "teun")
    fien = f"/v1/residents/{teun.resident_id}"
    briefing = f"{fien}/working-relationships/{teun.working_relationship_id}/briefing"
    yield Ready(
        "Teun reads Fien’s briefing",
        "He is her 25th worker. He gets what she shared, in the short form that she approved, and nothing else.",
        "teun",
        briefing,
        purpose="support",
    )
    yield Ready("Fien reads who looked", "In plain Dutch, with who, when and why.", "fien", f"{fien}/access-log")
    yield Ready(
        "Noor, of another municipality, tries too",
        "For her Fien does not exist: 404, as for an id that nobody has.",
        "noor",
        briefing,
        purpose="support",
    )
    yield Ready(
        "Fien stops it, in one step",
        "From the next read on Teun gets nothing of it. On her screen she can share it again.",
        "fien",
        f"{briefing}/_stop",
        "POST",
    )
