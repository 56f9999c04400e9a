"""Every error is a problem (RFC 9457, NLGov API Design Rules), from every layer: router, shell, edge, and a crash."""

import logging
from collections.abc import Callable
from types import ModuleType
from uuid import UUID

import pytest

from support_api.db import store
from support_api.http import edge, shell
from support_api.http.problems import language
from tests.api.problems import check_problem
from tests.conftest import World
from tests.contract.check import unchecked
from tests.rules.addresses import ask

CANARY = "CANARY-7f3a91"


NOWHERE = ("/v1/nowhere", "/v1", "/v1/me/", "/v1//me", "//v1/me", "/v1/%6de", "/v1/me%00", "/v1/me;x=1", "/v1/ME")


async def test_an_address_where_nothing_is(world: World) -> None:
    """A trailing slash, `//` and an escaped letter are other addresses, without a redirect."""
    for path in NOWHERE:
        check_problem(await ask(world, "GET", path), 404, "not_found")


async def test_what_is_too_long_is_refused_before_it_is_read(world: World) -> None:
    check_problem(await ask(world, "GET", "/v1/" + "a" * 2100), 414, "uri_too_long")
    check_problem(await ask(world, "GET", "/v1/me?x=" + "a" * 4100), 414, "uri_too_long")
    many = {f"X-{n}": "a" for n in range(70)}
    check_problem(await world.client.get("/v1/me", headers=many), 431, "headers_too_large")
    check_problem(await world.client.get("/v1/me", headers={"X-Long": "a" * 17_000}), 431, "headers_too_large")


async def test_only_the_canonical_form_is_an_id(world: World) -> None:
    canonical = "0199aaaa-0000-7000-8000-00000000dead"
    for item in (canonical, canonical.upper(), canonical.replace("-", ""), "urn:uuid:" + canonical, "1", "%20"):
        check_problem(await world.get("fien", f"{world.fien}/portrait-items/{item}"), 404, "not_found")


LANGUAGES = {
    "": "nl",
    "fr": "nl",
    "en": "en",
    "en-GB,en;q=0.9": "en",
    "nl-NL,en;q=0.5": "nl",
    "de, en;q=0.5, nl;q=0.1": "en",
    "nl;q=0.1, en": "en",
    "fr, nl;q=0.2, en;q=0.9": "en",
    "nl;q=0.001,en;q=0.002": "en",
    "EN-gb ; Q=0.5 ,\tnl;q=0.4": "en",
    "en;q=0.5, nl;q=0.5": "en",
    "nl;q=0.5, en;q=0.5": "nl",
    "en;q=0, nl": "nl",
    "en;q=0.000": "nl",
    "nl;q=0, en;q=0.1": "en",
    "english": "nl",
    "enm, eng, en_GB, e n": "nl",
    "en-": "nl",
    "nlx, en": "en",
    "en;q=2, en;q=-1, en;q=0.1234, en;q=, en;q=x, en;q, en;q=1e0, en;x=1": "nl",
    "en;q=nan, en;q=inf, en;q=\xb2": "nl",
    ",, ,en,": "en",
    "*": "nl",
}


async def check_languages(world: World) -> None:
    """By the edge, the router and the shell, in one header and in as many as there are ranges."""
    check_problem(await world.client.get("/v1/me"), 401, "unauthorized", "nl")
    for asked, expected in LANGUAGES.items():
        for values in ([asked], asked.split(",")):
            headers = [("Accept-Language", value.encode("latin-1")) for value in values]
            check_problem(await world.client.get("/v1/me", headers=headers), 401, "unauthorized", expected)
            check_problem(await world.client.get("/v1/nowhere", headers=headers), 404, "not_found", expected)
            check_problem(await world.client.get("/v1//me", headers=headers), 404, "not_found", expected)


async def test_an_error_speaks_dutch_unless_english_is_asked_for(world: World) -> None:
    """RFC 9110, 12.5.4 and 12.4.2."""
    await check_languages(world)


@pytest.mark.parametrize("layer", [edge, shell])
@pytest.mark.parametrize(
    "careless",
    [
        lambda asked: language(asked[:1]),
        lambda asked: language(asked[-1:]),
        lambda asked: language([part.split(";")[0] for each in asked for part in each.split(",")]),
        lambda asked: "en" if "en" in ",".join(asked) else "nl",
    ],
    ids=["first line", "last line", "no weights", "anywhere"],
)
async def test_a_language_that_is_read_carelessly_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, layer: ModuleType, careless: Callable[[list[str]], str]
) -> None:
    """Positive controls."""
    monkeypatch.setattr(layer, "language", careless)
    with pytest.raises(AssertionError, match="testserver/v1"):
        await check_languages(world)


async def test_the_caller_finds_the_same_request_by_its_own_trace(world: World) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await world.client.get("/v1/me", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    assert check_problem(answer, 401, "unauthorized")["instance"] == "urn:uuid:0af76519-16cd-43dd-8448-eb211c80319c"
    others = {(await world.client.get("/v1/me", headers={"traceparent": "00-zz"})).json()["instance"] for _ in "ab"}
    assert len(others) == 2


async def check_one_trace(world: World) -> None:
    traces = [f"00-{digit * 32}-b7ad6b7169203331-01" for digit in "ab"]
    for lines in (traces, traces[::-1], traces[:1] * 2, [traces[0], ""], [traces[0], "x"]):
        answer = await world.client.get("/v1/me", headers=[("traceparent", line) for line in lines])
        assert UUID(answer.headers["X-Request-Id"]).hex not in ("a" * 32, "b" * 32), lines


async def test_of_two_traces_none_is_the_callers(world: World) -> None:
    """W3C Trace Context: a request with two has none; readers that take one of them would disagree."""
    await check_one_trace(world)


@pytest.mark.parametrize("which", [0, -1])
async def test_a_trace_that_is_one_of_two_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch, which: int) -> None:
    """Positive controls."""
    strict = shell._request_id
    monkeypatch.setattr(shell, "_request_id", lambda traces: strict([traces[which]]))
    with pytest.raises(AssertionError, match="b7ad6b7169203331"):
        await check_one_trace(world)


async def test_a_crash_is_a_problem_and_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.5.1: neither the answer nor the log repeats the text of an exception; the log has its kind."""

    async def crash(*_: object, **__: object) -> None:
        raise ArithmeticError(CANARY)

    monkeypatch.setattr(store, "page", crash)
    with caplog.at_level(logging.DEBUG):
        answer = await world.get("fien", f"{world.fien}/portrait-items")
    check_problem(answer, 500, "internal")
    assert CANARY not in answer.text
    assert CANARY not in caplog.text
    assert "unexpected ArithmeticError" in caplog.text


async def test_a_header_that_an_answer_lacks_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: without one of the headers, the check on every answer fails."""
    monkeypatch.setattr(shell, "_HEADERS", shell._HEADERS[1:])
    with unchecked("a header is missing"):
        answer = await world.client.get("/v1/nowhere")
    with pytest.raises(AssertionError):
        check_problem(answer, 404, "not_found")
