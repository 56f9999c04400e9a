"""Each operation has a good request, which is what the tests over all operations are made of."""

import pytest

from tests.conftest import World
from tests.contract.check import assert_documented
from tests.every_operation import NAMES, RECIPES, good


def test_each_operation_has_its_recipe() -> None:
    assert set(RECIPES) == set(NAMES), "say in tests/every_operation.py how a good request is made"


@pytest.mark.parametrize("name", NAMES)
async def test_a_good_request_is_answered_well(world: World, name: str) -> None:
    """Twice: what the first one did is not in the way of the next."""
    for _ in range(2):
        request = await good(world, name)
        answer = await request.send(world)
        assert answer.status_code == request.operation.status, answer.text
        assert_documented(answer)
