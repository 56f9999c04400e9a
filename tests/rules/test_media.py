"""What goes in and out is JSON: another Content-Type, or none, is 415, and an Accept that can't be met is 406."""

import pytest

from support_api.http import reading
from tests.api.problems import check_problem
from tests.conftest import World
from tests.every_operation import NAMES, Good, good

TYPES = ("", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data")
TYPES += ("application/problem+json", "application/json-patch+json", "application/jsonx", "application", "json", "*/*")
TYPES += ("application/json; charset=latin-1", "application/json, text/plain", "application/vnd.api+json")
CODINGS = ("gzip", "br", "deflate", "identity, gzip", "x")
ACCEPTS = ("text/html", "application/xml", "application/hal+json", "image/*", "application/json;q=0", "*/*;q=0.0", "x")


def types(request: Good) -> list[str]:
    """What this operation does not read; where there is no body, that there is no type is right."""
    if request.body is None:
        return [each for each in TYPES if each]
    return [*TYPES, *({"application/merge-patch+json"} - set(request.operation.media_types))]


async def check_media(world: World, request: Good) -> None:
    for kind in types(request):
        answer = await request.send(world, **{"Content-Type": kind})
        check_problem(answer, 415, "unsupported_media_type")
    for coding in CODINGS:
        answer = await request.send(
            world, **{"Content-Encoding": coding, "Content-Type": request.operation.media_types[0]}
        )
        check_problem(answer, 415, "unsupported_media_type")


async def check_accept(world: World, request: Good) -> None:
    for accept in ACCEPTS:
        check_problem(await request.send(world, Accept=accept), 406, "not_acceptable")


async def test_each_operation_reads_and_gives_json_only(world: World) -> None:
    """The request that was refused so often is then done, so nothing else was wrong with it."""
    for name in NAMES:
        request = await good(world, name)
        await check_media(world, request)
        await check_accept(world, request)
        done = await request.send(world, Accept="text/html, application/json;q=0.1")
        assert done.status_code == request.operation.status, f"{name}: {done.text}"


async def test_an_empty_accept_is_as_none(world: World) -> None:
    """RFC 9110, 12.5.1: an empty list names no type to prefer."""
    for empty in ("", " "):
        answer = await world.get("fien", "/v1/me", headers={"Accept": empty})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("open_door", ["media", "accept"])
async def test_an_operation_that_takes_anything_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, open_door: str
) -> None:
    """Positive controls."""
    request = await good(world, "createPortraitItem")
    monkeypatch.setattr(reading, open_door, lambda *_: None)
    with pytest.raises(AssertionError):
        await {"media": check_media, "accept": check_accept}[open_door](world, request)
