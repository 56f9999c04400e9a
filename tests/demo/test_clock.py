"""The clock of a demo can be moved ahead, for all its processes; that of a municipality's service can't."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from support_api.cli import main
from support_api.demo import folder
from support_api.demo.clock import LONGEST, Clock, NoSuchTime, duration
from support_api.demo.login.claims import access_claims
from support_api.domain.consents import LONGEST as LONGEST_CONSENT
from tests.conftest import World, running
from tests.demo.inside import demo_inside, folder_of

DAY = timedelta(days=1)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=5)


def test_it_goes_ahead_and_back_to_real_time(tmp_path: Path) -> None:
    clock, other_process = Clock(tmp_path), Clock(tmp_path)
    assert near(clock(), datetime.now(UTC))
    clock.forward(30 * DAY)
    clock.forward(DAY)
    assert other_process.ahead() == 31 * DAY
    assert near(other_process(), datetime.now(UTC) + 31 * DAY)
    clock.reset()
    clock.reset()
    assert other_process.ahead() == timedelta(0)


def test_two_that_move_it_at_once_both_do(tmp_path: Path) -> None:
    threads = [Thread(target=lambda: [Clock(tmp_path).forward(DAY) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Clock(tmp_path).ahead() == 80 * DAY


def test_it_has_an_end(tmp_path: Path) -> None:
    Clock(tmp_path).forward(LONGEST)
    with pytest.raises(NoSuchTime, match="3650 days"):
        Clock(tmp_path).forward(timedelta(minutes=1))


def test_a_file_that_is_not_its_own_is_no_time(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("yesterday")
    assert Clock(tmp_path).ahead() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "expected"), [("30d", 30 * DAY), ("12h", DAY / 2), ("90m", timedelta(minutes=90)), ("2w", 14 * DAY)]
)
def test_how_far_is_said_in_words(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "0d", "1.5d", "30 d", "1y", "12345678d", "٣d"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(NoSuchTime):
        duration(text)


def caller(world: World, where: Path, name: str) -> dict[str, str]:
    token = folder.read_issuer(where).token(access_claims(world.person(name)))
    return {"Authorization": f"Bearer {token}", **({} if name == "fien" else {"Processing-Purpose": "support"})}


async def moved(client: httpx.AsyncClient, said: Any) -> Any:
    answer = await client.post("/demo/clock", json=said)
    assert answer.status_code == 200
    return answer.json()


async def test_a_consent_ends_and_the_briefing_closes(world: World, tmp_path: Path) -> None:
    """A token stays good, since that is real time; and so do the moments of the audit trail."""
    briefing = f"{world.fien}/working-relationships/{world.person('teun').working_relationship_id}/briefing"
    async with demo_inside(world, tmp_path) as client:
        teun = caller(world, tmp_path, "teun")
        before = (await client.get(briefing, headers=teun)).json()
        assert before["state"] == "open"
        await moved(client, {"forward": f"{(LONGEST_CONSENT - DAY).days}d"})
        assert (await client.get(briefing, headers=teun)).json()["state"] == "open"
        await moved(client, {"forward": "2d"})
        after = (await client.get(briefing, headers=teun)).json()
        assert after["state"] != "open"
        assert (before["baggage"] != [], after.get("baggage") or []) == (True, [])
        seen = (await client.get(f"{world.fien}/access-log?limit=1", headers=caller(world, tmp_path, "fien"))).json()
        assert near(datetime.fromisoformat(seen["results"][0]["at"]), datetime.now(UTC))
        await moved(client, {"reset": True})
        assert (await client.get(briefing, headers=teun)).json()["state"] == "open"


async def test_what_is_written_has_the_time_of_the_demo(world: World, tmp_path: Path) -> None:
    async with demo_inside(world, tmp_path) as client:
        assert (await moved(client, {"forward": "30d"}))["aheadSeconds"] == 30 * 86400
        assert near(await written_at(client, world, tmp_path), datetime.now(UTC) + 30 * DAY)
        now = (await client.get("/demo/clock")).json()["now"]
        assert near(datetime.fromisoformat(now), datetime.now(UTC) + 30 * DAY)
        assert "30 days ahead" in (await client.get("/demo")).text


async def written_at(client: httpx.AsyncClient, world: World, where: Path) -> datetime:
    headers = {**caller(world, where, "fien"), "Idempotency-Key": "a-key-of-this-test"}
    said = {"kind": "joy", "text": "Zingen."}
    answer = await client.post(f"{world.fien}/portrait-items", json=said, headers=headers)
    return datetime.fromisoformat(answer.json()["createdAt"])


async def test_nothing_moves_the_clock_of_a_municipality(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a demo folder in its environment either. The control is the demo above, with the same file."""
    Clock(folder_of(world, tmp_path)).forward(30 * DAY)
    monkeypatch.setenv(folder.VARIABLE, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    async with running(world.cluster, world.main, world.keys) as client:
        client.headers["Authorization"] = f"Bearer {world.token('fien')}"
        assert (await client.post("/demo/clock", json={"forward": "30d"})).status_code == 404
        headers = {"Idempotency-Key": "a-key-of-this-test"}
        said = {"kind": "joy", "text": "Zingen."}
        answer = await client.post(f"{world.fien}/portrait-items", json=said, headers=headers)
    assert near(datetime.fromisoformat(answer.json()["createdAt"]), datetime.now(UTC))


@pytest.mark.parametrize("said", [{}, {"forward": "-1d"}, {"forward": "1d", "reset": True}, {"back": 1}, [], "1d", 3])
async def test_anything_else_is_refused(world: World, tmp_path: Path, said: Any) -> None:
    async with demo_inside(world, tmp_path) as client:
        answer = await client.post(
            "/demo/clock", content=json.dumps(said), headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
        assert (await client.get("/demo/clock")).json()["aheadSeconds"] == 0


async def test_the_form_of_the_page(world: World, tmp_path: Path) -> None:
    """A browser is led back to the page; one that comes from elsewhere moves nothing."""
    async with demo_inside(world, tmp_path) as client:
        browser = {"Accept": "text/html", "Origin": "http://127.0.0.1:8000"}
        page = await client.get("/demo", headers=browser)
        assert page.headers["referrer-policy"] == "same-origin"
        answer = await client.post("/demo/clock", data={"forward": "1d"}, headers=browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/demo")
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
            refused = await client.post("/demo/clock", data={"forward": "1d"}, headers=foreign)
            assert refused.status_code in (403, 404)
        assert "1 day ahead" in (await client.get("/demo")).text


def told(where: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["clock", *arguments, "--data-dir", str(where)])
    return done.exit_code, done.output


def test_the_command(world: World, tmp_path: Path) -> None:
    folder_of(world, tmp_path)
    assert told(tmp_path)[1].endswith("  real time\n")
    assert told(tmp_path, "--forward", "30d")[1].endswith("  30 days, 0:00:00 ahead of real time\n")
    assert told(tmp_path, "--forward", "soon") == (1, "Error: say how far, as 30d, 12h, 90m or 2w\n")
    assert told(tmp_path, "--reset")[1].endswith("  real time\n")
    code, words = told(tmp_path / "nowhere", "--forward", "1d")
    assert (code, "there is no demo" in words) == (1, True)
