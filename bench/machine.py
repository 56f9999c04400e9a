"""What it was measured on, and what PostgreSQL alone makes of the same statement and of a durable commit."""

import argparse
import asyncio
import os
import platform
import re
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench import yardstick
from bench.calls import Call
from bench.place import MAIN, PLAIN, Place

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_SETTINGS = ("server_version", *_DURABLE, "shared_buffers")


def about(place: Place, busy: float, options: argparse.Namespace) -> dict[str, Any]:
    """Refuses to report on a PostgreSQL that does not keep what it commits."""
    settings = asyncio.run(_settings(place))
    return {
        "each case": f"{options.rounds} runs of {options.seconds} s, {options.connections} connections",
        "workers": options.workers,
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "load average before and after": f"{busy:.1f}, {os.getloadavg()[0]:.1f}",
        "PostgreSQL": ", ".join(f"{name} {value}" for name, value in settings.items()),
        "one flush of 8 kB to this disk": f"{_flush(place.folder):.2f} ms",
        "from start to ready": f"{place.ours.ready_after:.1f} s",
    }


async def _settings(place: Place) -> dict[str, str]:
    found: dict[str, str] = {}
    for database in (MAIN, PLAIN):
        async with place.connection(database) as connection:
            found = {name: await connection.fetchval("select current_setting($1)", name) for name in _SETTINGS}
        if any(found[name] != "on" for name in _DURABLE):
            raise SystemExit(f"{database} does not keep what it commits: {found}")
    return found


def _flush(folder: Path) -> float:
    took = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(50):
            file.write(bytes(8192))
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append(1000 * (time.perf_counter() - started))
    return median(took)


def pgbench(place: Place, bare: Call, options: argparse.Namespace) -> dict[str, float] | None:
    """Transactions a second of the yardstick's statement and of one durable insert; None without the program."""
    program = place.postgres.binaries / "pgbench"
    if not program.exists():
        return None
    one = yardstick.ONE.replace("$1", f"'{bare.path.rsplit('/', 1)[-1]}'")
    statements = {
        "the yardstick's select": one,
        "one durable insert": f"insert into notes select gen_random_uuid() as id, {_others()} from ({one}) n",
    }
    return {name: _tps(place, program, statement, options) for name, statement in statements.items()}


def _others() -> str:
    return ", ".join(f"n.{name}" for name in list(yardstick.COLUMNS)[1:])


def _tps(place: Place, program: Path, statement: str, options: argparse.Namespace) -> float:
    script = place.folder / "pgbench.sql"
    script.write_text(statement + ";\n", encoding="utf-8")
    seconds = str(max(1, round(options.seconds)))
    command = [str(program), "-h", str(place.postgres.socket_folder), "-U", "postgres", "-n", "-M", "prepared"]
    command += ["-c", str(options.connections), "-j", "1", "-T", seconds, "-f", str(script), PLAIN]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"tps = ([\d.]+)", found)[0])
