"""docker-compose.yml as Compose reads it: variables filled in, and who is started after whom."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?P<rule>:[-?])(?P<rest>[^}]*)\}")


class Refused(Exception):
    """What Compose would refuse."""


def interpolate(text: str, variables: dict[str, str]) -> str:
    """`${NAME:-default}`, `${NAME:?message}` and `$$`, the forms that our file uses."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        found = variables.get(match["name"], "")
        if not found and match["rule"] == ":?":
            raise Refused(f"{match['name']}: {match['rest']}")
        return found or match["rest"]

    return _VARIABLE.sub(value, text)


def interpolated(part: Any, variables: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: interpolated(value, variables) for key, value in part.items()}
    if isinstance(part, list):
        return [interpolated(value, variables) for value in part]
    return interpolate(part, variables) if isinstance(part, str) else part


def read_env(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def started(file: dict[str, Any]) -> Iterator[str]:
    """What `up` starts, in an order in which nobody comes before what it depends on."""
    waiting = {name: set(s.get("depends_on", {})) for name, s in file["services"].items() if "profiles" not in s}
    while waiting:
        ready = [name for name, needs in waiting.items() if not needs & set(waiting)]
        if not ready:
            raise Refused(f"these wait for each other: {', '.join(waiting)}")
        yield from ready
        waiting = {name: needs for name, needs in waiting.items() if name not in ready}


def mounted(file: dict[str, Any], name: str) -> dict[str, str]:
    """Where the container finds which file of this folder."""
    service, found = file["services"][name], {}
    for kind in ("secrets", "configs"):
        for each in service.get(kind, ()):
            entry = each if isinstance(each, dict) else {"source": each, "target": f"/run/secrets/{each}"}
            found[entry["target"]] = file[kind][entry["source"]]["file"]
    return found
