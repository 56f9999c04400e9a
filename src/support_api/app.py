"""The composition root: the only module that knows every layer, and the one list of operations."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.handlers import HTTPRouteHandler
from uuid_utils.compat import uuid7

from support_api import logs, metrics, traces
from support_api.db.keys import KeyRing, StaticKeys
from support_api.db.readiness import Parts, Readiness
from support_api.db.register import Register
from support_api.db.tx import Database, open_pool
from support_api.db.watching import watch_pools, watch_trail
from support_api.domain.rules import RULES
from support_api.domain.vocabulary import Assurance
from support_api.http import (
    access_explanation,
    access_log,
    baggage_notes,
    briefings,
    consents,
    contract,
    covers,
    emergency_access,
    health,
    home,
    me,
    portrait_items,
    recalls,
    receipts,
    reference,
    residents,
    workers,
    working_relationships,
)
from support_api.http.auth import Issuer, TokenVerifier
from support_api.http.cors import Origins
from support_api.http.edge import Edge, problem_response
from support_api.http.limits import Limits, Meter, Rate
from support_api.http.observing import NOWHERE, operation_of
from support_api.http.operations import Operation
from support_api.http.pages import start
from support_api.http.problems import KINDS, Problem
from support_api.http.shell import API_VERSION, Shell
from support_api.outbound.jwks import IssuerKeys
from support_api.processes import Draining, end_with_server
from support_api.settings import IssuerSettings, Settings, SettingsError, read_settings

OPERATIONS: list[Operation] = [
    *me.OPERATIONS,
    *home.OPERATIONS,
    *workers.OPERATIONS,
    *residents.OPERATIONS,
    *working_relationships.OPERATIONS,
    *covers.OPERATIONS,
    *portrait_items.OPERATIONS,
    *baggage_notes.OPERATIONS,
    *consents.OPERATIONS,
    *receipts.OPERATIONS,
    *recalls.OPERATIONS,
    *briefings.OPERATIONS,
    *access_log.OPERATIONS,
    *access_explanation.OPERATIONS,
    *emergency_access.OPERATIONS,
]
OPERATIONS += reference.operations(OPERATIONS)


def real_time() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    beside: Sequence[HTTPRouteHandler] = (),
    front: HTTPRouteHandler | None = None,
    clock: Callable[[], datetime] = real_time,
) -> Shell:
    """`beside`: what else is answered at this address, in the same shell; `front`: another start page than our own.
    `clock`: the time that everything is decided by."""
    holder = _Holder(settings, clock)
    handlers: list[HTTPRouteHandler] = [
        *(_handler(operation, holder) for operation in OPERATIONS),
        *contract.handlers(OPERATIONS, settings.public_url),
        *health.handlers(holder.parts),
        *(start.handlers(settings.public_url, front) if settings.pages else ()),
        *beside,
    ]
    handlers = [*_options(handlers), *handlers]
    if settings.metrics_port:
        metrics.start({NOWHERE, *map(operation_of, handlers)}, {*KINDS, *RULES})
    litestar = Litestar(
        handlers,
        lifespan=[lambda _: holder.open()],
        openapi_config=None,
        logging_config=None,
        exception_handlers={HTTPException: _router_problem, Exception: _to_the_shell},
    )
    return Shell(litestar, holder.open, holder.leaving, Origins(settings.allowed_origins))


class _Holder:
    """What lives as long as the process: pools, keys, register, edge."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.clock = clock
        self.edge: Edge
        self.readiness: Readiness | None = None
        self.draining = Draining(settings.run_folder)

    def leaving(self) -> bool:
        return bool(self.draining)

    async def parts(self) -> Parts:
        found = Parts() if self.readiness is None else await self.readiness.parts()
        return replace(found, draining=self.leaving())

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        settings = self.settings
        issuers = settings.trusted_issuers()
        pool = await open_pool(settings.url("database"), size=settings.pool_size, pooler=settings.pooler)
        key_pool = await open_pool(settings.url("keys_database"), size=2, pooler=settings.pooler)
        await refuse_foreign_demo_issuer(pool, issuers)
        keys = KeyRing(key_pool, StaticKeys(*settings.ring()))
        database = Database(pool, keys)
        self.readiness = Readiness(pool, key_pool, keys)
        register = Register(database)
        token_keys = IssuerKeys(
            {each.issuer: each.jwks for each in issuers if each.jwks},
            {each.issuer: each.jwks_uri for each in issuers if each.jwks_uri},
            numbers={each.issuer: number for number, each in enumerate(issuers)},
        )
        tokens = TokenVerifier({i.issuer: _issuer(i) for i in issuers}, token_keys, settings.audience, keys)
        self.edge = Edge(database, register, tokens, _limits(settings), settings.public_url, self.clock, uuid7)
        tasks = [asyncio.create_task(register.keep_fresh()), asyncio.create_task(token_keys.keep_fresh())]
        if metrics.on():
            tasks += [
                asyncio.create_task(watch_pools(main=pool, keys=key_pool)),
                asyncio.create_task(watch_trail(pool)),
            ]
        stop_tracing = _start_tracing(settings)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(pool.close(), key_pool.close())
            await asyncio.to_thread(stop_tracing)


def _start_tracing(settings: Settings) -> Callable[[], None]:
    if settings.traces_endpoint is None:
        return lambda: None
    return traces.start(settings.traces_endpoint, settings.traces_share, API_VERSION)


def _limits(settings: Settings) -> Limits:
    return Limits(
        Meter(settings.meter_file),
        client=Rate(settings.client_per_second, burst_seconds=2),
        municipality=Rate(settings.municipality_per_second, burst_seconds=2),
        search=Rate(settings.searches_per_minute / 60, burst_seconds=30),
    )


def _issuer(settings: IssuerSettings) -> Issuer:
    return Issuer(
        settings.issuer,
        settings.algorithms,
        frozenset(settings.municipalities),
        settings.max_lifetime_seconds,
        settings.municipality_claim,
        settings.role_claim,
        settings.bsn_claim,
        {acr: Assurance(level) for acr, level in settings.assurance.items()},
        settings.subject_namespace,
    )


async def refuse_foreign_demo_issuer(pool: asyncpg.Pool, issuers: list[IssuerSettings]) -> None:
    """The demo issuer works only with the database that the demo made: both carry the thumbprint of its key."""
    for issuer in issuers:
        if not issuer.demo:
            continue
        thumbprint = (issuer.jwks or {"keys": [{}]})["keys"][0].get("kid")
        known = await pool.fetchval("select current_setting('support.demo_issuer', true)")
        if not thumbprint or known != thumbprint:
            raise SettingsError("the demo's token issuer is not allowed with this database")


def _handler(operation: Operation, holder: _Holder) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await holder.edge.run(request, operation)

    handle.__name__ = operation.name
    return HTTPRouteHandler(_path(operation), http_method=operation.method, status_code=200, name=operation.name)(
        handle
    )


def _options(handlers: list[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """One for each path, made first: the framework's own would know only the first method that it met there."""
    allowed: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            allowed.setdefault(path, {"OPTIONS"}).update(handler.http_methods)

    def made(allow: str) -> Callable[[], Awaitable[Response[bytes]]]:
        async def options() -> Response[bytes]:
            return Response(b"", status_code=204, headers={"Allow": allow})

        return options

    return [
        HTTPRouteHandler(path, http_method="OPTIONS", status_code=200)(made(_allow(methods)))
        for path, methods in allowed.items()
    ]


def _allow(methods: Iterable[str]) -> str:
    """The router knows no HEAD: the shell makes a GET of it."""
    found = set(methods)
    return ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))


def _path(operation: Operation) -> str:
    return "/v1" + operation.path.replace("}", ":str}")


def _router_problem(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    instance = request.scope["state"]["request_id"]
    if isinstance(error, MethodNotAllowedException):
        allowed = (error.headers or {}).get("allow", "").split(", ")
        problem = Problem("method_not_allowed", headers={"Allow": _allow(allowed)})
    elif error.status_code == 404:
        problem = Problem("not_found")
    else:
        problem = Problem("internal") if error.status_code >= 500 else Problem("invalid_input")
    return problem_response(problem, instance, request.headers.getall("accept-language", []))


def _to_the_shell(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The framework would answer 500 in its own words; the shell does it in ours, and logs it."""
    raise error


def serving() -> Shell:
    """The app of a server process, from the environment."""
    return started(create_app)


def started(create: Callable[[Settings], Shell]) -> Shell:
    """What `create` makes of the environment, in a process of its own. A worker whose server was killed ends too: it
    would go on answering beside the next server, which shares its port."""
    end_with_server()
    logs.configure()
    try:
        settings = read_settings()
        logs.configure(settings.log_level, settings.log_format)
        return create(settings)
    except Exception as error:
        logs.tell(logs.Failed(logs.Cause.of(error)))
        raise SystemExit(1) from None
