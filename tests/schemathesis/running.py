"""The command of Schemathesis against a service, as one of the people of the demo: all checks, all phases."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import World
from tests.processes import SOURCE
from tests.schemathesis import stage

ROOT = Path(__file__).parents[2]
CONFIG = """
hooks = "tests.schemathesis.hooks"
continue-on-failure = true
request-timeout = 20
[headers]
Authorization = "Bearer {token}"
Processing-Purpose = "support"
[generation]
max-examples = {examples}
deterministic = false
[checks.missing_required_header]
expected-statuses = ["400", "401", "403", "428"]
[warnings]
fail-on = true
[[operations]]
include-operation-id = {others}
warnings = false
"""
# What is not theirs to do: that these answer 403 and 404 throughout is right.
NOT_THEIRS = {
    "fien": ("createResident", "startWorkingRelationship", "endWorkingRelationship"),
}


@dataclass(frozen=True)
class Run:
    code: int
    output: str


def run(world: World, name: str, folder: Path, *more: str, examples: int = 5, seed: int = 1) -> Run:
    base = str(world.client.base_url)
    config, told = folder / "schemathesis.toml", folder / "stage.json"
    config.write_text(
        CONFIG.format(token=world.token(name), examples=examples, others=list(NOT_THEIRS.get(name, ("none",)))),
        encoding="utf-8",
    )
    stage.write(told, world.cluster, base)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [str(ROOT / "openapi" / "support-api.yaml"), "--url", f"{base}/v1", "--checks", "all"]
    command += ["--seed", str(seed), *more]
    environment = {**os.environ, "SUPPORT_API_STAGE": str(told), "PYTHONPATH": f"{SOURCE}{os.pathsep}{ROOT}"}
    found = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=3600, check=False
    )
    return Run(found.returncode, found.stdout + found.stderr)
