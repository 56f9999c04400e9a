"""Schemathesis as several of the people: what it makes from the contract, the service answers as the contract says."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.schemathesis.running import run
from tests.sites import Site, served

ROLES = ("fien", "teun", "greet", "zaaksysteem")
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "5"))
SEED = int(os.environ.get("SCHEMATHESIS_SEED", "1"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ROLES)
async def test_nothing_but_what_the_contract_says(site: Site, tmp_path: Path, name: str) -> None:
    async with served(site) as (_, world):
        found = await asyncio.to_thread(run, world, name, tmp_path, examples=EXAMPLES, seed=SEED)
    assert found.code == 0, found.output
