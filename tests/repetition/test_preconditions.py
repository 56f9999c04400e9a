"""Every conditional operation wants the version it changes: none is 428, an old one 412, nonsense 400."""

from collections.abc import Callable

import pytest

from tests.api.problems import check_problem, faults
from tests.conftest import World
from tests.every_operation import CONDITIONAL, Good, good
from tests.repetition.stored import moved, versions

BAD: dict[str, tuple[Callable[[str], str], int, str]] = {
    "none": (lambda _: "", 428, "precondition_required"),
    "stale": (lambda tag: f'"9{tag[2:]}', 412, "stale"),
    "weak": (lambda tag: f"W/{tag}", 400, "invalid_input"),
    "any": (lambda _: "*", 400, "invalid_input"),
    "unquoted": (lambda tag: tag.strip('"'), 400, "invalid_input"),
    "list": (lambda tag: f"{tag}, {tag}", 400, "invalid_input"),
}


async def check_refused(world: World, request: Good, how: str) -> None:
    spoil, status, code = BAD[how]
    before = await versions(world)
    answer = await request.send(world, **{"If-Match": spoil(request.headers["If-Match"])})
    problem = check_problem(answer, status, code)
    if status == 400:
        assert faults(problem) == {("If-Match", "invalid_tag")}, f"{request.operation.name}: {how}"
    assert not moved(before, await versions(world)), f"{request.operation.name}: {how}"


@pytest.mark.parametrize("name", CONDITIONAL)
async def test_a_wrong_tag_is_refused_and_changes_nothing(world: World, name: str) -> None:
    request = await good(world, name)
    for how in BAD:
        await check_refused(world, request, how)
    assert (await request.send(world)).status_code == request.operation.status, "the right tag does it"


async def test_a_request_that_is_done_all_the_same_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: a tag that is put right on its way in."""
    request = await good(world, "changePortraitItem")
    monkeypatch.setitem(BAD, "none", (lambda tag: tag, 428, "precondition_required"))
    with pytest.raises(AssertionError):
        await check_refused(world, request, "none")
