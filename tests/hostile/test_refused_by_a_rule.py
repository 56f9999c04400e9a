"""What is well said and yet refused changes no record either, in neither database."""

from typing import Any

import pytest

from support_api.db import lookups
from support_api.demo import cast
from tests.conftest import World
from tests.every_operation import CONDITIONAL, Good
from tests.hostile.judging import Attempts, driven
from tests.hostile.requests import Attempt, Request, refused
from tests.make import UNKNOWN

TAKEN = {"identifiers": [{"system": "bsn", "value": cast.FIEN_BSN}]}
REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "createResident": (TAKEN, 409),
    "changeResident": (TAKEN, 403),
    "startWorkingRelationship": ({"workerId": UNKNOWN}, 409),
    "createConsent": ({"party": {"type": "worker", "id": UNKNOWN}}, 409),
}


def saying(more: dict[str, Any], status: int) -> Attempts:
    def attempts(request: Good, start: Request) -> Any:
        content = request.but(body={**request.body, **more}).content
        yield refused(f"with {sorted(more)}", start.but(content=content), status)

    return attempts


def stale(_: Good, start: Request) -> Any:
    yield Attempt("stale", start.header("If-Match", '"999.0123456789abcdef"'), frozenset({412}))


def elsewhere(_: Good, start: Request) -> Any:
    """At another id of each kind that there is in the path."""
    parts = start.target.split(b"/")
    for at in (at for at, part in enumerate(parts) if len(part) == 36):
        yield refused("elsewhere", start.but(target=b"/".join([*parts[:at], UNKNOWN.encode(), *parts[at + 1 :]])), 404)


@pytest.mark.parametrize("name", REFUSED)
async def test_a_rule_that_refuses_leaves_all_as_it_was(world: World, name: str) -> None:
    assert await driven(world, name, saying(*REFUSED[name])) == []


async def test_what_is_stale_or_not_there_leaves_all_as_it_was(world: World) -> None:
    for name in CONDITIONAL:
        assert await driven(world, name, stale) == []
        assert await driven(world, name, elsewhere) == []


async def test_a_key_that_a_refused_resident_leaves_behind_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: the key store is another database, where no refusal rolls anything back."""

    async def nothing(*_: object) -> None: ...

    monkeypatch.setattr(lookups, "guard_free", nothing)
    found = await driven(world, "createResident", saying(*REFUSED["createResident"]))
    assert found == ["createResident changed keys.data_keys"]
