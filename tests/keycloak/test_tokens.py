"""The service accepts the tokens that Keycloak makes by the realm file, with the issuers file that comes with it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from support_api.app import _issuer
from support_api.domain.facts import Principal
from support_api.domain.vocabulary import Assurance, Role, Scope
from support_api.http.auth import TokenVerifier, Unauthorized
from support_api.outbound.jwks import IssuerKeys
from support_api.settings import IssuerSettings, Settings
from tests.keycloak.realm import ISSUERS, Realm, User, jwks, named, realm, token

TOWN = "0199aaaa-0000-7000-8000-000000000001"
TEUN = User("8f0f6f8e-0f43-4f6b-9d0a-3c2a4f0c9d11", {"municipality": TOWN, "role": "worker"})
SYSTEM = User("2b8cfb5e-6f6c-4f0e-8a0e-0a5a5d0c7e21", {"municipality": TOWN}, level=0)
ALL = " ".join(scope.value for scope in Scope)
FRONT_END, CASE_SYSTEM = "werkplek-voorbeeld", "zaaksysteem-voorbeeld"


class Hashes:
    def hash(self, label: str, municipality_id: UUID, value: bytes) -> bytes:
        return value


async def accepted(realm: Realm, client_id: str, user: User, asked: str = ALL) -> Principal:
    (entry,) = ISSUERS
    settings = IssuerSettings(**entry)
    keys = IssuerKeys({settings.issuer: jwks()}, {})
    audience = Settings.model_fields["audience"].default
    verifier = TokenVerifier({settings.issuer: _issuer(settings)}, keys, audience, Hashes())
    return await verifier.verify([f"Bearer {token(realm, client_id, user, asked)}"])


async def test_a_workers_token_is_accepted() -> None:
    found = await accepted(realm(), FRONT_END, TEUN, "openid me:read baggage:read")
    assert (str(found.municipality_id), found.role, found.client_id) == (TOWN, Role.WORKER, FRONT_END)
    assert found.subject == f"{ISSUERS[0]['issuer']}\0{TEUN.id}".encode()
    assert found.scopes == {Scope.ME, Scope.BAGGAGE_READ}
    assert found.assurance is Assurance.SUBSTANTIAL


async def test_a_systems_token_is_accepted_with_no_more_than_its_scopes() -> None:
    found = await accepted(realm(), CASE_SYSTEM, SYSTEM)
    assert (str(found.municipality_id), found.role, found.client_id) == (TOWN, Role.EXTERNAL_SYSTEM, CASE_SYSTEM)
    assert found.scopes == {
        Scope.RESIDENTS_READ,
        Scope.RESIDENTS_WRITE,
        Scope.PORTRAIT_READ,
        Scope.RECALLS_ANSWER,
        Scope.BRIEFINGS_READ,
        Scope.REFERENCE_READ,
    }


@pytest.mark.parametrize(("level", "known"), [(1, Assurance.LOW), (2, Assurance.SUBSTANTIAL), (3, Assurance.NONE)])
async def test_each_level_of_the_log_in_is_a_level_here(level: int, known: Assurance) -> None:
    """A level that the realm has no word for counts as none."""
    assert (await accepted(realm(), FRONT_END, User(TEUN.id, TEUN.attributes, level))).assurance is known


def without(scope: str) -> Callable[[Realm], object]:
    return lambda realm: named(realm["clients"], FRONT_END, "clientId")["defaultClientScopes"].remove(scope)


def client_attribute(name: str, value: str) -> Callable[[Realm], object]:
    return lambda realm: named(realm["clients"], FRONT_END, "clientId")["attributes"].update({name: value})


def _opaque(realm: Realm) -> None:
    for mapper in named(realm["clientScopes"], "audience")["protocolMappers"]:
        mapper["config"]["access.token.claim"] = "false"


@pytest.mark.parametrize(
    "change",
    [
        without("audience"),
        without("basic"),
        without("municipality"),
        without("role"),
        client_attribute("access.token.header.type.rfc9068", "false"),
        client_attribute("access.token.signed.response.alg", "RS256"),
        lambda realm: realm.update(accessTokenLifespan=3600),
        _opaque,
    ],
    ids=["no audience", "no subject", "no municipality", "no role", "JWT", "RS256", "an hour", "mapper off"],
)
async def test_a_realm_that_is_not_right_makes_tokens_that_are_refused(change: Callable[[Realm], object]) -> None:
    changed = realm()
    change(changed)
    with pytest.raises(Unauthorized):
        await accepted(changed, FRONT_END, TEUN)


async def test_who_has_no_municipality_or_role_is_refused() -> None:
    for attributes in ({"municipality": TOWN}, {"role": "worker"}, {"municipality": TOWN, "role": "admin"}):
        with pytest.raises(Unauthorized):
            await accepted(realm(), FRONT_END, User(TEUN.id, attributes))


async def test_without_a_mapper_for_the_client_azp_will_do() -> None:
    changed = realm()
    named(changed["clients"], FRONT_END, "clientId")["protocolMappers"] = []
    assert (await accepted(changed, FRONT_END, TEUN)).client_id == FRONT_END


def test_a_mapper_that_is_not_known_is_an_error() -> None:
    changed = realm()
    named(changed["clientScopes"], "acr")["protocolMappers"][0]["protocolMapper"] = "oidc-script-mapper"
    with pytest.raises(KeyError, match="oidc-script-mapper"):
        token(changed, FRONT_END, TEUN, "")
