"""`/demo` is there in the demo, for this machine's own pages and programs, and nowhere else."""

from pathlib import Path

import pytest

from support_api.demo import app, folder, routes
from support_api.demo.clock import Clock
from support_api.demo.login.claims import access_claims
from support_api.settings import IssuerSettings, SettingsError
from tests.conftest import World, settings_for
from tests.demo.inside import demo_inside, folder_of


async def test_it_names_the_people_as_the_command_does(world: World, tmp_path: Path) -> None:
    async with demo_inside(world, tmp_path) as client:
        answer = await client.get("/demo/people")
    assert answer.status_code == 200
    assert answer.json() == [folder.public(person) for person in world.cluster.people.values()]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_api_is_there_as_ever(world: World, tmp_path: Path) -> None:
    async with demo_inside(world, tmp_path) as client:
        assert (await client.get("/v1/me")).status_code == 401
        token = folder.read_issuer(tmp_path).token(access_claims(world.person("teun")))
        me = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["role"] == "worker"


def paths(world: World, where: Path) -> list[str]:
    return sorted({path for each in routes.handlers(where, Clock(where)) for path in each.paths})


async def test_the_service_of_a_municipality_has_nothing_of_it(world: World, tmp_path: Path) -> None:
    """The control is the demo itself, which knows each of these paths."""
    folder_of(world, tmp_path)
    found = paths(world, tmp_path)
    assert "/demo/people" in found
    async with demo_inside(world, tmp_path) as client:
        for path in found:
            assert (await world.client.options(path)).status_code == 404
            assert (await client.options(path)).status_code == 204
            for method in ("GET", "POST"):
                assert (await world.client.request(method, path)).status_code == 404
                assert (await client.request(method, path)).status_code != 404


def test_no_other_issuer_is_trusted_beside_it(world: World, tmp_path: Path) -> None:
    folder_of(world, tmp_path)
    honest = world.cluster.issuer.settings()
    other = IssuerSettings(**{**honest, "issuer": "https://login.example", "demo": False})
    settings = settings_for(world.cluster, world.main, world.keys, issuers=[IssuerSettings(**honest), other])
    with pytest.raises(SettingsError, match="nobody but its own"):
        app.create(settings, tmp_path)


def test_a_process_without_a_demo_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(folder.VARIABLE, raising=False)
    with pytest.raises(folder.DemoError, match="not a demo"):
        folder.of_this_process()


async def test_a_demo_folder_does_not_open_another_database(world: World, tmp_path: Path) -> None:
    """Its issuer works with the database that the demo made alone."""
    await world.sql(f"alter database {world.main} reset support.demo_issuer")
    with pytest.raises(SettingsError, match="not allowed with this database"):
        async with demo_inside(world, tmp_path):
            pass


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST"])
async def test_this_machine_by_its_names(world: World, tmp_path: Path, host: str) -> None:
    async with demo_inside(world, tmp_path) as client:
        assert (await client.get("/demo/people", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8000", "localhost.evil.example", "127.0.0.1.nip.example", "x@localhost"]
)
async def test_a_name_that_somebody_points_here(world: World, tmp_path: Path, host: str) -> None:
    async with demo_inside(world, tmp_path) as client:
        assert (await client.get("/demo/people", headers={"Host": host})).status_code == 404
        assert (await client.get("/", headers={"Host": host})).status_code == 404
