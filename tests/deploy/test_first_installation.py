"""The first installation of docs/running.md: it answers, and each log-in may do its own work and nothing else."""

import asyncio
import json
import subprocess
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.deploy.composed import read_env
from tests.deploy.conftest import FRONT_END, Installed
from tests.keycloak.realm import named, realm

pytestmark = [pytest.mark.slow, pytest.mark.nginx]


def test_the_first_request_is_answered(installed: Installed) -> None:
    """Through the proxy. And one with a token that somebody else signed is not."""
    assert installed.printed[0] == "200"
    done = installed.type("The first request", TOKEN=installed.token())
    assert json.loads(done.stdout)["workerId"] == installed.printed[3]
    foreign = rsa.generate_private_key(65537, 2048)
    assert _refused(installed, key=foreign) == "401"


def test_what_is_wrong_in_the_realm_is_refused(installed: Installed) -> None:
    """Tokens without the audience, or for an hour; and one without the scope that it needs."""
    without, longer = realm(), realm()
    named(without["clients"], FRONT_END, "clientId")["defaultClientScopes"].remove("audience")
    longer["accessTokenLifespan"] = 3600
    assert [_refused(installed, found=without), _refused(installed, found=longer)] == ["401", "401"]
    assert _refused(installed, scope="residents:read") == "403"


def _refused(installed: Installed, **changes: Any) -> str:
    refused = installed.type("The first request", TOKEN=installed.token(**changes))
    assert (refused.returncode, refused.stdout) == (22, "")
    return refused.stderr.strip()[-3:]


def test_secrets_are_for_the_operator_only(installed: Installed) -> None:
    folder = installed.stack.folder
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (folder / ".env", folder / "deploy/local")} == {
        ".env": "0o600",
        "local": "0o700",
    }
    passwords = [value for name, value in read_env(folder / ".env").items() if name.endswith("_PASSWORD")]
    assert len(set(passwords)) == 7
    logs = (folder / "api.log").read_text() + installed.server.log.read_text()
    assert not [password for password in passwords if password in logs]


def test_migrating_again_changes_nothing(installed: Installed) -> None:
    before = _schema(installed)
    assert installed.stack.run("migrate") == 0
    assert _schema(installed) == before
    installed.sql("support_api_migrator", "support_api", "create table support.one_more ()")
    try:
        assert _schema(installed) != before
    finally:
        installed.sql("support_api_migrator", "support_api", "drop table support.one_more")


def _schema(installed: Installed) -> list[str]:
    """Both databases as SQL, without the dump's own random key."""
    script = "for d in support_api support_api_keys; do PGPASSWORD=$POSTGRES_PASSWORD pg_dump -U postgres -s $d; done"
    inside = installed.stack._inside("postgres")
    text = subprocess.check_output(["sh", "-c", script], env=inside, text=True)
    return [line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


ALLOWED = [
    ("support_api_server", "support_api", "select support.municipality()"),
    ("support_api_server", "support_api", "select count(*) from support.portrait_items"),
    ("support_api_keeper", "support_api_keys", "select count(*) from keys.data_keys"),
    ("support_api_archiver", "support_api", "select count(*) from support.audit_entries"),
    ("support_api_migrator", "support_api", "create table support.mine (); drop table support.mine"),
    ("support_api_migrator", "support_api_keys", "select count(*) from keys.data_keys"),
    ("keycloak", "keycloak", "create table mine (); drop table mine"),
]
REFUSED = [
    ("support_api_server", "support_api", "create table mine ()"),
    ("support_api_server", "support_api", "create table support.mine ()"),
    ("support_api_server", "support_api", "create temporary table mine ()"),
    ("support_api_server", "support_api", "set role support_api_owner"),
    ("support_api_server", "support_api", "alter table support.portrait_items disable row level security"),
    ("support_api_server", "support_api", "delete from support.audit_entries"),
    ("support_api_server", "support_api", "delete from support.alembic_version"),
    ("support_api_server", "support_api_keys", "select 1"),
    ("support_api_keeper", "support_api", "select 1"),
    ("support_api_keeper", "support_api_keys", "delete from keys.data_keys"),
    ("support_api_keeper", "support_api_keys", "update keys.canaries set wrapped = ''"),
    ("support_api_keeper", "support_api_keys", "update keys.data_keys set wrapping = 'k9'"),
    ("support_api_archiver", "support_api", "delete from support.portrait_items"),
    ("support_api_archiver", "support_api_keys", "select 1"),
    ("support_api_migrator", "support_api", "create role mine"),
    ("support_api_migrator", "postgres", "select 1"),
    ("support_api_migrator", "keycloak", "select 1"),
    ("keycloak", "support_api", "select 1"),
    ("keycloak", "support_api_keys", "select 1"),
    ("keycloak", "keycloak", "create role mine"),
]


@pytest.mark.parametrize(("login", "database", "statement"), ALLOWED)
def test_each_log_in_may_do_its_work(installed: Installed, login: str, database: str, statement: str) -> None:
    assert installed.sql(login, database, statement)[0]


@pytest.mark.parametrize(("login", "database", "statement"), REFUSED)
def test_and_nothing_else(installed: Installed, login: str, database: str, statement: str) -> None:
    done, said = installed.sql(login, database, statement)
    assert not done
    assert "permission denied" in said or "must be owner" in said, said


def test_the_serving_log_in_can_not_read_keys_even_if_it_could_connect(installed: Installed) -> None:
    """The second wall, with the first taken away."""
    asyncio.run(_grant(installed, "grant connect on database support_api_keys to support_api_serve"))
    try:
        done, said = installed.sql("support_api_server", "support_api_keys", "select count(*) from keys.data_keys")
        assert (done, "permission denied for schema keys" in said) == (False, True)
        asyncio.run(_grant(installed, "grant support_api_keys to support_api_server"))
        assert installed.sql("support_api_server", "support_api_keys", "select count(*) from keys.data_keys")[0]
    finally:
        asyncio.run(_grant(installed, "revoke support_api_keys from support_api_server"))
        asyncio.run(_grant(installed, "revoke connect on database support_api_keys from support_api_serve"))


async def _grant(installed: Installed, statement: str) -> None:
    async with installed.superuser() as connection:
        await connection.execute(statement)


def test_a_wrong_password_is_refused(installed: Installed) -> None:
    right = installed.sql("support_api_server", "support_api", "select 1")
    wrong = installed.sql("support_api_server", "support_api", "select 1", password="0" * 48)
    assert right == (True, "1")
    assert not wrong[0]
    assert "password authentication failed" in wrong[1]
