"""What a user can mend gets one line that says what, and no traceback."""

import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import click
import pytest
from click.testing import CliRunner, Result

from support_api.cli import clear, main
from support_api.demo.issuer import make
from support_api.settings import make_keyring
from tests.conftest import KEY_TEMPLATE, KEYRING, MIGRATOR, SERVER, TEMPLATE, Cluster
from tests.processes import free_port

EVERY_URL = ("database_url", "keys_database_url", "migrate_database_url", "migrate_keys_database_url")
TOWN = "0199aaaa-0000-7000-8000-000000000001"
SHORT = '{"current": "k1", "wrapping": {"k1": "AA=="}, "root": "AA=="}'
NOWHERE = "postgresql://somebody@127.0.0.1:9/nothing"
CLIENT = ("client", "add", "--municipality", TOWN, "nieuw-voorbeeld", "Nieuw Voorbeeld")
WORKER = ("worker", "add", "--municipality", TOWN, "--issuer", "urn:x", "--subject", "iemand", "Iemand Bedacht")
SET_UP = [("municipality", "add", "nergenshuizen", "Nergenshuizen"), CLIENT, WORKER]


def run(*arguments: str, **settings: str) -> Result:
    environ = {f"SUPPORT_API_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(main, arguments, env=environ)


def said(done: Result) -> str:
    """The one line of a complaint. Anything else than an exit is a traceback in a shell."""
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code != 0
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert done.exit_code == 2 or done.stderr.count("\n") == 1
    return last.removeprefix("Error: ")


def everywhere(url: str, **more: str) -> dict[str, str]:
    return {**dict.fromkeys(EVERY_URL, url), "keyring": KEYRING, **more}


def test_a_traceback_is_not_taken_for_a_complaint() -> None:
    """The control: a command that fails with something unforeseen does not pass for a clear one."""

    @click.command()
    @clear
    def broken() -> None:
        raise KeyError("surprise")

    with pytest.raises(AssertionError, match="KeyError"):
        said(CliRunner().invoke(broken))


@pytest.fixture
async def town(cluster: Cluster) -> AsyncIterator[dict[str, str]]:
    """Settings of a database of one's own in which the demo's people live."""
    main_name, key_name = f"cli_{uuid4().hex[:12]}", f"cli_{uuid4().hex[:12]}"
    await cluster.clone(TEMPLATE, main_name)
    await cluster.clone(KEY_TEMPLATE, key_name)
    yield {
        "migrate_database_url": cluster.url(main_name, MIGRATOR),
        "database_url": cluster.url(main_name, SERVER),
        "keys_database_url": cluster.url(key_name, "test_keeper"),
        "keyring": KEYRING,
    }
    await cluster.drop(main_name)
    await cluster.drop(key_name)


@pytest.fixture
async def empty(cluster: Cluster) -> AsyncIterator[str]:
    name = f"cli_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        await connection.execute(f"create database {name}")
        yield cluster.url(name)
        await connection.execute(f"drop database {name}")
    finally:
        await connection.close()


def test_a_keyring_that_is_not_the_one_of_the_key_store(town: dict[str, str]) -> None:
    """Who is added with it could never be read with the right one."""
    told = said(run(*WORKER, **{**town, "keyring": make_keyring()}))
    assert told == "this is not the keyring that the key store was used with; see SUPPORT_API_KEYRING_FILE"
    assert run(*WORKER, **town).exit_code == 0


@pytest.mark.parametrize("arguments", [("migrate",), ("serve",), *SET_UP])
def test_without_the_url_it_says_which_variable(arguments: tuple[str, ...]) -> None:
    assert "SUPPORT_API_" in said(run(*arguments, keyring=KEYRING))


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b", "postgresql://a:port/b", "http://[", "postgresql://"])
@pytest.mark.parametrize("arguments", [("migrate",), *SET_UP])
def test_a_url_that_is_none(arguments: tuple[str, ...], url: str) -> None:
    assert "URL" in said(run(*arguments, **everywhere(url)))


@pytest.mark.parametrize("arguments", [("migrate",), *SET_UP])
def test_a_database_that_does_not_answer(arguments: tuple[str, ...]) -> None:
    assert "does not answer" in said(run(*arguments, **everywhere(NOWHERE)))


@pytest.mark.parametrize("arguments", [("migrate",), *SET_UP])
def test_a_database_that_is_not_there(cluster: Cluster, arguments: tuple[str, ...]) -> None:
    assert "no such database" in said(run(*arguments, **everywhere(cluster.url("never_made"))))


@pytest.mark.parametrize("arguments", [("migrate",), *SET_UP])
def test_a_log_in_that_is_not_there(cluster: Cluster, arguments: tuple[str, ...]) -> None:
    assert "refuses this log-in" in said(run(*arguments, **everywhere(cluster.url(TEMPLATE, "nobody_we_know"))))


@pytest.mark.parametrize("arguments", SET_UP)
def test_a_database_that_is_not_migrated(empty: str, arguments: tuple[str, ...]) -> None:
    assert "migrate" in said(run(*arguments, **everywhere(empty)))


def test_a_key_store_that_is_not_migrated(town: dict[str, str], empty: str) -> None:
    assert "key store" in said(run(*WORKER, **{**town, "keys_database_url": empty}))


@pytest.mark.parametrize("arguments", [SET_UP[0], CLIENT])
def test_the_serving_role_may_not_set_up(town: dict[str, str], arguments: tuple[str, ...]) -> None:
    done = run(*arguments, **{**town, "migrate_database_url": town["database_url"]})
    assert "may not" in said(done)


def test_twice_by_one_name(town: dict[str, str]) -> None:
    for arguments in SET_UP:
        assert run(*arguments, **town).exit_code == 0
        assert "already" in said(run(*arguments, **town))


def test_in_a_municipality_that_is_not_there(town: dict[str, str]) -> None:
    for arguments in (CLIENT, WORKER):
        elsewhere = [str(uuid4()) if word == TOWN else word for word in arguments]
        assert "no such municipality" in said(run(*elsewhere, **town))


def test_arguments_that_are_not_right() -> None:
    assert "--municipality" in said(run("client", "add", "--municipality", "x", "a", "b"))
    assert "--role" in said(run(*WORKER, "--role", "king"))
    assert "purposes are" in said(run(*CLIENT, "--purpose", "fun", "https://x.example", "none"))
    purpose = ("--purpose", "support", "https://x.example", "none")
    assert "need the --purpose" in said(run(*CLIENT, *purpose, "--special", "handover", "AVG, art. 9"))
    assert "categories are: portrait" in said(run(*CLIENT, *purpose, "--only", "support", "access_log"))
    assert "No such command" in said(run("nothing"))


@pytest.mark.parametrize("keyring", ["", "{}", "nonsense", SHORT, "[1]", '"k"'])
@pytest.mark.parametrize("arguments", [("serve",), WORKER])
def test_a_keyring_that_is_broken(arguments: tuple[str, ...], keyring: str) -> None:
    assert "keyring" in said(run(*arguments, **everywhere(NOWHERE, keyring=keyring))).lower()


def test_a_keyring_file_that_can_not_be_read(tmp_path: Path) -> None:
    settings = everywhere(NOWHERE, keyring="", keyring_file=str(tmp_path / "none.json"))
    assert "KEYRING_FILE" in said(run("serve", **settings))


BROKEN_ISSUERS = [
    "",
    "nonsense",
    "[",
    "{}",
    "[]",
    "5",
    '[{"issuer": 1}]',
    '[{"isuer": "x"}]',
    '[{"issuer": "urn:x", "jwks": {"keys": []}}]',
    '[{"issuer": "urn:x", "jwks": {"keys": [5]}}]',
    '[{"issuer": "urn:x", "jwks": {"key": 5}}]',
    '[{"issuer": "urn:x", "algorithms": ["HS256"]}]',
]


@pytest.mark.parametrize("issuers", BROKEN_ISSUERS)
def test_issuers_that_are_broken(issuers: str) -> None:
    assert "ISSUERS" in said(run("serve", **everywhere(NOWHERE, issuers=issuers)))


@pytest.mark.parametrize("issuers", [*BROKEN_ISSUERS, "\x00"])
def test_an_issuers_file_that_is_broken(issuers: str, tmp_path: Path) -> None:
    path = tmp_path / "issuers.json"
    path.write_text(issuers)
    assert "ISSUERS" in said(run("serve", **everywhere(NOWHERE, issuers_file=str(path))))


@pytest.mark.parametrize(
    ("name", "value"), [("port", "x"), ("port", "70000"), ("workers", "0"), ("pool_size", "1"), ("log_level", "loud")]
)
def test_other_settings_that_are_broken(name: str, value: str) -> None:
    assert name.upper() in said(run("serve", **everywhere(NOWHERE, **{name: value})))


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no.such.host.example"])
def test_a_port_in_use_or_an_address_that_is_not_ours(host: str, tmp_path: Path) -> None:
    """Two servers of ours would share a port: the second must not start."""
    issuers = json.dumps([{**make(tmp_path / "issuer.pem").settings(), "demo": False}])
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in said(run("serve", **everywhere(NOWHERE, issuers=issuers, host=host, port=port)))


def test_the_demo_issuer_works_with_no_other_database(
    cluster: Cluster, town: dict[str, str], empty: str, tmp_path: Path
) -> None:
    """Its key lies readable in a folder: it is let in only where the demo wrote that key down."""
    issuers = json.dumps([cluster.issuer.settings()])
    port = str(free_port())
    refused = run("serve", **{**town, "database_url": empty}, issuers=issuers, port=port)
    assert "not allowed with this database" in said(refused)
    stranger = json.dumps([make(tmp_path / "issuer.pem").settings()])
    assert "not allowed with this database" in said(run("serve", **town, issuers=stranger, port=port))
