from collections.abc import AsyncIterator

import pytest

from tests.listening import listening
from tests.outbound.origin import Origin


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    found = Origin()
    async with listening(found.serve) as port:
        found.address = f"http://127.0.0.1:{port}/jwks.json"
        yield found
