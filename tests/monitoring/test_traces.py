"""What an OpenTelemetry collector gets: one trace a request, of these steps and attributes only."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from support_api import traces
from support_api.settings import SettingsError, read_settings
from support_api.traces import REQUEST_ATTRIBUTES, STEPS
from tests.conftest import World
from tests.deploy.running_page import table
from tests.every_operation import NAMES, good
from tests.leaks.sinks import leaks
from tests.monitoring.collecting import attributes, collecting
from tests.processes import eventually, free_port
from tests.sites import Site, served

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.slow
async def test_a_collector_gets_the_trace_of_a_request(site: Site) -> None:
    with collecting() as collector:
        async with served(site, **collector.settings) as (_, world):
            parent = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
            answer = await world.get("fien", f"{world.fien}/portrait-items", headers=parent)
            assert answer.headers["X-Request-Id"] == str(UUID(TRACE))
            await asyncio.to_thread(eventually, lambda: mine(collector.spans(), TRACE), "its spans")
            await asyncio.to_thread(eventually, lambda: top(collector.spans(), TRACE), "the span of the request")
        spans = mine(collector.spans(), TRACE)
    (request,) = top(spans, TRACE)
    assert request.parent_span_id.hex() == SPAN
    assert attributes(request) == {
        "http.request.method": "GET",
        "http.route": "/v1/residents/{residentId}/portrait-items",
        "http.response.status_code": 200,
    }
    names = Counter(span.name for span in spans)
    assert names["transaction"] == names["wait for a connection"] >= 1
    kinds = Counter(attributes(span).get("db.operation.name") for span in spans if span.name == "statement")
    assert kinds["begin"] == kinds["commit"] == names["transaction"]
    assert kinds["select"] >= 1
    ids = {span.span_id for span in spans}
    assert all(span.parent_span_id in ids for span in spans if span is not request)
    resources = [
        each.value.string_value
        for r in collector.requests()
        for s in r.resource_spans
        for each in s.resource.attributes
        if each.key == "service.name"
    ]
    assert set(resources) == {"support-api"}


def mine(spans: list[Any], trace: str) -> list[Any]:
    return [span for span in spans if span.trace_id.hex() == trace]


def top(spans: list[Any], trace: str) -> list[Any]:
    return [span for span in mine(spans, trace) if span.name == "listPortraitItems"]


@pytest.mark.slow
async def test_a_collector_that_is_away_holds_up_nobody(site: Site) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/v1/traces"
    async with served(site, SUPPORT_API_TRACES_ENDPOINT=nowhere) as (process, world):
        answers = await asyncio.gather(*(world.get("fien", "/v1/me") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        process.popen.terminate()
        assert await asyncio.to_thread(process.popen.wait, 6) == 0


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    """The spans of the service in this process."""
    exporter = InMemorySpanExporter()
    stop = traces.start_with(SimpleSpanProcessor(exporter), 1, "0.1.0")
    yield exporter
    stop()


@pytest.fixture
async def world(site: Site, kept: InMemorySpanExporter) -> AsyncIterator[World]:
    async with site.inside() as made:
        kept.clear()
        yield made


def requests(kept: InMemorySpanExporter) -> list[Any]:
    return [span for span in kept.get_finished_spans() if span.kind.name == "SERVER"]


async def test_without_a_trace_of_the_caller_the_request_id_is_the_trace_id(
    world: World, kept: InMemorySpanExporter
) -> None:
    answer = await world.get("fien", "/v1/me")
    (request,) = requests(kept)
    assert request.context.trace_id == UUID(answer.headers["X-Request-Id"]).int
    assert request.parent is None
    assert {span.context.trace_id for span in kept.get_finished_spans()} == {request.context.trace_id}


@pytest.mark.parametrize(
    ("header", "parent"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", None),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{'0' * 32}-{SPAN}-01", False),
        (f"01-{TRACE}-{SPAN}-01", False),
        (f"00-{TRACE.upper()}-{SPAN}-01", False),
        ("", False),
    ],
)
async def test_the_caller_is_believed_where_its_header_is_right(
    world: World, kept: InMemorySpanExporter, header: str, parent: bool | None
) -> None:
    """None: the caller said that its trace is not kept."""
    await world.get("fien", "/v1/me", headers={"traceparent": header})
    found = requests(kept)
    assert len(found) == (0 if parent is None else 1)
    if found:
        assert (found[0].parent is not None) is parent


@pytest.mark.parametrize(
    ("states", "read"),
    [
        (["ot=th:8;rv:0123456789abcd,kanarie=fien"], "ot=th:8;rv:0123456789abcd"),
        (["kanarie=fien", "ot=th:8"], "ot=th:8"),
        (["ot=fien"], ""),
        (["ot=th:8;fien:1"], ""),
        ([], ""),
    ],
)
async def test_of_tracestate_sampling_alone_is_read(
    world: World, kept: InMemorySpanExporter, states: list[str], read: str
) -> None:
    headers = [("traceparent", f"00-{TRACE}-{SPAN}-01"), *(("tracestate", each) for each in states)]
    await world.client.get("/livez", headers=headers)
    (request,) = requests(kept)
    assert request.context.trace_state.to_header() == read


@pytest.mark.parametrize("share", [0, 0.25, 1])
async def test_a_share_of_the_requests_is_traced(site: Site, share: float) -> None:
    exporter = InMemorySpanExporter()
    stop = traces.start_with(SimpleSpanProcessor(exporter), share, "0.1.0")
    async with site.inside() as world:
        for _ in range(200):
            await world.client.get("/livez")
    stop()
    assert abs(len(requests(exporter)) - 200 * share) <= (0 if share in (0, 1) else 35)


async def test_every_operation_has_spans_of_the_declared_kind_only(world: World, kept: InMemorySpanExporter) -> None:
    for name in NAMES:
        await (await good(world, name)).send(world)
    seen = {span.name for span in requests(kept)}
    assert seen >= set(NAMES)
    assert undeclared(kept) == []
    assert leaks({"spans": "\n".join(span.to_json() for span in kept.get_finished_spans())}) == []


def undeclared(kept: InMemorySpanExporter) -> list[str]:
    allowed = {step.name: {step.detail, "db.system.name", "error.type"} for step in STEPS}
    return [
        f"{span.name}: {attribute}"
        for span in kept.get_finished_spans()
        for attribute in [*(span.attributes or {}), *(["event"] if span.events else [])]
        if attribute not in allowed.get(span.name, REQUEST_ATTRIBUTES)
    ]


async def test_a_span_that_says_more_is_seen(world: World, kept: InMemorySpanExporter) -> None:
    """Positive control."""
    with traces.step(traces.TRANSACTION) as span:
        span.set_attribute("db.query.text", "select 'Fien'")
    with pytest.raises(ValueError, match="fien"), traces.step(traces.STATEMENT, "select 'fien'"):
        raise ValueError("fien")
    assert undeclared(kept) == ["transaction: db.query.text"]
    (failed,) = [span for span in kept.get_finished_spans() if span.name == "statement"]
    assert dict(failed.attributes or {}) == {
        "db.system.name": "postgresql",
        "db.operation.name": "other",
        "error.type": "ValueError",
    }
    assert "fien" not in failed.to_json()


def test_the_page_for_operators_names_each_span() -> None:
    def said(*names: str) -> str:
        return ", ".join(f"`{name}`" for name in names) or "none"

    steps = {
        step.name: said(
            *(["db.system.name"] if step.detail.startswith("db.") else []), *([step.detail] if step.detail else [])
        )
        for step in STEPS
    }
    assert table("Traces") == {"name of the operation": said(*REQUEST_ATTRIBUTES), **steps}


async def test_off_means_off(site: Site) -> None:
    async with site.inside() as world:
        assert (await world.get("fien", "/v1/me")).status_code == 200
    assert traces._tracer is None
    assert traces.step(traces.TRANSACTION) is traces.request(UUID(int=1), [], [])


def test_an_endpoint_that_is_no_address_is_refused() -> None:
    for wrong in ("collector:4318", "http://user:secret@collector/v1/traces", "http://collector"):
        with pytest.raises(SettingsError, match="SUPPORT_API_TRACES_ENDPOINT"):
            read_settings(traces_endpoint=wrong)
    assert (
        httpx.URL(read_settings(traces_endpoint="http://collector:4318/v1/traces").traces_endpoint or "").port == 4318
    )


async def test_a_request_that_nobody_keeps_costs_no_steps(world: World, kept: InMemorySpanExporter) -> None:
    """And the next one that is kept has all of its own."""
    for flag in ("00", "01"):
        await world.get("fien", "/v1/me", headers={"traceparent": f"00-{TRACE}-{SPAN}-{flag}"})
        assert ("transaction" in {span.name for span in kept.get_finished_spans()}) is (flag == "01")
