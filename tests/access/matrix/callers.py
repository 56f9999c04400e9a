"""The columns of the table: everybody who could call about Fien, and how a test is one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from support_api.demo.issuer import ISSUER
from support_api.domain.register import Activity
from support_api.domain.vocabulary import Purpose, Role
from support_api.http.auth import subject_hash
from support_api.services import setup
from tests.conftest import MIGRATOR, World
from tests.make import log_in, new_resident, start

SPECIAL = "AVG, art. 9 lid 2 onder h"


@dataclass(frozen=True)
class Column:
    """`name` as the demo knows whom the token is of; `login` changes it, and `role` is who that is."""

    heading: str
    dutch: str
    role: Role
    name: str
    login: str = ""
    purpose: str = "support"


COLUMNS = (
    Column("resident", "de inwoner zelf", Role.RESIDENT, "fien"),
    Column("other resident", "een andere inwoner", Role.RESIDENT, "fien", "guusje"),
    Column("supports", "medewerker die begeleidt", Role.WORKER, "teun"),
    Column("stands in", "medewerker die waarneemt", Role.WORKER, "teun", "waarneming"),
    Column("supported", "medewerker die begeleidde", Role.WORKER, "sanne"),
    Column("other duty", "medewerker met een andere taak, voor begeleiding", Role.WORKER, "teun", "indicatie"),
    Column("no relation", "medewerker zonder werkrelatie", Role.WORKER, "teun", "onbekend"),
    Column("emergency", "medewerker die zich in nood toegang gaf", Role.WORKER, "teun", "nood", "emergency"),
    Column("elsewhere", "medewerker van een andere gemeente", Role.WORKER, "noor"),
    Column("team lead", "teamleider", Role.TEAM_LEAD, "greet"),
    Column("privacy officer", "functionaris gegevensbescherming", Role.PRIVACY_OFFICER, "pim"),
    Column("system", "systeem zonder toestemming", Role.EXTERNAL_SYSTEM, "zaaksysteem"),
    Column("system, permitted", "systeem met toestemming voor portret", Role.EXTERNAL_SYSTEM, "zaaksysteem", "client"),
)


@dataclass
class Callers:
    """Everybody of the columns, in one world."""

    claims: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, column: Column) -> dict[str, Any]:
        return self.claims.get(column.login, {})


async def arrive(world: World) -> Callers:
    """Before the first call of the world: the service keeps the register for five seconds."""
    municipality = UUID(world.person("fien").municipality_id)
    async with world.database(MIGRATOR) as database, database.transaction(municipality) as tx:
        activity = {Purpose.SUPPORT: Activity("https://register.example/1", "Wmo 2015", special_basis=SPECIAL)}
        client = await setup.add_client(tx, "systeem-van-de-tabel", "Systeem van de tabel", activity, datetime.now(UTC))
        workers = {}
        for login in ("indicatie", "onbekend", "waarneming", "nood"):
            subject = subject_hash(tx.keys, municipality, ISSUER, login)
            made = await setup.add_worker(tx, "Bas Bedacht", "consulent", None, Role.WORKER, subject, datetime.now(UTC))
            workers[login] = str(made.id)
    assert (await start(world, world.fien, workers["indicatie"], duties=["indicates"])).status_code == 201
    await _stand_in(world, workers["waarneming"])
    opened = await world.post(
        "teun",
        f"{world.fien}/emergency-access",
        {"reason": "Neemt niet op."},
        claims={"sub": "nood"},
        headers={"Processing-Purpose": "emergency"},
    )
    assert opened.status_code == 201, opened.text
    permit = {"decision": "permit", "party": {"type": "system", "id": str(client)}, "categories": ["portrait"]}
    assert (await world.post("fien", f"{world.fien}/consents", permit)).status_code == 201
    return Callers(
        {
            "guusje": await log_in(world, "guusje", await new_resident(world)),
            "indicatie": {"sub": "indicatie"},
            "onbekend": {"sub": "onbekend"},
            "waarneming": {"sub": "waarneming"},
            "nood": {"sub": "nood"},
            "client": {"client_id": "systeem-van-de-tabel", "sub": "systeem-van-de-tabel"},
        }
    )


async def _stand_in(world: World, worker: str) -> None:
    """For Teun, for a week."""
    relationship = world.person("teun").working_relationship_id
    body = {"workerId": worker, "until": (datetime.now(UTC) + timedelta(days=7)).isoformat()}
    answer = await world.post("greet", f"{world.fien}/working-relationships/{relationship}/covers", body)
    assert answer.status_code == 201, answer.text
