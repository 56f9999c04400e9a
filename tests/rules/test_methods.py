"""/core/http-methods: what an address has, it says (RFC 9110, 9.3.7 and 15.5.6), without a token."""

import pytest

from support_api.http.problems import Problem
from tests.api.problems import check_headers, check_problem
from tests.conftest import World
from tests.rules.addresses import addresses, ask

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "PROPFIND", "X"}


async def check_methods(world: World) -> None:
    for path, methods in addresses().items():
        allow = ", ".join(sorted(methods))
        for method in sorted(METHODS - methods):
            answer = await ask(world, method, path)
            assert (answer.status_code, answer.headers.get("Allow")) == (405, allow), f"{method} {path}"
            if method != "HEAD":
                check_problem(answer, 405, "method_not_allowed")


async def check_options(world: World) -> None:
    for path, methods in addresses().items():
        answer = await ask(world, "OPTIONS", path)
        told = answer.headers["Allow"].split(", ")
        assert (answer.status_code, answer.content, told) == (204, b"", sorted(methods)), path
        check_headers(answer)


async def test_core_http_methods(world: World) -> None:
    await check_methods(world)
    await check_options(world)


async def test_a_method_that_is_not_named_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: an answer that says less than there is."""
    body = Problem.body

    def forgets(self: Problem, *args: object) -> bytes:
        self.headers.update(Allow="GET")
        return body(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Problem, "body", forgets)
    with pytest.raises(AssertionError):
        await check_methods(world)
