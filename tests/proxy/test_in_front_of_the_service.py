"""In front of the real service: everything works as without it, and what is nowhere stays nowhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tests.conftest import World
from tests.contract.check import WATCHED
from tests.every_operation import NAMES, good
from tests.leaks.sinks import leaks
from tests.processes import free_port
from tests.proxy.nginx import Answer, Proxy, proxying, trusting, whole
from tests.proxy.upstream import upstream
from tests.sites import Site, ready

pytestmark = [pytest.mark.nginx, pytest.mark.slow]
ELSEWHERE = {"X-Forwarded-Host": "elders.example", "Forwarded": "host=elders.example"}
OF_EACH_ANSWER = {"date", "server", "connection", "x-request-id"}
NOWHERE = (
    "/v1",
    "//",
    "/v1/me/",
    "//v1/me",
    "/v1//me",
    "/v1%2fme",
    "/v1%2Fme",
    "/v1/%6de",
    "/v1/me%00",
    "/%00/v1/me",
    "/v1/me%zz",
    "/v1/me%",
    "/v1/me;x",
    "/v1/./me",
    "/v1/x/../me",
)
TIDY = {"proxy_pass http://support_api;": "proxy_pass http://support_api/;"}


@dataclass
class Both:
    """The service, with and without the proxy."""

    port: int
    proxy: Proxy
    world: World

    async def answers(self, path: str) -> list[Answer]:
        headers = {"Authorization": f"Bearer {self.world.token('fien')}"}
        return [_direct(self.port, path, headers), self.proxy.call(path, **headers)]


def _direct(port: int, path: str, headers: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        return whole(connection.getresponse())
    finally:
        connection.close()


def _said(answer: Answer) -> tuple[int, dict[str, str], str]:
    """Without what differs from one answer to the next."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_EACH_ANSWER}
    return answer.status, headers, answer.body.decode().replace(answer.headers["x-request-id"], "…")


@asynccontextmanager
async def both(world: World, folder: Path, changes: dict[str, str] | None = None) -> AsyncIterator[Both]:
    port = free_port()
    site = Site(world.cluster, world.main, world.keys, folder)
    with site.serving(port, SUPPORT_API_WORKERS="1"), proxying(folder, port, changes) as proxy:
        ready(port)
        base = f"https://127.0.0.1:{proxy.port}"
        verify = trusting()
        async with httpx.AsyncClient(
            base_url=base, verify=verify, trust_env=False, timeout=20, event_hooks=WATCHED
        ) as client:
            yield Both(port, proxy, replace(world, client=client))


async def test_every_operation_works_through_it(world: World, tmp_path: Path) -> None:
    async with both(world, tmp_path) as found:
        for name in NAMES:
            request = await good(found.world, name)
            answer = await request.send(found.world, **ELSEWHERE)
            assert answer.status_code == request.operation.status, name
            assert "elders" not in f"{answer.headers}{answer.text}", name
        written = found.proxy.written()
        assert written.count("upstream=") >= len(NAMES)
        assert leaks({"log": written}) == []
        ids = [found.world.fien.rsplit("/", 1)[1], str(found.world.person("teun").working_relationship_id)]
        assert not [each for each in ids if each in written]
        again = [_said(answer) for answer in await found.answers("/v1/me")]
        assert again[0] == again[1]


async def test_what_is_nowhere_is_nowhere_through_it_too(world: World, tmp_path: Path) -> None:
    """To the byte the same 404. A proxy that tidies the address up first is found."""
    async with both(world, tmp_path) as found:
        for path in NOWHERE:
            direct, through = [_said(answer) for answer in await found.answers(path)]
            assert (direct[0], through) == (404, direct), path
        with proxying(tmp_path, found.port, TIDY) as tidy:
            _, through = await Both(found.port, tidy, found.world).answers("/v1%2fme")
        assert through.status == 200


SAID = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix")
SAID += ("X-Forwarded-Proto", "X-Forwarded-Server", "X-Original-URL", "X-Real-IP", "X-Rewrite-URL", "Upgrade", "TE")
TRUSTING = {'proxy_set_header X-Real-IP "";': "", 'proxy_set_header Forwarded "";': ""}


@pytest.mark.parametrize(("changes", "passed"), [({}, set()), (TRUSTING, {"X-Real-IP", "Forwarded"})])
def test_what_a_caller_says_about_itself_goes_no_further(
    tmp_path: Path, changes: dict[str, str], passed: set[str]
) -> None:
    with upstream() as service, proxying(tmp_path, service.port, changes) as proxy:
        said = {name.replace("-", "_"): f"said-{name}" for name in SAID}
        assert proxy.call("/v1/me?x=1", traceparent="as-it-came", **said).status == 204
        assert {name for name in SAID if f"said-{name}" in service.received[0]} == passed
        assert service.received[0].startswith("GET /v1/me?x=1 HTTP/1.1\r\n")
        assert "as-it-came" in service.received[0]


def test_connections_to_the_service_are_kept(tmp_path: Path) -> None:
    with upstream() as service:
        with proxying(tmp_path, service.port) as proxy:
            assert [proxy.call("/v1/me").status for _ in range(5)] == [204] * 5
            assert service.connections == 1
        with proxying(tmp_path, service.port, {'            proxy_set_header Connection "";\n': ""}) as proxy:
            assert [proxy.call("/v1/me").status for _ in range(5)] == [204] * 5
            assert service.connections == 6
