"""docs/running.md says what the code does: every setting, claim, scope and limit, and no other."""

import json
import re
from enum import Enum
from typing import Any

import jwt
import pytest
from pydantic import BaseModel

from support_api import processes
from support_api.db import migrate, tx
from support_api.db.keys import StaticKeys
from support_api.db.sealing import Unreadable
from support_api.domain.vocabulary import Role, Scope
from support_api.http import auth, bodies, edge, shell
from support_api.http.problems import KINDS
from support_api.settings import Settings, make_keyring
from tests.conftest import World
from tests.deploy.made_tables import rows, written
from tests.deploy.running_page import PAGE, ROOT, section, table


def test_the_tables_are_made_from_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "run `make tables`"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"^\| `SUPPORT_API_POOLER`.*\n", ""),
        (r"^\| `SUPPORT_API_POOLER`", "| `SUPPORT_API_POOL`"),
        (r"(?<=SUPPORT_API_WORKERS` \| )`2`", "`4`"),
        (r"(?<=SUPPORT_API_WORKERS` \| `2` \|).*$", " |"),
        (r"(?<=max_lifetime_seconds` \| )`900`", "`600`"),
        (r"^\| `support_api_workers`.*\n", ""),
    ],
)
def test_a_page_that_is_behind_is_found_and_mended(old: str, new: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, flags=re.M)
    assert changed != text
    assert written(changed) == text


def test_a_setting_without_a_meaning_is_refused() -> None:
    class Careless(BaseModel):
        some: int = 1

    with pytest.raises(ValueError, match="some: say in its description"):
        rows(Careless, "field", "")
    with pytest.raises(LookupError):
        written(PAGE.read_text(encoding="utf-8").replace("<!-- issuers", "<!-- others"))


def terms(title: str, kind: type[Enum]) -> bool:
    return table(title) == {each.value: each.dutch for each in kind}  # type: ignore[attr-defined]


def test_the_page_has_every_scope_and_role() -> None:
    assert terms("Scopes", Scope)
    assert not terms("Scopes", Role)
    roles = re.search(r"^Roles: (.*)\.$", section("Claims"), re.M)
    assert roles is not None
    assert roles[1].split(", ") == [f"`{role.value}`" for role in Role]


@pytest.mark.parametrize("claim", table("Claims"))
async def test_a_token_without_a_claim_is_refused_as_the_page_says(world: World, claim: str) -> None:
    status = await _status(world, without=claim)
    assert status == int(table("Claims")[claim])
    assert await _status(world, without=None) == 200


async def _status(world: World, without: str | None) -> int:
    claims = jwt.decode(world.token("teun"), options={"verify_signature": False})
    claims.pop(without or "", None)
    issuer = world.cluster.issuer
    token = jwt.encode(claims, issuer._key, "ES256", headers={"typ": "at+jwt", "kid": issuer.thumbprint})
    answer = await world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


def test_the_claims_on_the_page_are_those_of_a_token(world: World) -> None:
    claims: dict[str, Any] = jwt.decode(world.token("teun"), options={"verify_signature": False})
    assert set(table("Claims")) == set(claims)


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    said = {name: re.findall(r"[\d,]+", value) for name, value in table("Limits of a request").items()}
    numbers = {name: [int(number.replace(",", "")) for number in found] for name, found in said.items()}
    assert numbers == {
        "body": [bodies.LONGEST_BODY],
        "path": [shell._LONGEST_PATH],
        "query": [shell._LONGEST_QUERY],
        "headers": [shell._MOST_HEADERS, shell._LONGEST_HEADERS],
        "token": [auth.LONGEST_TOKEN],
    }
    assert {kind: int(status) for kind, status in table("Limits of a request", column=2).items()} == {
        "body": KINDS["too_large"].status,
        "path": KINDS["uri_too_long"].status,
        "query": KINDS["uri_too_long"].status,
        "headers": KINDS["headers_too_large"].status,
        "token": KINDS["unauthorized"].status,
    }
    assert f"for the next {migrate.MONTHS_AHEAD};" in section("Migrations and upgrades")
    assert f"for at most {processes.GRACE_SECONDS} seconds" in section("Stopping")


def test_the_time_budgets_on_the_page_are_those_of_the_code() -> None:
    said = [int(re.findall(r"\d+", value)[0]) for value in table("Time budgets").values()]
    assert said == [
        _number(r"header_read_timeout=(\w+)", "server.py") // 1000,
        bodies.BODY_SECONDS,
        edge.REQUEST_SECONDS,
        _number(r"'statement_timeout','(\d+)s'", "db/tx.py"),
        _number(r"'lock_timeout','(\d+)s'", "db/tx.py"),
        tx._ACQUIRE_SECONDS,
    ]


def absent(text: str) -> list[str]:
    """What the page says of the nginx file, and is not in there to the letter."""
    cells = table("Behind a reverse proxy", text, column=2).values()
    parts = [part for cell in cells for part in re.findall(r"`([^`]+)`", cell)]
    assert len(parts) > 20
    file = (ROOT / "deploy/nginx/support-api.conf").read_text(encoding="utf-8")
    return [part for part in parts if part not in file]


def test_the_nginx_file_does_what_the_page_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert absent(text) == []
    assert absent(text.replace("`merge_slashes off;`", "`merge_slashes on;`")) == ["merge_slashes on;"]


def _number(pattern: str, module: str) -> int:
    found = re.search(pattern, (ROOT / "src/support_api" / module).read_text())
    assert found is not None, f"{module} no longer has {pattern}"
    return int(found[1].replace("_", ""))


def test_the_connections_on_the_page_are_those_of_the_defaults() -> None:
    defaults = {name: Settings.model_fields[name].default for name in ("workers", "pool_size")}
    assert f"{defaults['workers'] * (defaults['pool_size'] + 2)} with the defaults" in section("Configuration")


def test_a_new_wrapping_key_is_brought_in_as_the_page_says() -> None:
    """Old data keys still open, new ones are wrapped with the new key; without the old one they would not open."""
    old = json.loads(make_keyring())
    current, wrapped = StaticKeys(*Settings(keyring=json.dumps(old)).ring()).wrap(b"x" * 32, b"place")
    new = {**old, "current": "k2", "wrapping": {**old["wrapping"], "k2": json.loads(make_keyring())["wrapping"]["k1"]}}
    keys = StaticKeys(*Settings(keyring=json.dumps(new)).ring())
    assert keys.unwrap(current, wrapped, b"place") == b"x" * 32
    assert keys.wrap(b"y" * 32, b"place")[0] == "k2"
    del new["wrapping"]["k1"]
    with pytest.raises(Unreadable):
        StaticKeys(*Settings(keyring=json.dumps(new)).ring()).unwrap(current, wrapped, b"place")
