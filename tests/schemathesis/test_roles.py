"""Schemathesis as several of the people: what it makes from the contract, the service answers as the contract says."""

import asyncio
import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from support_api.app import OPERATIONS
from support_api.http import openapi
from tests.schemathesis.running import CONTRACT, THEIRS, run
from tests.sites import Site, served

# `make schemathesis` makes more of each, and asks each of them for what is not theirs too.
LONG = "SCHEMATHESIS_EXAMPLES" in os.environ
EXAMPLES, SEED = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4")), int(os.environ.get("SCHEMATHESIS_SEED", "1"))


@pytest.mark.slow
@pytest.mark.longest
@pytest.mark.parametrize("name", THEIRS)
async def test_nothing_but_what_the_contract_says(site: Site, tmp_path: Path, name: str) -> None:
    only = () if LONG else THEIRS[name]
    async with served(site) as (_, world):
        found = await asyncio.to_thread(run, world, name, tmp_path, CONTRACT, only, examples=EXAMPLES, seed=SEED)
    assert found.code == 0, found.output


def _other_type(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["MeView"]["properties"]["role"] = {"type": "integer"}


def _wider(document: dict[str, Any]) -> None:
    document["components"]["parameters"]["Limit"]["schema"]["maximum"] = 1000


def _no_404(document: dict[str, Any]) -> None:
    del document["paths"]["/workers/{workerId}"]["get"]["responses"]["404"]


def _forgotten_header(document: dict[str, Any]) -> None:
    document["components"]["responses"]["Problem400"]["headers"]["X-Promised"] = {
        "required": True,
        "schema": {"type": "string"},
    }


PLANTED: dict[str, tuple[str, Callable[[dict[str, Any]], None], str]] = {
    "a property of another type": ("getMe", _other_type, "Response violates schema"),
    "more than the service takes": ("listWorkers", _wider, "Schema-valid request rejected"),
    "a status that is not named": ("getWorker", _no_404, "Undocumented status code"),
    "a header that does not come": ("listWorkers", _forgotten_header, "Missing required response headers"),
}


@pytest.mark.slow
async def test_a_contract_that_is_not_true_is_noticed(site: Site, tmp_path: Path) -> None:
    async with served(site) as (_, world):
        for name, (operation, change, complaint) in PLANTED.items():
            document = copy.deepcopy(openapi.document(OPERATIONS))
            change(document)
            (tmp_path / "contract.yaml").write_text(yaml.safe_dump(document))
            found = await asyncio.to_thread(run, world, "fien", tmp_path, tmp_path / "contract.yaml", {operation})
            assert found.code == 1, (name, found.output)
            assert complaint in found.output, (name, found.output)
