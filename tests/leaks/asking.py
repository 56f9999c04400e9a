"""Every operation with markers in each place of a request; what comes back, and with which statuses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from support_api.http.operations import Operation
from tests.conftest import World
from tests.every_operation import Good, good
from tests.leaks.planting import Planter
from tests.leaks.sinks import MARKER
from tests.make import new_resident, start, worker_id
from tests.schemas import of_body

WORD = f"{MARKER}-999990019"
HEADERS = (
    "Authorization",
    "Processing-Purpose",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "traceparent",
    "tracestate",
)
HEADERS += ("Accept", "Accept-Language", "Content-Type", "Content-Encoding", "Host", "User-Agent", "Referer", "Cookie")
HEADERS += ("Origin", "X-Forwarded-For", "X-Forwarded-Host", "X-Request-Id")
# Found by searching only, or shown somewhere else than where they were sent.
HIDDEN = ("identifiers", "externalId")


@dataclass
class Heard:
    """What callers got to see: headers always, and the body of what is no success."""

    sinks: dict[str, str] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)

    def note(self, what: str, answer: httpx.Response) -> httpx.Response:
        body = answer.text if answer.status_code >= 300 else ""
        self.sinks[what] = f"{answer.status_code} {answer.headers.raw} {body}"
        self.statuses.add(answer.status_code)
        return answer


async def ask(world: World, name: str, heard: Heard) -> None:
    request = await filled(world, name)
    await succeeds(world, request, heard)
    for place, body in enumerate(broken(request)):
        refused = heard.note(f"{name}, body {place}", await request.but(body=body).send(world))
        assert refused.status_code == 400, (name, body, refused.text)
    for what, changed, headers in changes(world, request):
        heard.note(f"{name}, {what}", await changed.send(world, **headers))
    heard.note(f"{name}, method", await world.client.request("PUT", request.path, headers=request.sent(world)))
    body = (WORD * 20_000).encode()
    heard.note(f"{name}, 413", await world.client.request(request.method, request.path, content=body))


def planter(operation: Operation) -> Planter:
    return Planter(of_body(operation), f"{WORD} {operation.name}")


async def filled(world: World, name: str) -> Good:
    """With the words in each text, and in its key."""
    request = await rich(world, name)
    if request.body is not None:
        request = request.but(body=planter(request.operation).planted(request.body))
    key = {"Idempotency-Key": f"{name}-{WORD}"} if request.operation.keyed else {}
    return request.but(headers={**request.headers, **key})


def broken(request: Good) -> Iterator[dict[str, Any]]:
    return planter(request.operation).broken(request.body or {})


async def succeeds(world: World, request: Good, heard: Heard) -> None:
    """And the words are there."""
    name = request.operation.name
    answer = heard.note(f"{name}, done", await request.send(world))
    assert answer.status_code == request.operation.status, (name, request.body, answer.text)
    if name == "startWorkingRelationship":
        answer = await world.get("teun", answer.headers["Location"].removeprefix("http://testserver"))
    assert answer.text.count(WORD) >= planted(request.body), (name, request.body, answer.text)


async def rich(world: World, name: str) -> Good:
    """A request that may change all that its body names, or finds it, with ids that a planter can't make up."""
    request = await good(world, name)
    if name == "changeResident":
        path = await own_resident(world)
        return request.but(
            name="teun", path=path, headers={"If-Match": (await world.get("teun", path)).headers["ETag"]}
        )
    if name == "searchResidents":
        await own_resident(world, identifiers=[{"system": "external_id", "value": f"{WORD} {name}"}])
    if name == "changeBriefing":
        line = (await world.get("fien", request.path)).json()["baggage"][0]
        return request.but(body={**request.body, "replacements": [{"id": line["id"], "text": "Zo."}]})
    if name == "confirmBaggageNote":
        return request.but(body={"confirmation": "confirmed_with_changes"})
    return request


async def own_resident(world: World, **said: Any) -> str:
    """With whom Teun works."""
    path = await new_resident(world, "teun", callName=WORD, **said)
    await start(world, path, await worker_id(world, "teun"))
    return path


def planted(body: Any) -> int:
    """How many words of it must come back."""
    if isinstance(body, dict):
        return sum(planted(value) for name, value in body.items() if name not in HIDDEN)
    if isinstance(body, list):
        return sum(map(planted, body))
    return WORD in str(body)


def changes(world: World, request: Good) -> Iterator[tuple[str, Good, dict[str, str]]]:
    yield from ((header, request, {header: WORD}) for header in HEADERS)
    for claim in ("sub", "client_id", "municipality", "role", "scope", "acr"):
        yield f"claim {claim}", request, {"Authorization": f"Bearer {world.token(request.name, **{claim: WORD})}"}
    yield "no tag", request, {"If-Match": ""}
    yield "an old tag", request, {"If-Match": '"9.0123456789abcdef"'}
    yield "431", request, {"X-Long": WORD * 800}
    for path in paths(request):
        yield path, request.but(path=path), {}


def paths(request: Good) -> Iterator[str]:
    """The word for each id, below the path, and in each parameter."""
    parts = request.path.split("/")
    yield from ("/".join([*parts[:at], WORD, *parts[at + 1 :]]) for at in range(2, len(parts)))
    yield f"{request.path}/{WORD}"
    yield f"{request.path}?{WORD * 200}"
    query = request.operation.query
    yield from (f"{request.path}?{name}={WORD}" for name in (WORD, *(query.model_fields if query else ())))
