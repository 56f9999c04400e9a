"""What the rules on every answer have in common: the answers."""

import asyncio

import pytest

from tests.conftest import Cluster, world_on
from tests.rules.answers import Answers, gathered


@pytest.fixture(scope="session")
def answers(cluster: Cluster) -> Answers:
    async def all_of_them() -> Answers:
        async with world_on(cluster) as world:
            return await gathered(world)

    return asyncio.run(all_of_them())
