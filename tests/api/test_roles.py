"""A role in a token is worth nothing by itself: it must be the registered role of that subject, at that issuer, in that
municipality (access.md; OWASP API5)."""

from typing import Any

import pytest

from support_api.db import facts
from support_api.demo.cast import FIEN_BSN, FRONT_END, ROLE_SCOPES
from support_api.domain.vocabulary import Role, Scope
from support_api.settings import IssuerSettings
from tests.api.problems import check_problem
from tests.conftest import World, running

EVERYTHING = " ".join(scope.value for scope in Scope)
# A system is its client, not its subject: with this role the client's registration and scopes decide.
SYSTEM = {"role": Role.EXTERNAL_SYSTEM.value, "scope": EVERYTHING.replace(Scope.RELATIONSHIPS_ASSIGN.value, "")}
# Whose token, and what it claims beside the truth.
CLAIMED: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("fien", {"role": role.value}) for role in Role if role not in (Role.RESIDENT, Role.EXTERNAL_SYSTEM)),
    *(("teun", {"role": role.value}) for role in Role if role not in (Role.WORKER, Role.EXTERNAL_SYSTEM)),
    *(("greet", {"role": role.value}) for role in Role if role not in (Role.TEAM_LEAD, Role.EXTERNAL_SYSTEM)),
    *((name, SYSTEM) for name in ("fien", "teun", "greet")),
    ("zaaksysteem", {"role": "worker"}),
    ("zaaksysteem", {"role": "resident"}),
    ("abel", {"municipality": "0199aaaa-0000-7000-8000-000000000001"}),
    ("fien", {"municipality": "0199aaaa-0000-7000-8000-000000000002"}),
    ("fien", {"sub": "Fien"}),
    ("fien", {"sub": "fien "}),
    ("teun", {"sub": "nobody"}),
)


async def check_nothing_opens(world: World) -> None:
    purpose = {"Processing-Purpose": "support"}
    for name, claims in CLAIMED:
        said = {"scope": EVERYTHING, "client_id": FRONT_END, **claims}
        answer = await world.get(name, f"{world.fien}/portrait-items", claims=said, headers=purpose)
        check_problem(answer, 404, "not_found")
        if claims.get("role") != Role.EXTERNAL_SYSTEM.value:
            check_problem(await world.get(name, "/v1/me", claims=said), 404, "not_found")


async def test_a_claimed_role_opens_nothing(world: World) -> None:
    await check_nothing_opens(world)
    seen = await world.sql("select actor_id from support.audit_entries where outcome = 'not_found'")
    known = await world.sql("select id from support.clients")
    assert {entry["actor_id"] for entry in seen} <= {None, *(client["id"] for client in known)}


async def test_a_look_up_without_the_role_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: who is found by subject alone gets in with a role that is not theirs."""
    monkeypatch.setattr(
        facts._FACTS, "sql", facts._FACTS.sql.replace("i.role = $1::VARCHAR", "$1::VARCHAR is not null")
    )
    with pytest.raises(AssertionError):
        await check_nothing_opens(world)


async def test_scopes_do_not_outgrow_the_role(world: World) -> None:
    """Teun with every scope there is remains Teun: he sees what he saw and starts nothing."""
    answer = await world.get("teun", f"{world.fien}/portrait-items", claims={"scope": EVERYTHING})
    assert len(answer.json()["results"]) == 8
    assert Scope.RELATIONSHIPS_ASSIGN not in ROLE_SCOPES[Role.WORKER]


async def test_a_first_log_in_finds_its_resident_by_a_trusted_claim_only(world: World) -> None:
    """An issuer may be trusted to state a BSN: it opens what it belongs to, for a resident and for nobody else."""
    path = f"{world.fien}/portrait-items"
    trusted = [IssuerSettings(**world.cluster.issuer.settings(), bsn_claim="bsn")]
    claims = {"sub": "digid-0001", "bsn": FIEN_BSN, "client_id": FRONT_END}

    def sent(**said: Any) -> dict[str, str]:
        token = world.token("fien", **{**claims, "scope": EVERYTHING, **said})
        return {"Authorization": f"Bearer {token}", "Processing-Purpose": "support"}

    async with running(world.cluster, world.main, world.keys, issuers=trusted) as client:
        assert (await client.get(path, headers=sent())).status_code == 200
        for said in (
            {"bsn": "999990020"},
            {"bsn": "999990027"},
            {"bsn": f" {FIEN_BSN}"},
            {"bsn": int(FIEN_BSN)},
            {"bsn": None},
            {"role": "worker"},
            SYSTEM,
            {"municipality": "0199aaaa-0000-7000-8000-000000000002"},
        ):
            check_problem(await client.get(path, headers=sent(**said)), 404, "not_found")
    check_problem(await world.client.get(path, headers=sent()), 404, "not_found")
