"""The rules that speak of every answer, whatever its status and whichever layer it comes from."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from support_api.http.problems import KINDS
from support_api.http.shell import API_VERSION
from tests.api.problems import HEADERS, check_problem
from tests.rules.answers import Answers

pytestmark = pytest.mark.slow
Complaints = list[str]


def test_every_status_is_there(answers: Answers) -> None:
    """Positive control: no rule is held by answers that were never seen."""
    expected = {200, 201, 204, 304} | {kind.status for kind in KINDS.values()}
    assert {answer.status_code for answer in answers.values()} == expected


def no_version(answer: httpx.Response) -> Complaints:
    told = answer.headers.get_list("API-Version")
    return [] if told == [API_VERSION] else [f"API-Version {told}"]


def unsafe(answer: httpx.Response) -> Complaints:
    lacking = [name for name, value in HEADERS.items() if answer.headers.get_list(name) != [value]]
    return lacking + ["Content-Type"] * (bool(answer.content) and "Content-Type" not in answer.headers)


def no_problem(answer: httpx.Response) -> Complaints:
    if answer.status_code < 400:
        return []
    try:
        check_problem(answer, answer.status_code, answer.json()["code"])
    except (AssertionError, KeyError, ValueError, StopIteration) as error:
        return [repr(error)]
    return []


def with_state(answer: httpx.Response) -> Complaints:
    return [name for name in ("Set-Cookie", "WWW-Negotiate") if name in answer.headers]


_PARTS = re.compile(
    r"granian|uvicorn|hyper/|litestar|pydantic|msgspec|sqlalchemy|asyncpg|postgres|python|traceback", re.I
)


def how_it_is_made(answer: httpx.Response) -> Complaints:
    """The name of anything that it is built with, or another name than its own."""
    found = _PARTS.findall(str(answer.headers.raw) + answer.text)
    return found if answer.headers.get_list("Server") == ["support-api"] else [*found, "Server"]


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(each)


def other_keys(answer: httpx.Response) -> Complaints:
    """The contract itself has OpenAPI's keys."""
    if not answer.content or answer.request.url.path == "/v1/openapi.json":
        return []
    return [key for key in keys(answer.json()) if not re.fullmatch("[a-z]+([A-Z][a-z]+)*", key)]


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def other_moments(answer: httpx.Response) -> Complaints:
    """Each text that begins as a moment does ends as one in UTC."""
    if answer.request.url.path == "/v1/openapi.json":
        return []
    begun = re.findall(r'"(\d{4}-\d\d-\d\d[^"]+)"', answer.text)
    return [text for text in begun if not _MOMENT.fullmatch(text)]


RULES: dict[str, Callable[[httpx.Response], Complaints]] = {
    "core_version_header": no_version,
    "core_transport_security_headers": unsafe,
    "core_error_handling_problem_details": no_problem,
    "core_stateless": with_state,
    "core_date_time_timezone": other_moments,
    "core_hide_implementation": how_it_is_made,
    "keys_are_camel_case": other_keys,
}


def broken(answers: Answers, rule: str) -> dict[str, Complaints]:
    found = {what: RULES[rule](answer) for what, answer in answers.items()}
    return {what: complaints for what, complaints in found.items() if complaints}


def test_core_version_header(answers: Answers) -> None:
    assert broken(answers, "core_version_header") == {}


def test_core_transport_security_headers(answers: Answers) -> None:
    assert broken(answers, "core_transport_security_headers") == {}


def test_core_error_handling_problem_details(answers: Answers) -> None:
    assert broken(answers, "core_error_handling_problem_details") == {}


def test_core_stateless(answers: Answers) -> None:
    """No session: what an answer depends on is all in the request."""
    assert broken(answers, "core_stateless") == {}


def test_core_hide_implementation(answers: Answers) -> None:
    assert broken(answers, "core_hide_implementation") == {}


def test_core_date_time_timezone(answers: Answers) -> None:
    assert broken(answers, "core_date_time_timezone") == {}
    assert sum(len(_MOMENT.findall(answer.text)) for answer in answers.values()) > 50


def test_keys_are_camel_case(answers: Answers) -> None:
    assert broken(answers, "keys_are_camel_case") == {}


def spoilt(answer: httpx.Response, text: str | None = None, drop: str = "", **add: str) -> httpx.Response:
    headers = [(name, value) for name, value in answer.headers.multi_items() if name != drop]
    headers = [(name, value) for name, value in headers if name != "content-length"] + list(add.items())
    content = answer.content if text is None else text.encode()
    return httpx.Response(answer.status_code, content=content, headers=headers, request=answer.request)


PLANTED: list[tuple[str, str, Callable[[httpx.Response], httpx.Response]]] = [
    ("core_version_header", "crash", lambda a: spoilt(a, drop="api-version")),
    ("core_version_header", "getMe, done", lambda a: spoilt(a, **{"API-Version": "0.1.0"})),
    *(
        ("core_transport_security_headers", "PUT", lambda a, name=name: spoilt(a, drop=name.lower()))
        for name in HEADERS
    ),
    ("core_transport_security_headers", "getMe, done", lambda a: spoilt(a, drop="content-type")),
    ("core_error_handling_problem_details", "crash", lambda a: spoilt(a, '{"detail": "Server Error"}')),
    ("core_error_handling_problem_details", "PUT", lambda a: spoilt(a, "Method Not Allowed")),
    ("core_error_handling_problem_details", "getMe, no token", lambda a: spoilt(a, drop="content-type")),
    ("core_stateless", "getMe, done", lambda a: spoilt(a, **{"Set-Cookie": "session=1"})),
    ("core_hide_implementation", "PUT", lambda a: spoilt(a, drop="server")),
    ("core_hide_implementation", "PUT", lambda a: spoilt(a, **{"X-Powered-By": "Litestar"})),
    ("core_hide_implementation", "crash", lambda a: spoilt(a, a.text + "asyncpg.exceptions.UniqueViolationError")),
    ("core_date_time_timezone", "getConsent, done", lambda a: spoilt(a, a.text.replace('Z"', '+00:00"'))),
    ("core_date_time_timezone", "getConsent, done", lambda a: spoilt(a, a.text.replace('Z"', '"'))),
    ("keys_are_camel_case", "getConsent, done", lambda a: spoilt(a, a.text.replace("validFrom", "valid_from"))),
    ("keys_are_camel_case", "getConsent, done", lambda a: spoilt(a, json.dumps({"a": [{"Wrong": 1}]}))),
]


@pytest.mark.parametrize(("rule", "which", "spoil"), PLANTED)
def test_a_planted_mistake_is_noticed(
    answers: Answers, rule: str, which: str, spoil: Callable[[httpx.Response], httpx.Response]
) -> None:
    """Positive controls, each on an answer in which the rule finds nothing."""
    assert list(broken({**answers, which: spoil(answers[which])}, rule)) == [which]
