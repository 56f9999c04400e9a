"""Nothing is killed here, so the PostgreSQL of all tests will do."""

from collections.abc import Iterator

import pytest

from support_api import metrics
from tests.sites import Site


@pytest.fixture
def site(light_site: Site) -> Site:
    return light_site


@pytest.fixture(autouse=True)
def _off_again() -> Iterator[None]:
    yield
    metrics.stop()
