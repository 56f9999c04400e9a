"""The first call of every client: which role, which municipality, and the caller's own ids."""

from tests.conftest import World
from tests.make import lines, worker_id


async def test_everybody_learns_who_they_are_here(world: World) -> None:
    for name, own in (
        *(("fien", ["residentId"]), ("abel", ["residentId"]), ("teun", ["workerId"]), ("noor", ["workerId"])),
        *(("greet", ["workerId"]), ("pim", ["workerId"]), ("zaaksysteem", [])),
    ):
        person = world.person(name)
        body = (await world.get(name, "/v1/me", headers={"Processing-Purpose": ""})).json()
        assert (body["role"], body["municipalityId"]) == (person.role, person.municipality_id)
        assert body["clientId"] == person.client_id
        assert [key for key in ("residentId", "workerId") if body[key]] == own
        assert body["residentId"] == (person.resident_id if own == ["residentId"] else None)


async def test_two_roles_of_one_person_are_two_answers(world: World) -> None:
    """One acting role per token: being a worker does not make one a team lead."""
    assert (await world.get("teun", "/v1/me", claims={"role": "team_lead"})).status_code == 404
    assert (await world.get("teun", "/v1/me", claims={"role": "resident"})).status_code == 404


async def test_who_is_not_known_here_is_nobody(world: World) -> None:
    assert (await world.get("teun", "/v1/me", claims={"sub": "unknown"})).status_code == 404
    elsewhere = {"municipality": world.person("noor").municipality_id}
    assert (await world.get("teun", "/v1/me", claims=elsewhere)).status_code == 404
    unregistered = await world.get("teun", "/v1/me", claims={"client_id": "onbekend"})
    assert (unregistered.status_code, unregistered.json()["code"]) == (403, "purpose_not_allowed")


async def test_a_resident_finds_it_in_her_log_and_a_worker_does_not_fill_it(world: World) -> None:
    before = len(await lines(world))
    await worker_id(world, "teun")
    await world.get("fien", "/v1/me")
    after = await lines(world)
    assert after[0]["sentence"] == "Jij bekeek de eigen gegevens in dit systeem."
    assert len(after) == before + 2, "her own look at the log, and this one"
