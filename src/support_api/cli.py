"""The command line. Mistakes of the caller get one line, and what to do; mistakes of ours one with the place."""

import asyncio
import json
import socket
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import asyncpg
import click

from support_api import logs
from support_api.db import migrate as migrations
from support_api.db.keys import KeyRing, StaticKeys
from support_api.db.tx import Database, open_pool
from support_api.demo.clock import Clock, NoSuchTime, duration, shown
from support_api.demo.folder import DemoError, public, read_issuer, read_people
from support_api.demo.login.claims import access_claims
from support_api.demo.postgres import PostgresError
from support_api.demo.run import Demo
from support_api.domain.errors import StillRunning, Unavailable
from support_api.domain.vocabulary import Role
from support_api.http import glossary as wordlist
from support_api.http import openapi as contract
from support_api.http.auth import subject_hash
from support_api.services import setup
from support_api.settings import Settings, SettingsError, make_keyring, read_settings

P = ParamSpec("P")
R = TypeVar("R")
_DATA_DIR = click.option(
    "--data-dir", type=click.Path(path_type=Path), default=Path(".demo"), show_default=True, help="Folder of the demo."
)
_CLEAR = (SettingsError, DemoError, NoSuchTime, PostgresError, migrations.MigrationRefused)
# SQLSTATE, or how it begins → what a user can do about it.
_SAYINGS = {
    "23503": "there is no such municipality",
    "28": "the database refuses this log-in; are name and password right?",
    "3D000": "there is no such database on that server; make it first",
    "42501": "this log-in may not do that; SUPPORT_API_MIGRATE_DATABASE_URL must name the one that migrates",
    "42P01": "the database is not migrated; run `support-api migrate` first",
    "42883": "the database is not migrated; run `support-api migrate` first",
}


def clear(command: Callable[P, R]) -> Callable[P, R]:
    """Turns what a user can mend into one line."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except _CLEAR as error:
            raise click.ClickException(str(error)) from None
        except (OSError, Unavailable, StillRunning, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
            words = _words(error)
            if words is None:
                raise
            raise click.ClickException(words) from None

    return run


def _words(error: Exception) -> str | None:
    """What a user can do about it; None if it is a mistake of ours."""
    if isinstance(error, StillRunning):
        return "there is one by that name already"
    what = error.what if isinstance(error, Unavailable) else str(getattr(error, "sqlstate", None) or "")
    if what.startswith("key store"):
        return "the key store does not answer, or is not migrated; see SUPPORT_API_KEYS_DATABASE_URL"
    if what == "keyring":
        return "this is not the keyring that the key store was used with; see SUPPORT_API_KEYRING_FILE"
    for lead, words in _SAYINGS.items():
        if what.startswith(lead):
            return words
    away = not isinstance(error, asyncpg.PostgresError) or what[:2] in ("08", "53", "57")
    return "the database does not answer; is it running, and is the URL right?" if away else None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="support-api")
def main() -> None:
    """Support API: what a municipality's case system has no place for, led by the resident."""


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@_DATA_DIR
@click.option("--reset", "anew", is_flag=True, help="Throw the demo in that folder away first.")
@clear
def demo(port: int, data_dir: Path, anew: bool) -> None:
    """Start everything with fictional people: PostgreSQL, data and the service."""
    runner = Demo(data_dir, port, lambda line: click.echo(line))
    try:
        sys.exit(runner.run(anew=anew))
    except KeyboardInterrupt:
        sys.exit(0)


@main.command()
@clear
def serve() -> None:
    """Serve the API. Needs SUPPORT_API_DATABASE_URL, a keyring and issuers (docs/running.md)."""
    _serve("support_api.app:serving")


@main.command("serve-demo", hidden=True)
@clear
def serve_demo() -> None:
    """The server of `support-api demo`, which starts it: the API, and `/demo` beside it."""
    _serve("support_api.demo.app:serving")


def _serve(app: str) -> None:
    settings = read_settings()
    settings.url("database"), settings.ring(), settings.trusted_issuers()
    _require_free(settings)
    asyncio.run(_refuse_foreign_demo(settings))
    from support_api.server import serve_until_told

    serve_until_told(settings, app)


@main.command()
@clear
def migrate() -> None:
    """Bring the database and the key store up to date. Needs SUPPORT_API_MIGRATE_DATABASE_URL."""
    settings = read_settings()
    main_url, keys_url = settings.url("migrate_database"), settings.url("migrate_keys_database")
    migrations.upgrade(main_url, keys_url, datetime.now(UTC).date())
    click.echo("up to date")


@main.command()
@click.option("--as", "name", help="Whom to be; --list shows who there is.")
@click.option("--list", "listing", is_flag=True, help="Show the people of the demo.")
@click.option("--json", "as_json", is_flag=True, help="With --list: as JSON.")
@_DATA_DIR
@clear
def token(name: str | None, listing: bool, as_json: bool, data_dir: Path) -> None:
    """Print a bearer token of the demo and nothing else."""
    people = read_people(data_dir)
    if listing:
        click.echo(_listed(people, as_json))
        return
    person = next((each for each in people if each.name == name), None)
    if person is None:
        known = ", ".join(each.name for each in people)
        raise click.UsageError(f"say whom to be: --as NAME, one of {known}" if name is None else f"one of: {known}")
    click.echo(read_issuer(data_dir).token(access_claims(person)))


@main.command()
@click.option("--forward", metavar="30d", help="Move it ahead by so much more: 30d, 12h, 90m or 2w.")
@click.option("--reset", "back", is_flag=True, help="Back to real time.")
@_DATA_DIR
@clear
def clock(forward: str | None, back: bool, data_dir: Path) -> None:
    """Show or move the clock of the demo, and of nothing else."""
    read_people(data_dir)
    if back and forward is not None:
        raise click.UsageError("either --forward or --reset")
    moved = Clock(data_dir)
    if back:
        moved.reset()
    if forward is not None:
        moved.forward(duration(forward))
    ahead = moved.ahead()
    click.echo(f"{shown(moved)['now']}  {f'{ahead} ahead of real time' if ahead else 'real time'}")


def _listed(people: list[Any], as_json: bool) -> str:
    if not as_json:
        return "\n".join(f"{each.name:12} {each.role:16} {each.municipality}" for each in people)
    return json.dumps([public(each) for each in people], indent=2)


@main.command()
@clear
def openapi() -> None:
    """Print the contract as YAML."""
    from support_api.app import OPERATIONS

    click.echo(contract.as_yaml(OPERATIONS), nl=False)


@main.command()
@clear
def glossary() -> None:
    """Print the words of the contract as a page."""
    from support_api.app import OPERATIONS

    click.echo(wordlist.as_markdown(contract.document(OPERATIONS)), nl=False)


@main.command()
def keyring() -> None:
    """Print a new keyring: the keys around everybody's data keys. Keep it secret, and never lose it."""
    click.echo(make_keyring())


@main.group()
def municipality() -> None:
    """Set up municipalities."""


@municipality.command("add")
@click.argument("code")
@click.argument("name")
@clear
def municipality_add(code: str, name: str) -> None:
    """Add a municipality and print its id: the value of the tokens' municipality claim."""
    new = setup.municipality_id(code)

    async def add(database: Database) -> None:
        async with database.transaction(new) as tx:
            await setup.add_municipality(tx, code, name, datetime.now(UTC))

    _set_up(add)
    click.echo(str(new))


@main.group()
def client() -> None:
    """Register clients: front ends and systems."""


@client.command("add")
@click.option("--municipality", "municipality_id", type=click.UUID, required=True)
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    nargs=3,
    metavar="CODE URI BASIS",
    help="A purpose, its processing activity (URI) and its legal basis. May be given more than once.",
)
@click.option(
    "--special",
    "special",
    multiple=True,
    nargs=2,
    metavar="CODE EXCEPTION",
    help="For a purpose: the exception of GDPR art. 9 and 10 on which it touches special categories of data. Without"
    " one, nothing that residents tell is shown for it.",
)
@click.option(
    "--only",
    "only",
    multiple=True,
    nargs=2,
    metavar="CODE CATEGORY",
    help="For a purpose: only these kinds of what residents tell. May be given more than once; never given: all.",
)
@click.argument("client_id")
@click.argument("name")
@clear
def client_add(
    municipality_id: UUID,
    purposes: tuple[tuple[str, str, str], ...],
    special: tuple[tuple[str, str], ...],
    only: tuple[tuple[str, str], ...],
    client_id: str,
    name: str,
) -> None:
    """Register CLIENT_ID (the client_id of its tokens) and what it may process for which purpose."""
    try:
        used = setup.activities(purposes, special, only)
    except ValueError as mistake:
        raise click.UsageError(str(mistake)) from None

    async def add(database: Database) -> None:
        async with database.transaction(municipality_id) as tx:
            await setup.add_client(tx, client_id, name, used, datetime.now(UTC))

    _set_up(add)
    click.echo(client_id)


@main.group()
def worker() -> None:
    """Register workers."""


@worker.command("add")
@click.option("--municipality", "municipality_id", type=click.UUID, required=True)
@click.option("--issuer", required=True, help="Issuer of the worker's tokens, or its subject_namespace if it has one.")
@click.option("--subject", required=True, help="Subject (sub) of the worker's tokens.")
@click.option(
    "--role",
    type=click.Choice([Role.WORKER.value, Role.TEAM_LEAD.value, Role.PRIVACY_OFFICER.value]),
    default=Role.WORKER.value,
    show_default=True,
)
@click.option("--function", default="consulent", show_default=True, help="As residents read it.")
@click.option("--unit", default=None, help="Team or unit, as residents read it.")
@click.argument("name")
@clear
def worker_add(
    municipality_id: UUID, issuer: str, subject: str, role: str, function: str, unit: str | None, name: str
) -> None:
    """Add a worker by NAME and print the worker's id."""
    made: list[UUID] = []

    async def add(database: Database) -> None:
        async with database.transaction(municipality_id) as tx:
            hashed = subject_hash(tx.keys, municipality_id, issuer, subject)
            person = await setup.add_worker(tx, name, function, unit, Role(role), hashed, datetime.now(UTC))
            made.append(person.id)

    _set_up(add)
    click.echo(str(made[0]))


def _set_up(use: Callable[[Database], Coroutine[Any, Any, None]]) -> None:
    settings = read_settings()

    async def run() -> None:
        pool = await open_pool(settings.url("migrate_database"), size=2)
        key_pool = await open_pool(settings.url("keys_database"), size=2)
        try:
            await use(Database(pool, KeyRing(key_pool, StaticKeys(*settings.ring()))))
        finally:
            await pool.close()
            await key_pool.close()

    asyncio.run(run())


def _require_free(settings: Settings) -> None:
    """The server would share the port with whoever listens there (SO_REUSEPORT), and get half of the requests."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except (OSError, OverflowError):
            taken = f"{settings.host}:{settings.port}"
            raise SettingsError(f"SUPPORT_API_HOST and SUPPORT_API_PORT: {taken} is not free") from None


async def _refuse_foreign_demo(settings: Settings) -> None:
    from support_api.app import refuse_foreign_demo_issuer

    pool = await open_pool(settings.url("database"), size=1)
    try:
        await refuse_foreign_demo_issuer(pool, settings.trusted_issuers())
    finally:
        await pool.close()


def run() -> None:
    """A mistake of ours ends in one line too, since its message may repeat what was given."""
    logs.configure()
    main()


if __name__ == "__main__":
    run()
