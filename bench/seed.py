"""Whom it is measured on: fictional residents, recorded, supported and telling through the API itself."""

import asyncio
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from bench.place import MIGRATOR, PLAIN, Place
from bench.yardstick import ADD, COLUMNS
from support_api.db import directory
from support_api.demo.issuer import ISSUER
from support_api.demo.load import Person
from support_api.domain.vocabulary import Role
from support_api.http.auth import subject_hash

_STORY = "Eerst viel het werk weg, toen het huis, en daarna belden de mensen niet meer. "
_KINDS = ("what_matters", "strength", "joy", "approach_tip", "hope")


@dataclass
class Resident:
    """`notes` and `relationship` are those that the worker Teun may read."""

    name: str
    id: str
    relationship: str
    notes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/residents/{self.id}"


def note(number: int) -> dict[str, Any]:
    """What a resident writes down: some 900 bytes, as far as anyone shares it."""
    return {
        "kind": "life_story",
        "title": f"Verhaal {number}",
        "shortVersion": "Na mijn ziekte is alles gaan schuiven. Ik heb het vaak genoeg verteld.",
        "fullText": _STORY * 4,
        "themes": ["poverty", "illness"],
        "whatHelps": ["Lees het eerst, begin dan over iets anders."],
        "doNotAskAgain": True,
    }


class Seed:
    def __init__(self, place: Place) -> None:
        self.place = place
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{place.ours.port}", timeout=10)
        self._teun = self._ask("teun", "GET", "/v1/me").json()["workerId"]

    def __enter__(self) -> "Seed":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def headers(self, name: str) -> dict[str, str]:
        sent = {"Authorization": f"Bearer {self.place.token(name)}"}
        return sent if self.place.people[name].role == "resident" else {**sent, "Processing-Purpose": "support"}

    def _ask(self, name: str, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = self.headers(name) | headers
        if method == "POST":
            sent["Idempotency-Key"] = uuid4().hex
        answer = self._client.request(method, path, json=body, headers=sent)
        if not answer.is_success:
            raise SystemExit(f"{method} {path} as {name}: {answer.status_code} {answer.text}")
        return answer

    def fien(self, notes: int, portrait: int) -> Resident:
        """The demo's Fien, with so many notes and portrait items that she shares, hers of the demo among them."""
        person = self.place.people["teun"]
        fien = Resident("fien", str(person.resident_id), str(person.working_relationship_id))
        have = [len(self._all("teun", f"{fien.path}/{kind}")) for kind in ("baggage-notes", "portrait-items")]
        self._tell(fien, max(0, notes - have[0]), max(0, portrait - have[1]))
        return self._ready(fien)

    def resident(self, name: str, notes: int = 0, portrait: int = 0) -> Resident:
        contact = [{"channel": "app", "note": "eerst appen"}]
        made = self._ask("greet", "POST", "/v1/residents", {"callName": name, "contactPreferences": contact}).json()
        relation = {"workerId": self._teun, "duties": ["supports"], "function": "consulent", "primary": True}
        path = f"/v1/residents/{made['id']}/working-relationships"
        started = self._ask("greet", "POST", path, relation).json()
        resident = Resident(name, made["id"], started["id"])
        asyncio.run(self._log_in(resident))
        self._tell(resident, notes, portrait)
        return self._ready(resident) if notes else resident

    async def _log_in(self, resident: Resident) -> None:
        person = self.place.people["fien"]
        town, id_ = UUID(person.municipality_id), UUID(resident.id)
        async with self.place.database(MIGRATOR) as database, database.transaction(town) as tx:
            subject = subject_hash(tx.keys, town, ISSUER, resident.name)
            owner = await directory.person_of_resident(tx, id_)
            await directory.add_identity(tx, subject, Role.RESIDENT, owner, id_, datetime.now(UTC))
        self.place.people[resident.name] = Person(
            resident.name, person.role, person.municipality, person.municipality_id, person.client_id, resident.id
        )

    def _tell(self, resident: Resident, notes: int, portrait: int) -> None:
        for number in range(notes):
            body = {**note(number), "visibility": "my_workers"}
            self._ask(resident.name, "POST", f"{resident.path}/baggage-notes", body)
        for number, kind in zip(range(portrait), itertools.cycle(_KINDS), strict=False):
            body = {"kind": kind, "text": f"Dat ik zondag zelf kan koken ({number}).", "visibility": "my_workers"}
            self._ask(resident.name, "POST", f"{resident.path}/portrait-items", body)

    def _ready(self, resident: Resident) -> Resident:
        """The resident approves the briefing; what Teun may read of the notes goes to the yardstick too."""
        briefing = f"{resident.path}/working-relationships/{resident.relationship}/briefing"
        seen = self._ask(resident.name, "GET", briefing)
        self._ask(resident.name, "POST", f"{briefing}/_approve", **{"If-Match": seen.headers["ETag"]})
        resident.notes = self._all("teun", f"{resident.path}/baggage-notes")
        asyncio.run(_copy(self.place, resident))
        return resident

    def _all(self, name: str, path: str) -> list[dict[str, Any]]:
        return list(self._ask(name, "GET", f"{path}?limit=100").json()["results"])


async def _copy(place: Place, resident: Resident) -> None:
    rows = [[_stored(column, resident, note) for column in COLUMNS] for note in resident.notes]
    async with place.connection(PLAIN) as connection:
        await connection.executemany(ADD.removesuffix(" returning *"), rows)


def _stored(column: str, resident: Resident, note: dict[str, Any]) -> Any:
    first, *rest = column.split("_")
    value = resident.id if column == "resident_id" else note[first + "".join(part.title() for part in rest)]
    return datetime.fromisoformat(value) if COLUMNS[column] == "timestamptz" else value


def settle(place: Place) -> None:
    """What autovacuum does within a minute on a server that runs longer than this."""

    async def run() -> None:
        for database in (PLAIN, "bench"):
            async with place.connection(database) as connection:
                await connection.execute("vacuum analyze")

    asyncio.run(run())
