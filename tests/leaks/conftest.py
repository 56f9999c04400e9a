"""Nothing is killed here, so the PostgreSQL of all tests will do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Cluster
from tests.sites import Site, site_on


@pytest.fixture
async def site(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Site]:
    async with site_on(cluster, tmp_path) as made:
        yield made
