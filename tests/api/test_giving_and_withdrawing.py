"""W8 from end to end: Petra Voorbeeld-Ongelukkig gives, refuses and withdraws (case 14 of the demo cases).

Three parties: the worker who is there now, the one before, and a registered system. After her withdrawal the next read
of each is refused, on every path.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.conftest import World
from tests.every_operation import KEPT
from tests.make import end, log_in, new_resident, start, worker_id

STORY, CRITIQUE, SOUP = "Na de brand had ik niets meer.", "Steeds weer een ander.", "Soep op zondag."


@dataclass
class Petra:
    """She, and what she told."""

    world: World
    path: str
    claims: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)
    bond: str = ""

    async def post(self, where: str, body: Any = None, **kwargs: Any) -> Any:
        answer = await self.world.post("fien", f"{self.path}/{where}", body, claims=self.claims, **kwargs)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, where: str) -> Any:
        answer = await self.world.get("fien", f"{self.path}/{where}", claims=self.claims)
        assert answer.is_success, answer.text
        return answer.json()

    async def give(self, **said: Any) -> Any:
        return await self.post("consents", {"decision": "permit", "categories": ["portrait"], **said})

    async def withdraw(self, consent: Any) -> Any:
        return await self.post(f"consents/{consent['id']}/_withdraw")


async def petra(world: World) -> Petra:
    path = await new_resident(world, callName="Petra", officialName="Petra Voorbeeld-Ongelukkig")
    she = Petra(world, path, await log_in(world, "petra-of-w8", path))
    before = (await start(world, path, await worker_id(world, "sanne"))).json()
    await end(world, path, before["id"])
    she.bond = (await start(world, path, await worker_id(world, "teun"))).json()["id"]
    for kind, text in (("life_story", STORY), ("system_critique", CRITIQUE)):
        note = await she.post("baggage-notes", {"kind": kind, "shortVersion": text, "visibility": "my_workers"})
        she.ids[text] = note["id"]
    she.ids[SOUP] = (await she.post("portrait-items", {"kind": "joy", "text": SOUP, "visibility": "custom"}))["id"]
    await she.post(f"working-relationships/{she.bond}/briefing/_approve", headers={"If-Match": await briefing_tag(she)})
    return she


async def briefing_tag(she: Petra) -> str:
    path = f"{she.path}/working-relationships/{she.bond}/briefing"
    return str((await she.world.get("fien", path, claims=she.claims)).headers["ETag"])


async def paths(she: Petra, name: str) -> dict[str, str]:
    """All that somebody gets on every path: item, list, count, search, briefing, home, consents."""
    world, found = she.world, {}
    places = {f"item {text}": f"{where(she, text)}/{each}" for text, each in she.ids.items()}
    places |= {f"list {kind}": f"{she.path}/{kind}?count=true" for kind in ("baggage-notes", "portrait-items")}
    places["resident"] = she.path
    places["consents"] = f"{she.path}/consents"
    places["briefing"] = f"{she.path}/working-relationships/{she.bond}/briefing"
    places["home"] = "/v1/home"
    places["working relationships"] = "/v1/working-relationships"
    for each, place in places.items():
        found[each] = (await world.get(name, place)).text
    search = {"system": "email", "value": "petra@voorbeeld.example", "fields": ["id", "callName"]}
    found["search"] = (await world.post(name, "/v1/residents/_search", search)).text
    return found


def where(she: Petra, text: str) -> str:
    return f"{she.path}/{'portrait-items' if text == SOUP else 'baggage-notes'}"


async def showing(she: Petra, name: str, *texts: str) -> set[str]:
    """The paths on which this party is shown any of these."""
    found = await paths(she, name)
    return {path for path, shown in found.items() if any(text in shown for text in texts)}


async def system(world: World) -> dict[str, str]:
    person = world.person("zaaksysteem")
    registered = "select id from support.clients where client_id = $1 and municipality_id = $2"
    [row] = await world.sql(registered, person.client_id, UUID(person.municipality_id))
    return {"type": "system", "id": str(row["id"])}


async def recalls(she: Petra) -> list[Any]:
    """What the system is asked back of hers."""
    found = (await she.world.get("zaaksysteem", "/v1/recalls")).json()["results"]
    return [each for each in found if each["residentId"] == she.path.rsplit("/", 1)[1]]


async def test_she_withdraws_everything_and_the_next_read_of_each_party_is_refused(world: World) -> None:
    she = await petra(world)
    given = await she.give(party=await system(world), onlyItems=[she.ids[SOUP]], how="spoken_played_back")
    assert given["receipt"]["inPlainDutch"].startswith("Zaaksysteem Voorbeeld mag dit lezen: portret")

    assert {"list baggage-notes", "briefing"} <= await showing(she, "teun", STORY, CRITIQUE)
    assert await showing(she, "sanne", STORY, CRITIQUE, SOUP) == set(), "who left reads nothing"
    assert await showing(she, "zaaksysteem", SOUP) == {f"item {SOUP}", "list portrait-items"}

    reports = [await she.withdraw(each) for each in (await she.get("consents?status=active&limit=100"))["results"]]

    for name in ("teun", "sanne", "zaaksysteem"):
        assert await showing(she, name, STORY, CRITIQUE, SOUP) == set(), name
    counted = (await world.get("teun", f"{she.path}/baggage-notes?count=true")).json()
    assert (counted["results"], counted["count"]) == ([], 0)
    for report in reports:
        assert report["effect"]["stoppedNow"][0]["party"]["name"]
        assert report["effect"]["consequencesForYou"] == "geen"
        assert len(report["effect"]["staysBecause"]) == 3
    assert she.bond in {each for report in reports for each in report["effect"]["reRendered"]}
    assert STORY in str(await she.get("baggage-notes")), "what is hers stays hers (INV-22)"


async def test_the_system_answers_what_it_did_and_she_reads_that(world: World) -> None:
    she = await petra(world)
    given = await she.give(party=await system(world), onlyItems=[she.ids[SOUP]])
    await world.get("zaaksysteem", f"{she.path}/portrait-items")
    [asked] = (await she.withdraw(given))["effect"]["recalled"]
    assert (asked["party"]["name"], asked["items"]) == ("Zaaksysteem Voorbeeld", 1)
    [mine] = await recalls(she)
    assert SOUP not in str(mine)
    await world.post("zaaksysteem", f"/v1/recalls/{mine['id']}/_answer", KEPT)
    assert (await she.get(f"consents/{given['id']}"))["recall"]["reason"] == KEPT["reason"]
    events = [each["event"] for each in (await she.get(f"consents/{given['id']}/receipts"))["results"]]
    assert events == ["given", "withdrawn"]


async def test_what_she_gave_for_a_while_ends_by_itself_and_asks_nobody_back(world: World) -> None:
    she = await petra(world)
    given = await she.give(party=await system(world), onlyItems=[she.ids[SOUP]])
    assert SOUP in (await world.get("zaaksysteem", f"{she.path}/portrait-items")).text
    ended = "update support.consents set valid_until = clock_timestamp() where id = $1"
    await world.sql(ended, UUID(given["id"]))
    assert (await world.get("zaaksysteem", f"{she.path}/portrait-items")).status_code == 404
    read = await she.get(f"consents/{given['id']}")
    assert (read["status"], read["recall"]) == ("expired", None)
    assert await recalls(she) == []


async def test_her_no_is_kept_and_is_one_call_like_her_yes(world: World) -> None:
    she = await petra(world)
    no = await she.give(decision="deny", party={"type": "my_workers"}, categories=["life_story_short"])
    assert (no["status"], no["receipt"]["event"]) == ("declined", "declined")
    assert await showing(she, "teun", STORY) == set()
    assert await showing(she, "teun", CRITIQUE), "the rest is as it was"


async def test_a_path_that_forgets_the_decision_is_noticed(world: World) -> None:
    """Positive control: what one permit still opens is found, on each path that has it."""
    she = await petra(world)
    for each in (await she.get("consents?status=active&limit=100"))["results"]:
        if she.ids[CRITIQUE] not in each["onlyItems"]:
            await she.withdraw(each)
    found = await showing(she, "teun", STORY, CRITIQUE, SOUP)
    assert found == {f"item {CRITIQUE}", "list baggage-notes", "briefing"}
