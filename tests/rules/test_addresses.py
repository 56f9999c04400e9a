"""/core/no-trailing-slash, /core/uri-version, /core/path-segments-kebab-case, over all that the router has."""

import re
from collections.abc import Iterator

import pytest
from litestar.routes import HTTPRoute

from support_api.app import create_app
from support_api.http import shell
from tests.api.problems import check_problem
from tests.conftest import Cluster, World, settings_for
from tests.rules.addresses import PAGES, PUBLIC, addresses, ask

_SEGMENT = r"[a-z0-9]+(-[a-z0-9]+)*"
_PATH = re.compile(rf"/v1(/{_SEGMENT}|/{{[a-z][A-Za-z]*}})*/(_?{_SEGMENT}|{{[a-z][A-Za-z]*}})")
# What is not ours to name: the rule /core/publish-openapi names the first, the custom of those who run it two others.
# Pages and their files are for people.
_GIVEN = {"/v1/openapi.json", "/livez", "/readyz", *PAGES}


def slashed(path: str) -> Iterator[str]:
    """The address with a slash too many, at each place where one can be."""
    yield path + "/"
    for place in (found.start() for found in re.finditer("/", path + "/")):
        yield f"{(path + '/')[:place]}/{(path + '/')[place:]}"


async def check_no_slash(world: World) -> None:
    """As somebody who may use the address without it; a redirect would be wrong too."""
    token = f"Bearer {world.token('fien')}"
    for path, methods in addresses().items():
        for wrong in slashed(path):
            answer = await ask(world, min(methods), wrong, Authorization=token)
            check_problem(answer, 404, "not_found")


async def test_core_no_trailing_slash(world: World) -> None:
    assert list(slashed("/a/b")) == ["/a/b/", "//a/b/", "/a//b/", "/a/b//"]
    await check_no_slash(world)


async def test_the_routers_own_leniency_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: without the shell's refusal the framework answers as if the slash were not there."""
    monkeypatch.setattr(shell, "_refused", lambda *_: None)
    assert (await ask(world, "GET", "/livez/")).status_code == 200
    with pytest.raises(AssertionError):
        await check_no_slash(world)


def misnamed(paths: set[str]) -> list[str]:
    return sorted(path for path in paths - _GIVEN if not _PATH.fullmatch(path))


@pytest.fixture
def routes(cluster: Cluster) -> set[str]:
    app = create_app(settings_for(cluster, "nowhere", "nowhere"))._app
    return {route.path_format for route in app.routes if isinstance(route, HTTPRoute)}  # type: ignore[attr-defined]


def test_core_path_segments_kebab_case(routes: set[str]) -> None:
    assert misnamed(routes) == []
    wrong = {"/v1/who_am_i", "/v1/whoAmI", "/v1/_search/me", "/v1/me.json", "/v1/me/", "/v1/Me", "/v1/a--b"}
    assert misnamed(wrong) == sorted(wrong)


def test_core_uri_version(routes: set[str]) -> None:
    """The major version, and no more of it, in each address but those of who runs the service."""
    assert routes - set(PUBLIC[1:]) == {path for path in routes if path.startswith("/v1/")}
    assert misnamed({"/me", "/v1.0/me", "/v2/me"}) == ["/me", "/v1.0/me", "/v2/me"]
