"""Nothing is killed here, so the PostgreSQL of all tests will do."""

import pytest

from tests.sites import Site


@pytest.fixture
def site(light_site: Site) -> Site:
    return light_site
