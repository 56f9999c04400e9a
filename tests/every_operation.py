"""A good request for each operation of the contract, so that a test of all of them need not know any of them.

`good` makes what the request needs (a note that awaits its confirmation, a consent to withdraw) anew each time, and
sends nothing of the request itself. An operation without a recipe here fails the suite.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from support_api.app import OPERATIONS
from support_api.http.operations import Operation
from tests.conftest import World
from tests.make import MINIMAL, end, new_resident, recalled, start, worker_id

BY_NAME = {operation.name: operation for operation in OPERATIONS}
NAMES = list(BY_NAME)
CREATING = [operation.name for operation in OPERATIONS if operation.creates]
KEYED = [operation.name for operation in OPERATIONS if operation.keyed]
CONDITIONAL = [operation.name for operation in OPERATIONS if operation.conditional]
WITH_BODY = [operation.name for operation in OPERATIONS if operation.body]
PAGED = [operation.name for operation in OPERATIONS if operation.query]


@dataclass(frozen=True)
class Good:
    """A request that is right in every way: who calls (by the demo's name), where, with what."""

    operation: Operation
    name: str
    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.operation.method

    def sent(self, world: World) -> dict[str, str]:
        """All headers, as a careful client sends them."""
        found = {"Authorization": f"Bearer {world.token(self.name)}", **self.headers}
        if world.person(self.name).role != "resident":
            found.setdefault("Processing-Purpose", "support")
        if self.body is not None:
            found["Content-Type"] = self.operation.media_types[0]
        if self.operation.keyed:
            found["Idempotency-Key"] = uuid4().hex
        return found

    @property
    def content(self) -> bytes | None:
        return None if self.body is None else json.dumps(self.body).encode()

    async def send(self, world: World, **changes: str) -> httpx.Response:
        """`changes` to the headers; an empty one leaves a header out."""
        headers = {name: value for name, value in {**self.sent(world), **changes}.items() if value}
        return await world.client.request(self.method, self.path, content=self.content, headers=headers)

    def but(self, **changes: Any) -> "Good":
        return replace(self, **changes)


async def good(world: World, name: str) -> Good:
    """Of the operation by that name. Answers `operation.status` when it is sent."""
    operation = BY_NAME[name]
    return await RECIPES[name](world, operation)


Recipe = Callable[[World, Operation], Awaitable[Good]]


def _simple(name: str, path: str, body: Any = None) -> Recipe:
    """`{fien}` in the path is Fien's; `{teun}` the id of Teun as a worker, `{work}` of his relationship with her."""

    async def make(world: World, operation: Operation) -> Good:
        ids = {"fien": world.fien, "work": world.person("teun").working_relationship_id}
        if "{teun}" in path:
            ids["teun"] = await worker_id(world, "teun")
        return Good(operation, name, path.format(**ids), body)

    return make


def _of_item(where: str, said: dict[str, Any], body: Any = None, command: str = "", by: str = "fien") -> Recipe:
    """On an item of Fien's that was just added by `by`."""

    async def make(world: World, operation: Operation) -> Good:
        made = await world.post(by, f"{world.fien}/{where}", said)
        assert made.status_code == 201, made.text
        headers = {"If-Match": made.headers["ETag"]} if operation.conditional else {}
        return Good(
            operation, "fien", made.headers["Location"].removeprefix("http://testserver") + command, body, headers
        )

    return make


def _of_briefing(command: str = "", body: Any = None) -> Recipe:
    """On the briefing for a worker who was just assigned to Fien."""

    async def make(world: World, operation: Operation) -> Good:
        path = f"{world.fien}/working-relationships/{await _assigned(world, world.fien)}/briefing"
        headers = {}
        if operation.conditional:
            headers["If-Match"] = (await world.get("fien", path)).headers["ETag"]
        return Good(operation, "fien", path + command, body, headers)

    return make


async def _assigned(world: World, resident: str) -> str:
    """A working relationship that was just started; the one that this worker had before is ended first."""
    worker = await worker_id(world, "w1")
    link: str | None = f"{resident}/working-relationships?limit=100"
    while link:
        page = (await world.get("greet", link)).json()
        link = page["next"] and page["next"].removeprefix("http://testserver")
        for each in page["results"]:
            if each["workerId"] == worker and each["endedAt"] is None:
                await end(world, resident, each["id"])
    answer = await start(world, resident, worker)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _own_record(world: World, operation: Operation) -> Good:
    read = await world.get("fien", world.fien)
    return Good(operation, "fien", world.fien, {"addressAs": "je"}, {"If-Match": read.headers["ETag"]})


async def _start(world: World, operation: Operation) -> Good:
    path = f"{await new_resident(world)}/working-relationships"
    body = {"workerId": await worker_id(world, "teun"), "duties": ["supports"], "function": "consulent"}
    return Good(operation, "greet", path, body)


async def _end(world: World, operation: Operation) -> Good:
    resident = await new_resident(world)
    path = f"{resident}/working-relationships/{await _assigned(world, resident)}/_end"
    return Good(operation, "greet", path, {"reason": "handover"})


async def _receipt(world: World, operation: Operation) -> Good:
    made = (await world.post("fien", f"{world.fien}/consents", YES)).json()
    return Good(operation, "fien", f"{world.fien}/consents/{made['id']}/receipts/{made['receipt']['id']}")


async def _recall(world: World, operation: Operation) -> Good:
    recall = (await recalled(world))["consent"]["recall"]
    path = f"/v1/recalls/{recall['id']}"
    if operation.body is None:
        return Good(operation, "zaaksysteem", path)
    return Good(operation, "zaaksysteem", f"{path}/_answer", KEPT)


async def _covering(world: World, operation: Operation) -> Good:
    """Of the worker who was just assigned to somebody new."""
    place = f"{world.fien}/working-relationships/{await _assigned(world, world.fien)}/covers"
    until = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    return Good(operation, "greet", place, {"workerId": await worker_id(world, "w3"), "until": until})


def _covered(name: str, command: str = "") -> Recipe:
    async def make(world: World, operation: Operation) -> Good:
        started = await (await _covering(world, BY_NAME["startCover"])).send(world)
        path = started.headers["Location"].removeprefix("http://testserver")
        return Good(operation, name, path + command)

    return make


async def _opening(world: World, operation: Operation) -> Good:
    """By Sanne, who does not work with Fien any more."""
    purpose = {"Processing-Purpose": "emergency"}
    return Good(operation, "sanne", f"{world.fien}/emergency-access", {"reason": "Ze neemt niet op."}, purpose)


def _opened(name: str, command: str = "", body: Any = None) -> Recipe:
    async def make(world: World, operation: Operation) -> Good:
        opened = await (await _opening(world, BY_NAME["startEmergencyAccess"])).send(world)
        return Good(operation, name, f"{world.fien}/emergency-access/{opened.json()['id']}{command}", body)

    return make


KEPT = {"answer": "kept_with_legal_basis", "legalBasis": "Archiefwet 1995", "reason": "Het staat in een besluit."}
SOUP = {"kind": "joy", "text": "Soep."}
STORY = {"kind": "life_story", "shortVersion": "Na mijn ziekte is alles gaan schuiven."}
YES = {"decision": "permit", "party": {"type": "my_workers"}, "categories": ["portrait"]}
PROPOSED = {**YES, "how": "spoken_played_back"}
SEARCH = {"system": "bsn", "value": "999990019", "fields": ["id", "callName"]}

RECIPES: dict[str, Recipe] = {
    "getMe": _simple("teun", "/v1/me"),
    "getHome": _simple("fien", "/v1/home"),
    "listWorkers": _simple("teun", "/v1/workers"),
    "getWorker": _simple("teun", "/v1/workers/{teun}"),
    "createResident": _simple("greet", "/v1/residents", MINIMAL),
    "getResident": _simple("fien", "{fien}"),
    "changeResident": _own_record,
    "searchResidents": _simple("teun", "/v1/residents/_search", SEARCH),
    "startWorkingRelationship": _start,
    "listWorkingRelationships": _simple("fien", "{fien}/working-relationships"),
    "getWorkingRelationship": _simple("fien", "{fien}/working-relationships/{work}"),
    "endWorkingRelationship": _end,
    "startCover": _covering,
    "getCover": _covered("fien"),
    "endCover": _covered("greet", "/_end"),
    "listMyWorkingRelationships": _simple("teun", "/v1/working-relationships"),
    "listPortraitItems": _simple("fien", "{fien}/portrait-items"),
    "createPortraitItem": _simple("fien", "{fien}/portrait-items", SOUP),
    "getPortraitItem": _of_item("portrait-items", SOUP),
    "changePortraitItem": _of_item("portrait-items", SOUP, {"text": "Brood."}),
    "deletePortraitItem": _of_item("portrait-items", SOUP),
    "listBaggageNotes": _simple("fien", "{fien}/baggage-notes"),
    "createBaggageNote": _simple("fien", "{fien}/baggage-notes", STORY),
    "getBaggageNote": _of_item("baggage-notes", STORY),
    "changeBaggageNote": _of_item("baggage-notes", STORY, {"shortVersion": "Kort."}),
    "deleteBaggageNote": _of_item("baggage-notes", STORY),
    "confirmBaggageNote": _of_item("baggage-notes", STORY, {"confirmation": "confirmed"}, "/_confirm", by="teun"),
    "listConsents": _simple("fien", "{fien}/consents"),
    "createConsent": _simple("fien", "{fien}/consents", YES),
    "getConsent": _of_item("consents", YES),
    "listReceipts": _of_item("consents", YES, None, "/receipts"),
    "getReceipt": _receipt,
    "listRecalls": _simple("zaaksysteem", "/v1/recalls"),
    "getRecall": _recall,
    "answerRecall": _recall,
    "decideConsent": _of_item("consents", PROPOSED, {"decision": "permit"}, "/_decide", by="teun"),
    "withdrawConsent": _of_item("consents", YES, None, "/_withdraw"),
    "getBriefing": _of_briefing(),
    "changeBriefing": _of_briefing(body={"excludedIds": []}),
    "approveBriefing": _of_briefing("/_approve"),
    "stopBriefing": _of_briefing("/_stop"),
    "listAccessLog": _simple("fien", "{fien}/access-log"),
    "startEmergencyAccess": _opening,
    "listEmergencyAccess": _simple("fien", "{fien}/emergency-access"),
    "getEmergencyAccess": _opened("fien"),
    "reviewEmergencyAccess": _opened("pim", "/_review", {"outcome": "justified", "words": "Dat moest."}),
    "listEmergencyReviews": _simple("pim", "/v1/emergency-access"),
    "getAccessExplanation": _simple("fien", "{fien}/access-explanation"),
    "getCodeLists": _simple("teun", "/v1/reference/code-lists"),
    "getGlossary": _simple("teun", "/v1/reference/glossary"),
    "getPurposes": _simple("fien", "/v1/reference/purposes"),
    "getLegalBases": _simple("teun", "/v1/reference/legal-bases"),
    "getProcessingActivities": _simple("teun", "/v1/reference/processing-activities"),
}
