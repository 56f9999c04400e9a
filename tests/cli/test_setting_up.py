"""From nothing to a service that answers, with the commands alone: as an operator does it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import click
import httpx
import pytest
import yaml
from click.testing import CliRunner, Result

from support_api.cli import main
from support_api.demo.issuer import ISSUER, DemoIssuer, make
from support_api.demo.postgres import EmbeddedPostgres
from tests.contract.check import watch
from tests.processes import eventually, free_port, running, status

LOG_INS = {"it_migrates": "support_api_owner", "it_serves": "support_api_serve", "it_keeps": "support_api_keys"}
ACTIVITY = ("support", "https://register.example/steun", "Wmo 2015, art. 2.3.1")


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*path, "--help"])
    assert done.exit_code == 0
    usage, what, *_ = [line.strip() for line in done.output.splitlines() if line.strip()]
    assert usage.startswith("Usage: ")
    assert what != "Options:"


def test_the_contract_as_yaml() -> None:
    contract = yaml.safe_load(CliRunner().invoke(main, ["openapi"]).stdout)
    assert contract["openapi"].startswith("3.1")
    assert "/me" in contract["paths"]


@dataclass
class Operator:
    """Whoever sets up a service: the environment they export, and the server they were given."""

    server: EmbeddedPostgres
    issuer: DemoIssuer
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=self.environ)

    def prints(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert (done.exit_code, done.stderr) == (0, ""), done.stderr
        return done.stdout.strip()

    def log_in_as(self, migrates: str, serves: str, keeps: str) -> None:
        self.environ |= {
            "SUPPORT_API_MIGRATE_DATABASE_URL": self.server.url("main_data", migrates),
            "SUPPORT_API_MIGRATE_KEYS_DATABASE_URL": self.server.url("key_store", migrates),
            "SUPPORT_API_DATABASE_URL": self.server.url("main_data", serves),
            "SUPPORT_API_KEYS_DATABASE_URL": self.server.url("key_store", keeps),
        }

    def sql(self, database: str, *statements: str) -> Any:
        return asyncio.run(_sql(self.server.url(database), statements))


async def _sql(url: str, statements: tuple[str, ...]) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return [await connection.fetch(statement) for statement in statements][-1]
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def operator() -> Iterator[Operator]:
    """An empty cluster with two empty databases, and roles that the product has not made yet."""
    with TemporaryDirectory(prefix="support-api-tests-") as folder:
        yield from _operator(Path(folder))


def _operator(folder: Path) -> Iterator[Operator]:
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        made = Operator(server, make(folder / "issuer.pem"))
        made.sql(
            "postgres", "create role it_migrates login", "create role it_serves login", "create role it_keeps login"
        )
        made.sql("postgres", "create database main_data", "create database key_store")
        made.log_in_as("it_migrates", "it_serves", "it_keeps")
        made.environ["SUPPORT_API_ISSUERS"] = json.dumps([{**made.issuer.settings(), "demo": False}])
        yield made
    finally:
        server.stop()


@pytest.mark.slow
def test_from_an_empty_cluster_to_an_answer(operator: Operator, tmp_path: Path) -> None:
    _migrate(operator)
    operator.environ["SUPPORT_API_KEYRING"] = operator.prints("keyring")
    town = operator.prints("municipality", "add", "nergenshuizen", "Nergenshuizen")
    operator.prints("client", "add", "--municipality", town, "--purpose", *ACTIVITY, "werkplek", "Werkplek Voorbeeld")
    who = ("--issuer", ISSUER, "--subject", "iemand", "--unit", "Team Bedacht")
    worker = operator.prints("worker", "add", "--municipality", town, *who, "Iemand Bedacht")
    port = free_port()
    environ = {**operator.environ, "SUPPORT_API_PORT": str(port), "SUPPORT_API_DRAIN_SECONDS": "0"}
    with running("serve", log=tmp_path / "serve.log", **environ):
        base = f"http://127.0.0.1:{port}"
        eventually(lambda: status(f"{base}/readyz") == 200, "a service that is ready")
        assert status(f"{base}/livez") == 200
        me = _me(operator, base, town)
        assert (me.status_code, me.json()["workerId"], me.json()["municipalityId"]) == (200, worker, town)
        assert _me(operator, base, town, client_id="never-registered").status_code == 403
        assert _me(operator, base, town, sub="niemand").status_code == 404
    _walls_hold(operator)


def _migrate(operator: Operator) -> None:
    """The first time by an administrator, who alone may make the roles; later by a log-in that owns nothing else."""
    refused = operator.run("migrate")
    assert refused.exit_code == 1
    assert "let an administrator run `support-api migrate` once" in refused.stderr
    operator.log_in_as("postgres", "it_serves", "it_keeps")
    assert operator.prints("migrate") == "up to date"
    operator.sql("postgres", *(f"grant {group} to {name}" for name, group in LOG_INS.items()))
    operator.log_in_as("it_migrates", "it_serves", "it_keeps")
    assert operator.prints("migrate") == "up to date"


def _me(operator: Operator, base: str, town: str, **claims: str) -> httpx.Response:
    said = {
        "sub": "iemand",
        "client_id": "werkplek",
        "municipality": town,
        "role": "worker",
        "scope": "me:read",
        **claims,
    }
    headers = {"Authorization": f"Bearer {operator.issuer.token(said)}"}
    with httpx.Client(trust_env=False, timeout=20, event_hooks={"response": [watch]}) as client:
        return client.get(f"{base}/v1/me", headers=headers)


def _walls_hold(operator: Operator) -> None:
    """Data and keys lie apart, and who serves is nobody special."""
    schemas = "select string_agg(nspname, ' ' order by 1) from pg_namespace where nspname in ('support', 'keys')"
    assert operator.sql("main_data", schemas)[0][0] == "support"
    assert operator.sql("key_store", schemas)[0][0] == "keys"
    special = (
        "select count(*) from pg_roles where rolname like 'it\\_%' and (rolsuper or rolbypassrls or rolcreaterole)"
    )
    assert operator.sql("postgres", special)[0][0] == 0
    owned = "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'it\\_%'"
    assert operator.sql("main_data", owned)[0][0] == 0
