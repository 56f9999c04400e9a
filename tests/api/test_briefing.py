"""The flagship: the 25th worker opens one briefing, approved by the resident, instead of asking everything again (W1)."""

from typing import Any

from support_api.demo import cast
from tests.conftest import World

SECTIONS = ("what_matters", "strengths_and_what_goes_well", "how_to_approach_me", "wishes_and_goals", "worries")


def briefing_of(world: World, name: str = "teun") -> str:
    return f"{world.fien}/working-relationships/{world.person(name).working_relationship_id}/briefing"


def texts(body: dict[str, Any]) -> str:
    return str({key: value for key, value in body.items() if key != "draft"})


async def test_the_25th_worker_reads_what_fien_shared_in_short_form(world: World) -> None:
    answer = await world.get("teun", briefing_of(world))
    body = answer.json()
    assert (body["state"], body["ordinal"], body["openedBy"]) == ("open", 25, "approval")
    assert body["ordinalSentence"] == "Je bent de 25e medewerker die Fien ontmoet."
    assert body["workerHistory"] == {"earlierWorkers": 24, "importedWorkers": 19, "residentAgrees": True}
    assert [note["depth"] for note in body["baggage"]] == ["short", "short"]
    assert all(text in texts(body) for _, text in cast.FIEN_PORTRAIT)
    for hidden in (cast.FIEN_PRIVATE, cast.FIEN_BAGGAGE[0]["full_text"], cast.FIEN_BAGGAGE[2]["short_version"]):
        assert hidden not in answer.text
    assert body["existenceHint"] is None
    assert body["draft"] is None
