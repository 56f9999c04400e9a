"""INV-04: one entry per request, true in every field; refusals too; and no request without one."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from support_api.app import OPERATIONS
from support_api.db import audit
from support_api.domain.actions import Outcome
from tests.conftest import World
from tests.db.acting import EVERY_SCOPE, municipality_of, path_of
from tests.db.trail import trail_of

TAG = f'"1.{0:016x}"'
NEW = {"kind": "joy", "text": "Zomaar."}
LAW = "Wmo 2015, art. 2.3.1"


async def _call(world: World, name: str, method: str, path: str, body: Any = None, **kwargs: Any) -> tuple[int, Any]:
    """The answer's status, and the one new entry; fails on none or more than one."""
    trail = await trail_of(world)
    headers = {"traceparent": f"00-{uuid4().hex}-b7ad6b7169203331-01", **kwargs.pop("headers", {})}
    answer = await world.call(name, method, path, body, headers=headers, **kwargs)
    (entry,) = await trail.new()
    assert entry["trace_id"] == UUID(headers["traceparent"].split("-")[1]) == UUID(answer.headers["x-request-id"])
    assert entry["municipality_id"] == municipality_of(world, name)
    assert (entry["role"], entry["client_id"]) == (world.person(name).role, world.person(name).client_id)
    return answer, entry


def _said(entry: Any) -> tuple[Any, ...]:
    return tuple(entry[name] for name in ("action", "outcome", "basis", "reason", "purpose", "legal_basis"))


async def _me(world: World, name: str) -> UUID:
    told = (await world.get(name, "/v1/me")).json()
    return UUID(told["residentId"] or told["workerId"])


async def test_every_verb_leaves_one_entry_that_says_what_was_done(world: World) -> None:
    fien, me, items = UUID(world.person("fien").resident_id), await _me(world, "fien"), f"{world.fien}/portrait-items"
    made, entry = await _call(world, "fien", "POST", items, NEW)
    item = UUID(made.json()["id"])
    one = f"{items}/{item}"
    entries = [("portrait_item:create", entry)]
    for verb, method, path, body, tag in (
        ("list", "GET", items, None, {}),
        ("read", "GET", one, None, {}),
        ("change", "PATCH", one, {"text": "Anders."}, {"If-Match": TAG}),
        ("delete", "DELETE", one, None, {"If-Match": f'"2.{0:016x}"'}),
    ):
        answer, entry = await _call(world, "fien", method, path, body, headers=tag)
        assert answer.is_success
        entries.append((f"portrait_item:{verb}", entry))
    for action, entry in entries:
        assert _said(entry) == (action, "done", "own", None, None, None)
        assert (entry["actor_id"], entry["residents"]) == (me, [fien])
        assert item in entry["objects"]
        assert action.endswith("list") or entry["objects"] == [item]


OUTCOMES = {200: Outcome.DONE, 403: Outcome.NOT_ALLOWED, 404: Outcome.NOT_FOUND}


async def test_every_read_there_is_leaves_one_entry_of_its_own_action(world: World) -> None:
    done = set()
    for operation in OPERATIONS:
        if operation.method == "GET" and "{workerId}" not in operation.path:
            path = "/v1" + await path_of(world, operation.path)
            answer, entry = await _call(world, "fien", "GET", path, claims=EVERY_SCOPE)
            assert (entry["action"], entry["outcome"]) == (operation.action, OUTCOMES[answer.status_code])
            done |= {operation.name} if entry["residents"] == [UUID(world.person("fien").resident_id)] else set()
    assert {"getMe", "listPortraitItems", "getPortraitItem"} <= done


async def test_a_worker_is_named_with_purpose_and_legal_basis(world: World) -> None:
    listed, entry = await _call(world, "teun", "GET", f"{world.fien}/portrait-items")
    assert _said(entry) == ("portrait_item:list", "done", "relation", None, "support", LAW)
    assert entry["actor_id"] == await _me(world, "teun")
    assert entry["residents"] == [UUID(world.person("fien").resident_id)]
    assert {str(shown) for shown in entry["objects"]} == {item["id"] for item in listed.json()["results"]}


async def test_who_one_is_is_recorded_too(world: World) -> None:
    _, own = await _call(world, "fien", "GET", "/v1/me")
    assert (own["action"], own["residents"]) == ("me:read", [UUID(world.person("fien").resident_id)])
    _, other = await _call(world, "teun", "GET", "/v1/me")
    assert (other["action"], other["residents"]) == ("me:read", [])


async def test_what_one_has_already_is_still_a_read(world: World) -> None:
    """304 is recorded as a read; a repeated request as what it repeats."""
    items = f"{world.fien}/portrait-items"
    key = {"headers": {"Idempotency-Key": "a-key-of-some-length"}}
    made, first = await _call(world, "fien", "POST", items, NEW, **key)
    again, second = await _call(world, "fien", "POST", items, NEW, **key)
    assert (made.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert (_said(second), second["objects"]) == (_said(first), first["objects"])
    same = {"If-None-Match": made.headers["etag"]}
    answer, entry = await _call(world, "fien", "GET", f"{items}/{made.json()['id']}", headers=same)
    assert (answer.status_code, entry["action"], entry["outcome"]) == (304, "portrait_item:read", "done")


REFUSALS = (
    ("sanne", "GET", 404, "relation_ended", True),
    ("zaaksysteem", "GET", 404, "no_basis", True),
    ("noor", "GET", 404, "no_such_resident", False),
    ("teun", "DELETE", 403, "action_not_allowed", True),
    ("teun", "PATCH", 403, "not_the_author", True),
)


async def test_a_refusal_is_recorded_with_its_reason(world: World) -> None:
    """access.md: the resident can see attempts inside the municipality; those from elsewhere never reach her log."""
    items = f"{world.fien}/portrait-items"
    first = (await world.get("teun", items)).json()["results"][0]["id"]
    for name, method, status, reason, linked in REFUSALS:
        body = {"text": "Anders."} if method == "PATCH" else None
        headers = {} if method == "GET" else {"If-Match": TAG}
        answer, entry = await _call(world, name, method, f"{items}/{first}", body, headers=headers)
        outcome = Outcome.NOT_FOUND if status == 404 else Outcome.NOT_ALLOWED
        assert (answer.status_code, entry["outcome"], entry["reason"]) == (status, outcome, reason)
        assert entry["residents"] == ([UUID(world.person("fien").resident_id)] if linked else [])
        assert entry["objects"] == []


BEFORE_ANY_ROW: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (401, "teun", {"headers": {"Authorization": "Bearer nonsense"}}),
    (400, "teun", {"headers": {"Processing-Purpose": ""}}),
    (403, "teun", {"headers": {"Processing-Purpose": "enforcement"}}),
    (403, "teun", {"claims": {"scope": "me:read"}}),
    (403, "greet", {}),
    (406, "teun", {"headers": {"Accept": "text/html"}}),
)


async def test_what_is_refused_before_any_row_is_not_in_this_trail(world: World) -> None:
    """Known from token and register alone; the same call without the fault is recorded, so silence means something."""
    trail = await trail_of(world)
    items = f"{world.fien}/portrait-items"
    for status, name, changes in BEFORE_ANY_ROW:
        assert (await world.get(name, items, **changes)).status_code == status
    assert (await world.get("teun", f"{items}?unknown=1")).status_code == 400
    assert await trail.new() == []
    await world.get("teun", items)
    assert len(await trail.new()) == 1


async def test_a_request_without_an_entry_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control of all of the above."""

    async def forget(*_: Any) -> None:
        return None

    monkeypatch.setattr(audit, "write", forget)
    with pytest.raises(ValueError, match="not enough values"):
        await _call(world, "teun", "GET", f"{world.fien}/portrait-items")
