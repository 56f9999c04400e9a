"""The oldest PostgreSQL that we promise to run on, where one is installed: a production's server, not the wheel's."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from support_api.db import migrate, security
from tests.conftest import MIGRATOR, Cluster, started, world_on
from tests.db.catalogue import changeable, crossing_keys, unwalled
from tests.db.rights import powers
from tests.db.rows import Place, connected

OLDEST = 15
pytestmark = pytest.mark.slow


def _installed() -> dict[int, Path]:
    """Folders with a server's binaries, by major version, where Debian and Red Hat put them."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    named = {folder.parent.name.removeprefix("pgsql-"): folder for folder in folders if (folder / "postgres").exists()}
    return {int(name): folder for name, folder in named.items() if name.isdigit() and int(name) >= OLDEST}


@pytest.fixture(scope="module")
def older() -> Iterator[Cluster]:
    installed = _installed()
    if not installed:
        pytest.skip(f"no PostgreSQL {OLDEST} or newer is installed here beside the wheel's")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SUPPORT_API_POSTGRES_BIN", str(installed[min(installed)]))
        with TemporaryDirectory(prefix="support-api-tests-") as folder, started(Path(folder)) as cluster:
            yield cluster


async def test_it_serves_from_token_to_encrypted_row_and_back(older: Cluster) -> None:
    async with world_on(older) as world:
        version = int((await world.sql("show server_version_num"))[0][0]) // 10000
        assert version == min(_installed())
        listed = await world.get("teun", f"{world.fien}/portrait-items")
        assert (listed.status_code, len(listed.json()["results"])) == (200, 8)
        new = await world.post("fien", f"{world.fien}/portrait-items", {"kind": "joy", "text": "Zomaar."})
        assert new.status_code == 201
        assert (await world.get("noor", f"{world.fien}/portrait-items")).status_code == 404


async def test_its_walls_are_the_same(older: Cluster) -> None:
    async with world_on(older) as world, connected(Place(older, world.main)) as connection:
        assert await unwalled(connection, {security.SERVE, security.OWNER}) == []
        assert await crossing_keys(connection, "support") == []
        assert await changeable(connection, security.APPEND_ONLY) == []
        assert await powers(connection, security.SERVE) == set()
        await connection.execute("alter table support.persons no force row level security")
        assert await unwalled(connection, {security.SERVE, security.OWNER}) != []


async def test_an_older_server_is_refused_in_one_line(older: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: the version is really looked at."""
    aged = asyncpg.types.ServerVersion(OLDEST - 1, 22, 0, "final", 0)
    monkeypatch.setattr(asyncpg.Connection, "get_server_version", lambda _: aged)
    with pytest.raises(migrate.MigrationRefused, match="PostgreSQL 15 or newer is needed; this is 14"):
        await migrate.prepare(older.url("postgres", MIGRATOR))
