"""What several tests need first: residents, log-ins, relationships, and a look at all that was stored."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from support_api.db import directory, order, store
from support_api.db.tx import Tx
from support_api.demo.issuer import ISSUER
from support_api.domain.access import Access
from support_api.domain.resource import Resource, T
from support_api.domain.vocabulary import Role
from support_api.http.auth import subject_hash
from tests.conftest import World

UNKNOWN = "0199aaaa-0000-7000-8000-00000000dead"
# One trace id makes one request id: two answers can then be compared to the byte.
TRACE = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
MINIMAL = {"callName": "Guusje", "contactPreferences": [{"channel": "letter"}]}


def as_bytes(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a caller can tell two answers apart by."""
    return answer.status_code, answer.content, sorted(answer.headers.items())


class PlainHasher:
    """For a verifier of tokens without a key store."""

    def hash(self, label: str, municipality_id: object, value: bytes) -> bytes:
        return f"{label}{municipality_id}".encode() + value


async def worker_id(world: World, login: str) -> str:
    """Of somebody of the demo; `w1` to `w4` are Fien's earlier workers, who have no token of their own here."""
    known = login in world.cluster.people
    answer = await world.get(login if known else "teun", "/v1/me", claims={} if known else {"sub": login})
    return str(answer.json()["workerId"])


async def new_resident(world: World, by: str = "greet", **said: Any) -> str:
    """The path of a resident who was just recorded."""
    answer = await world.post(by, "/v1/residents", {**MINIMAL, **said})
    assert answer.status_code == 201, answer.text
    return f"/v1/residents/{answer.json()['id']}"


async def log_in(world: World, login: str, path: str, issuer: str = ISSUER) -> dict[str, str]:
    """The claims with which this resident of Voorbeeldstad calls; sent along with Fien's token."""
    municipality = UUID(world.person("fien").municipality_id)
    resident = UUID(path.rsplit("/", 1)[-1])
    async with world.database() as database, database.transaction(municipality) as tx:
        person = await directory.person_of_resident(tx, resident)
        subject = subject_hash(tx.keys, municipality, issuer, login)
        await directory.add_identity(tx, subject, Role.RESIDENT, person, resident, datetime.now(UTC))
    return {"sub": login}


async def log_in_worker(world: World, login: str, worker: str, issuer: str) -> None:
    """The same for a worker of Voorbeeldstad, by id."""
    municipality = UUID(world.person("teun").municipality_id)
    [row] = await world.sql("select owner_id from support.workers where id = $1", UUID(worker))
    async with world.database() as database, database.transaction(municipality) as tx:
        subject = subject_hash(tx.keys, municipality, issuer, login)
        await directory.add_identity(tx, subject, Role.WORKER, row["owner_id"], UUID(worker), datetime.now(UTC))


async def added(tx: Tx, access: Access, res: Resource[T], item: T) -> T:
    """Straight into the store, in turn."""
    await order.line_up(tx, access.resident_id)
    return await store.add(tx, access, res, item)


async def give_to_system(world: World, path: str = "", **caller: Any) -> dict[str, Any]:
    """A consent to the case system for one item of a portrait that nobody else reads: Fien's, or of who else calls."""
    path = path or world.fien
    system = (await world.get("zaaksysteem", "/v1/me")).json()["systemId"]
    item = {"kind": "joy", "text": "Soep op zondag.", "visibility": "custom"}
    made = (await world.post("fien", f"{path}/portrait-items", item, **caller)).json()
    body = {
        "decision": "permit",
        "party": {"type": "system", "id": system},
        "categories": ["portrait"],
        "onlyItems": [made["id"]],
    }
    answer = await world.post("fien", f"{path}/consents", body, **caller)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def recalled(world: World, path: str = "", **caller: Any) -> dict[str, Any]:
    """What the withdrawal of that consent answers, after the system has read."""
    path = path or world.fien
    consent = await give_to_system(world, path, **caller)
    read = await world.get("zaaksysteem", f"{path}/portrait-items")
    assert read.json()["results"], read.text
    return dict((await world.post("fien", f"{path}/consents/{consent['id']}/_withdraw", **caller)).json())


async def start(world: World, path: str, worker: str, by: str = "greet", **said: Any) -> httpx.Response:
    """Assigns a worker (by id) to a resident (by path); `claims` and the rest of the body as said."""
    claims = said.pop("claims", None)
    body = {"workerId": worker, "duties": ["supports"], "function": "consulent", **said}
    return await world.post(by, f"{path}/working-relationships", body, claims=claims)


async def end(world: World, path: str, relationship: str, **kwargs: Any) -> httpx.Response:
    return await world.post(
        "greet", f"{path}/working-relationships/{relationship}/_end", {"reason": "handover"}, **kwargs
    )


async def allow_every_purpose(world: World) -> None:
    """Registers the workplace for all purposes; to be done before a test's first call, which reads the register."""
    await world.sql(
        "insert into support.processing_activities (municipality_id, client_id, purpose, activity, legal_basis,"
        " special_basis)"
        " select municipality_id, id, purpose, 'https://register.voorbeeldstad.example/x', 'Wmo 2015', 'AVG, art. 9'"
        " from support.clients, unnest($1::text[]) as purpose where client_id = 'werkplek-voorbeeld'"
        " on conflict do nothing",
        ["support", "indication", "benefit_execution", "debt_support", "enforcement"],
    )


async def stored(world: World) -> str:
    """Every row of every table, as text: to see that something is nowhere in it."""
    tables = await world.sql("select tablename from pg_tables where schemaname = 'support' order by 1")
    rows = [await world.sql(f"select to_jsonb(t)::text from support.{each['tablename']} t") for each in tables]
    return "\n".join(row[0] for found in rows for row in found)


def holds(text: str, value: str) -> bool:
    """Whether a value stands in it: as it is, as JSON writes it, or as the hexadecimal of its bytes."""
    forms = (value, json.dumps(value)[1:-1], value.encode().hex())
    return any(form in text for form in forms)


async def lines(world: World, path: str | None = None, **kwargs: Any) -> list[dict[str, Any]]:
    """What Fien reads of who looked, newest first."""
    answer = await world.get("fien", f"{path or world.fien}/access-log?limit=100", **kwargs)
    return list(answer.json()["results"])
