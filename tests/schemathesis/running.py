"""The command of Schemathesis against a service, as one of the people of the demo: all checks, all phases."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import World
from tests.every_operation import NAMES
from tests.processes import SOURCE
from tests.schemathesis import stage

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "openapi" / "support-api.yaml"
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
_ALL = frozenset(NAMES) | {"getContract"}
_LOOKED_UP = {"getCodeLists", "getGlossary", "getPurposes", "getLegalBases", "getProcessingActivities"}
_CHANGES_A_PLAN = {"startWorkingRelationship", "endWorkingRelationship"}
_COVER = {"startCover", "endCover"}
_EMERGENCY = {"startEmergencyAccess", "reviewEmergencyAccess", "listEmergencyReviews"}
# What each of them does here, in earnest. That the rest answers 403 and 404 throughout is right, and no warning.
THEIRS: dict[str, frozenset[str]] = {
    "fien": _ALL
    - _CHANGES_A_PLAN
    - {"createResident", "listRecalls", "getRecall", "answerRecall", *_EMERGENCY, *_COVER},
    "teun": frozenset(
        {
            "getMe",
            "getHome",
            "listWorkers",
            "getWorker",
            "createResident",
            "getResident",
            "changeResident",
            "searchResidents",
        }
        | {"listWorkingRelationships", "getWorkingRelationship", "listMyWorkingRelationships", "getBriefing"}
        | {"listPortraitItems", "createPortraitItem", "getPortraitItem"}
        | {"listBaggageNotes", "createBaggageNote", "getBaggageNote"}
        | {"listConsents", "createConsent", "getConsent", "getAccessExplanation"}
    ),
    "greet": frozenset(
        {"getMe", "listWorkers", "getWorker", "createResident", "searchResidents", *_CHANGES_A_PLAN}
        | {"listWorkingRelationships", "getWorkingRelationship"}
    ),
    "zaaksysteem": frozenset(
        {
            "getMe",
            "listRecalls",
            "getRecall",
            "answerRecall",
            "listWorkers",
            "getWorker",
            "searchResidents",
            *_LOOKED_UP,
        }
    ),
}


@dataclass(frozen=True)
class Run:
    code: int
    output: str


def run(
    world: World, name: str, folder: Path, contract: Path, only: Iterable[str], *, examples: int = 5, seed: int = 1
) -> Run:
    base = str(world.client.base_url)
    config, told = folder / "schemathesis.toml", folder / "stage.json"
    config.write_text(
        CONFIG.format(token=world.token(name), examples=examples, others=sorted(_ALL - THEIRS[name])),
        encoding="utf-8",
    )
    stage.write(told, world.cluster, base, name)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [str(contract), "--url", f"{base}/v1", "--checks", "all"]
    command += ["--seed", str(seed)]
    command += [f"--include-operation-id={each}" for each in sorted(only)]
    environment = {**os.environ, "SUPPORT_API_STAGE": str(told), "PYTHONPATH": f"{SOURCE}{os.pathsep}{ROOT}"}
    found = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=3600, check=False
    )
    return Run(found.returncode, found.stdout + found.stderr)
