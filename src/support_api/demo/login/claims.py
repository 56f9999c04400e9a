"""What the demo's tokens say of somebody: the same for whoever logs in and for `support-api token`."""

from collections.abc import Collection
from typing import Any

from support_api.demo.cast import ROLE_SCOPES, VERZONNERDAM, VOORBEELDSTAD
from support_api.demo.issuer import ACR
from support_api.demo.load import Person
from support_api.domain.vocabulary import Role

FULL_NAMES = {actor.name: actor.full_name for town in (VOORBEELDSTAD, VERZONNERDAM) for actor in town.actors}


def granted(person: Person, asked: Collection[str] | None) -> list[str]:
    """The scopes of this person's role, as far as they were asked for; all if none were (RFC 6749, 3.3)."""
    own = [scope.value for scope in ROLE_SCOPES[Role(person.role)]]
    return own if asked is None else [scope for scope in own if scope in asked]


def access_claims(person: Person, client_id: str | None = None, asked: Collection[str] | None = None) -> dict[str, Any]:
    return {
        "sub": person.name,
        "client_id": client_id or person.client_id,
        "municipality": person.municipality_id,
        "role": person.role,
        "scope": " ".join(granted(person, asked)),
    }


def id_claims(person: Person, client_id: str, asked: Collection[str], nonce: str | None) -> dict[str, Any]:
    """OpenID Connect Core, 2."""
    claims: dict[str, Any] = {"sub": person.name, "aud": client_id, "acr": ACR}
    if nonce is not None:
        claims["nonce"] = nonce
    if "profile" in asked:
        claims["name"] = FULL_NAMES.get(person.name, person.name)
    return claims
