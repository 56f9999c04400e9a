"""The edge: one request from bytes to bytes. Every route goes through `run`.

Token → rate → scope → purpose → 406 → 415 → validation → 428, all without a database connection. Then one
transaction: claim the key, decide, do, render, write the trail, commit; only then does the first byte leave. A refusal
rolls all of it back, and a second, committed transaction records it before its answer leaves.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response

from support_api import metrics
from support_api.db import audit
from support_api.db.idempotency import Claim
from support_api.db.register import Register
from support_api.db.tx import Database
from support_api.domain.actions import Outcome
from support_api.domain.errors import (
    Fault,
    Hidden,
    Invalid,
    KeyInUse,
    NotYours,
    Refused,
    RuleBroken,
    Stale,
    StillRunning,
    Unavailable,
)
from support_api.domain.facts import Principal
from support_api.domain.register import Activity
from support_api.domain.vocabulary import Purpose, Role
from support_api.http import cursors, reading
from support_api.http.auth import TokenVerifier, insufficient_scope
from support_api.http.limits import Limits
from support_api.http.operations import About, Answer, Call, Operation
from support_api.http.problems import MEDIA_TYPE, Problem, language
from support_api.http.wire import tag
from support_api.logs import Missing, Part, tell
from support_api.services.work import Work

JSON = "application/json"
# Time budgets nest: this one > a statement (5 s) > a lock, or a connection of the pool (2 s).
REQUEST_SECONDS = 8.0
_CODES: dict[type[Exception], str] = {
    Hidden: "not_found",
    NotYours: "action_not_allowed",
    Stale: "stale",
    KeyInUse: "key_in_use",
}
_OUTCOMES = {"not_found": Outcome.NOT_FOUND, "action_not_allowed": Outcome.NOT_ALLOWED}


@dataclass(frozen=True, slots=True)
class _Checked:
    """A request that passed everything that needs no database."""

    principal: Principal
    purpose: Purpose | None
    activity: Activity | None
    ids: dict[str, UUID]
    query: Any
    body: Any
    raw: bytes
    version: int
    tag: str | None
    key: str | None


class Edge:
    def __init__(
        self,
        database: Database,
        register: Register,
        tokens: TokenVerifier,
        limits: Limits,
        base: str,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._database = database
        self._register = register
        self._tokens = tokens
        self._limits = limits
        self._base = base
        self._clock = clock
        self._new_id = new_id
        self._cursor_key = database.keys.derived("cursors")

    async def run(self, request: Request[Any, Any, Any], operation: Operation) -> Response[bytes]:
        instance: UUID = request.scope["state"]["request_id"]
        try:
            checked = await self._check(request, operation)
            async with asyncio.timeout(REQUEST_SECONDS):
                return await self._work(request, operation, checked, instance)
        except Problem as problem:
            return problem_response(problem, instance, request.headers.getall("accept-language", []))
        except (Unavailable, StillRunning, TimeoutError) as missing:
            what = missing.what if isinstance(missing, Unavailable) else type(missing).__name__
            tell(Missing(instance, Part(what)))
            metrics.count(metrics.UNAVAILABLE, _part(what) if isinstance(missing, Unavailable) else "time")
            return problem_response(unavailable(), instance, request.headers.getall("accept-language", []))

    async def _check(self, request: Request[Any, Any, Any], operation: Operation) -> _Checked:
        headers = request.headers
        principal = await self._tokens.verify(headers.getall("authorization", []))
        self._limits.admit(principal)
        if operation.scope not in principal.scopes:
            raise Problem("scope_missing", headers={"WWW-Authenticate": insufficient_scope(operation.scope)})
        purpose, activity = await self._purpose(principal, operation, headers.get("processing-purpose"))
        if principal.role is not Role.EXTERNAL_SYSTEM and principal.assurance < operation.assurance:
            raise Problem("assurance_too_low")
        reading.accept(headers.getall("accept", []))
        reading.media(operation, headers)
        ids = reading.path_ids(operation, request.path_params)
        faults: list[Fault] = []
        reading.repeated(headers, faults)
        query = reading.query(operation, request.scope["query_string"], faults)
        if cursor := getattr(query, "cursor", None):
            place = cursors.place(principal, request.scope["path"])
            faults.extend(cursors.faults(self._cursor_key, place, cursor))
        raw = await request.body()
        body = reading.body(operation, raw, faults)
        key = reading.idempotency_key(operation, headers.get("idempotency-key"), faults)
        version, tag = reading.if_match(operation, headers.get("if-match"), faults)
        if faults:
            raise Problem("invalid_input", faults=tuple(faults))
        if operation.creates and key is None:
            raise Problem("idempotency_key_required")
        if operation.conditional and tag is None:
            raise Problem("precondition_required")
        self._limits.admit_searches(principal, operation.searches + len(getattr(body, "identifiers", ())))
        return _Checked(principal, purpose, activity, ids, query, body, raw, version, tag, key)

    async def _purpose(
        self, principal: Principal, operation: Operation, stated: str | None
    ) -> tuple[Purpose | None, Activity | None]:
        client = await self._register.client(principal.municipality_id, principal.client_id)
        if client is None:
            raise Problem("purpose_not_allowed")
        if operation.about is not About.RESIDENT or principal.role is Role.RESIDENT:
            return None, None
        if not stated:
            raise Problem("purpose_required")
        if stated not in tuple(Purpose):
            raise Problem("invalid_input", faults=(reading.fault("Processing-Purpose", "not_in_list"),))
        purpose = Purpose(stated)
        activity = client.activities.get(purpose)
        if activity is None or (operation.categories and activity.closed.issuperset(operation.categories)):
            raise Problem("purpose_not_allowed")
        return purpose, activity

    async def _work(
        self, request: Request[Any, Any, Any], operation: Operation, checked: _Checked, instance: UUID
    ) -> Response[bytes]:
        work: Work | None = None
        await self._database.keys.must_fit()
        try:
            async with self._database.transaction(checked.principal.municipality_id) as tx:
                work = Work(
                    tx,
                    checked.principal,
                    checked.purpose,
                    checked.activity,
                    self._clock(),
                    instance,
                    self._new_id,
                )
                response = await self._answer(request, operation, checked, work)
                if work.recorded is None:
                    raise RuntimeError(f"{operation.name} answered without a record")
                await audit.write(tx, self._new_id(), work.recorded)
            return response
        except (Refused, Invalid, Stale, KeyInUse) as refused:
            if work is None:
                raise
            if isinstance(refused, Stale) and not operation.conditional:
                raise _still_running() from None  # another request was first; this one stated no version to be behind
            problem = _refusal(refused)
            await self._record_refusal(operation, work, refused, problem.code)
            raise problem from None
        except StillRunning:
            if operation.method == "GET":
                raise
            raise _still_running() from None

    async def _answer(
        self, request: Request[Any, Any, Any], operation: Operation, checked: _Checked, work: Work
    ) -> Response[bytes]:
        call = Call(
            work,
            request.scope["path"],
            checked.ids,
            checked.body,
            checked.query,
            checked.version,
            checked.tag,
            self._cursor_key,
            self._base,
        )
        claim = self._claim(request, checked, work)
        earlier = await claim.take(work.now) if claim else None
        if earlier and earlier.object_id and operation.replay:
            again = await operation.replay(call, earlier.object_id, earlier.version or 0)
            response = rendered(operation, replace(again, existed=earlier.status == 200))
            response.headers["Idempotent-Replayed"] = "true"
            return response
        answer = await operation.use(call)
        response = rendered(operation, answer)
        if claim and not earlier:
            await claim.finish(response.status_code or 0, answer.object_id, answer.version)
        if operation.method != "GET":
            return response
        return not_modified(response, request.headers.getall("if-none-match", []))

    def _claim(self, request: Request[Any, Any, Any], checked: _Checked, work: Work) -> Claim | None:
        if checked.key is None:
            return None
        parts = (request.method, request.scope["path"], checked.purpose or "")
        return Claim(work.tx, checked.principal, checked.key, "\n".join(parts).encode() + b"\n" + checked.raw)

    async def _record_refusal(self, operation: Operation, work: Work, refused: Exception, code: str) -> None:
        outcome = _OUTCOMES.get(code, Outcome.REFUSED)
        if isinstance(refused, Refused):
            record = work.refusal(operation.action, outcome, refused.reason, refused.resident_id)
        else:
            record = work.refusal(operation.action, outcome, code)
        async with self._database.transaction(work.principal.municipality_id) as tx:
            await audit.write(tx, self._new_id(), record)


def rendered(operation: Operation, answer: Answer) -> Response[bytes]:
    if answer.view is None:
        return Response(content=b"", status_code=204)
    content = answer.view.json_bytes()
    headers = {}
    if answer.version is not None:
        headers["ETag"] = tag(content, answer.version)
    if answer.location:
        headers["Location"] = answer.location
    links = [
        f'<{url}>; rel="{rel}"'
        for rel in ("next", "previous")
        if (url := getattr(answer.view, rel, None)) and isinstance(url, str)
    ]
    if links:
        headers["Link"] = ", ".join(link.replace('rel="previous"', 'rel="prev"') for link in links)
    return Response(
        content=content, status_code=200 if answer.existed else operation.status, media_type=JSON, headers=headers
    )


def not_modified(response: Response[bytes], if_none_match: list[str]) -> Response[bytes]:
    """304 for what the caller has already: recorded as a read like any other."""
    tag = response.headers.get("ETag") or response.headers.get("etag")
    if tag is None or response.status_code != 200 or not reading.none_match(if_none_match, tag):
        return response
    return Response(content=b"", status_code=304, headers={"ETag": tag})


def _part(what: str) -> str:
    """The part that was missing, without how the driver or PostgreSQL put it."""
    words = (
        part for part in ("audit trail", "key store", "keyring", "data key", "issuer keys", "commit") if part in what
    )
    return next(words, "database").replace(" ", "_")


def _refusal(refused: Refused | Invalid | Stale | KeyInUse) -> Problem:
    if isinstance(refused, RuleBroken):
        return Problem("rule", code=refused.code)
    if isinstance(refused, Invalid):
        return Problem("invalid_input", faults=refused.faults)
    return Problem(next(code for kind, code in _CODES.items() if isinstance(refused, kind)))


def _still_running() -> Problem:
    return Problem("still_running", headers={"Retry-After": "2"})


def unavailable(**more: Any) -> Problem:
    return Problem("unavailable", headers={"Retry-After": "2"}, more=more)


def problem_response(problem: Problem, instance: UUID, accept_language: Sequence[str]) -> Response[bytes]:
    chosen = language(accept_language)
    metrics.count(metrics.REFUSALS, problem.code)
    return Response(
        content=problem.body(instance, chosen),
        status_code=problem.kind.status,
        media_type=MEDIA_TYPE,
        headers={**problem.headers, "Content-Language": chosen},
    )
