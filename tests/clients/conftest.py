"""The clients, made once for all tests of a process that want them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.clients.making import Copy, copied


@pytest.fixture(scope="session")
def python() -> Iterator[Copy]:
    with TemporaryDirectory(prefix="support-api-clients-") as folder:
        copy = copied(Path(folder))
        assert copy.generate_python() == []
        yield copy


@pytest.fixture(scope="session")
def typescript() -> Iterator[Copy]:
    with TemporaryDirectory(prefix="support-api-clients-") as folder:
        copy = copied(Path(folder))
        assert copy.generate_typescript() == []
        assert copy.compile() == []
        yield copy
