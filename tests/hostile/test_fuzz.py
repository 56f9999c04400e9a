"""A short run of the fuzz, whose long one is `make fuzz`, and a fault of each kind that it is seen to find."""

from pathlib import Path
from random import Random

import pytest

from tests.hostile import fuzz
from tests.hostile.fuzz import fuzzed
from tests.hostile.met import Met
from tests.hostile.mutating import Mutator, written
from tests.hostile.probing import Waited
from tests.hostile.requests import Request
from tests.processes import SOURCE
from tests.sites import Site

pytestmark = pytest.mark.slow
SEED = 20261125


async def test_mutants_find_nothing(light_site: Site) -> None:
    met = await fuzzed(light_site, SEED, range(400))
    assert met.verdict() == [], met.summary()
    assert {200, 201, 204, 400, 401, 404, 405, 409, 431} <= met.statuses.keys()


async def test_one_mutant_can_be_sent_alone(light_site: Site) -> None:
    met = await fuzzed(light_site, SEED, range(14365, 14366))
    assert (sum(met.statuses.values()), met.verdict()) == (1, [])
    assert "1 requests" in met.summary()


def planted(folder: Path, *lines: str) -> str:
    """A PYTHONPATH on which the service has this fault in it from its start."""
    start = ["import time", "from support_api.domain.errors import Fault", "from support_api.http import reading"]
    (folder / "sitecustomize.py").write_text("\n".join([*start, "body = reading.body", *lines, ""]))
    return f"{folder}:{SOURCE}"


FAULTS = {
    "got 500": "reading.body = lambda *args: 1 // (args[1][:1] in b'{') and body(*args)",
    "came back": "reading._fault = lambda model, error, lead: Fault(str(error['loc']), 'unknown')",
    "yet it changed": "",
}


@pytest.mark.parametrize("complaint", FAULTS)
async def test_a_fault_is_found(
    light_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaint: str
) -> None:
    """Positive controls. Where records change in spite of a refusal, it is our look at them that is made to say so."""
    if complaint == "yet it changed":
        looks = iter(range(100))

        async def records(_: object) -> dict[str, str]:
            return {"support.residents": str(next(looks))}

        monkeypatch.setattr(fuzz, "records", records)
    met = await fuzzed(light_site, SEED, range(160), PYTHONPATH=planted(tmp_path, FAULTS[complaint]))
    assert any(complaint in each for each in met.verdict()), met.summary()
    assert all(each.startswith("number ") for each in met.found)


async def test_memory_that_grows_and_others_who_wait_are_found(
    light_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positive control: a service that keeps what it was sent, and stands still while it reads."""
    keeps = "(hoard.append(b'x' * 30_000_000), time.sleep(0.4))"
    reads = f"reading.body = lambda *args: (args[1][:1] in b'{{' or {keeps}) and body(*args)"
    monkeypatch.setattr("tests.hostile.met.LONGEST_WAIT", 0.3)
    met = await fuzzed(light_site, SEED, range(160), PYTHONPATH=planted(tmp_path, "hoard = []", reads))
    assert [each[:11] for each in met.verdict()] == ["memory grew", "another cal"], met.summary()


def test_each_bound_is_held() -> None:
    quiet = Waited([0.001])
    met = Met(1, memory=[100, 126], quiet=quiet, during=Waited([0.001]))
    assert [each[:11] for each in met.verdict()] == ["memory grew"]
    met = Met(1, memory=[100, 125], quiet=quiet, during=Waited([0.001, 2.1]))
    assert [each[:11] for each in met.verdict()] == ["another cal"]
    met = Met(1, memory=[100, 125], quiet=quiet, during=Waited([0.001], failed=1))
    assert [each[:11] for each in met.verdict()] == ["another cal"]
    assert Met(1, memory=[100, 125], quiet=quiet, during=Waited([1.9])).verdict() == []


def test_the_same_seed_makes_the_same_mutant() -> None:
    request = Request("POST", b"/v1/residents?x=1", ((b"Host", b"x"),), b'{"a": [{"b": "c"}]}')
    mutants = [[written(Mutator(Random(f"1:{at}"), [{"d": 1}]).mutant(request)) for at in range(200)] for _ in "12"]
    assert mutants[0] == mutants[1]
    assert len(set(mutants[0])) > 150
