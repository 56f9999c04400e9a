"""deploy/keycloak/support-realm.json, and which access tokens Keycloak makes by it.

Keycloak itself is not run here. What it does with a realm was read in its source (26.x): a client's tokens are made by
its own mappers and those of its default scopes and of the scopes that were asked for; `iss`, `exp`, `iat`, `jti`, `azp`
and `scope` come without a mapper, `sub` doesn't. A mapper that isn't known here is an error.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy/keycloak/support-realm.json"
ISSUERS = json.loads((ROOT / "deploy/issuers.example.json").read_text())
Realm = dict[str, Any]


def realm() -> Realm:
    found: Realm = json.loads(FILE.read_text())
    return found


def named(entries: list[dict[str, Any]], name: str, key: str = "name") -> dict[str, Any]:
    return next(entry for entry in entries if entry[key] == name)


@dataclass(frozen=True)
class User:
    """Somebody that the realm knows: a worker, or the account of a system."""

    id: str
    attributes: dict[str, str]
    level: int = 2
    """How far the log-in went."""


Claims = dict[str, Any]
_MAPPERS: dict[str, Callable[[Realm, User, dict[str, str]], Claims]] = {
    "oidc-sub-mapper": lambda _, user, __: {"sub": user.id},
    "oidc-usersessionmodel-note-mapper": lambda _, __, config: {config["claim.name"]: 1},
    "oidc-acr-mapper": lambda realm, user, _: {"acr": _acr(realm, user.level)},
    "oidc-audience-mapper": lambda _, __, config: {"aud": config["included.custom.audience"]},
    "oidc-usermodel-attribute-mapper": lambda _, user, config: _attribute(user, config),
    "oidc-hardcoded-claim-mapper": lambda _, __, config: {config["claim.name"]: config["claim.value"]},
}


def _acr(realm: Realm, level: int) -> str:
    """The word that stands for the level; without one, the number."""
    levels: dict[str, int] = json.loads(realm["attributes"]["acr.loa.map"])
    return next((word for word, value in levels.items() if value == level), str(level))


def _attribute(user: User, config: dict[str, str]) -> Claims:
    value = user.attributes.get(config["user.attribute"])
    return {} if value is None else {config["claim.name"]: value}


def claims(realm: Realm, client_id: str, user: User, asked: str) -> Claims:
    """Of the access token for whoever asks for these scopes. What the client may not ask for is not in it."""
    client = named(realm["clients"], client_id, "clientId")
    scopes = list(_scopes(realm, client, asked.split()))
    now = int(time.time())
    made: Claims = {
        "iss": ISSUERS[0]["issuer"],
        "iat": now,
        "exp": now + realm["accessTokenLifespan"],
        "jti": str(uuid4()),
        "azp": client_id,
        "scope": " ".join(s["name"] for s in scopes if s["attributes"]["include.in.token.scope"] == "true"),
    }
    for mapper in [each for s in (*scopes, client) for each in s.get("protocolMappers", ())]:
        if mapper["config"]["access.token.claim"] == "true":
            made |= _MAPPERS[mapper["protocolMapper"]](realm, user, mapper["config"])
    return made


def _scopes(realm: Realm, client: dict[str, Any], asked: list[str]) -> Iterator[dict[str, Any]]:
    for name in client["defaultClientScopes"]:
        yield named(realm["clientScopes"], name)
    for name in client["optionalClientScopes"]:
        if name in asked:
            yield named(realm["clientScopes"], name)


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


def jwks() -> dict[str, Any]:
    """As Keycloak publishes its key: with the algorithm that it is for."""
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key()))
    return {"keys": [{**public, "kid": "signatures", "use": "sig", "alg": "PS256"}]}


def token(realm: Realm, client_id: str, user: User, asked: str, key: rsa.RSAPrivateKey | None = None) -> str:
    attributes = named(realm["clients"], client_id, "clientId")["attributes"]
    kind = "at+jwt" if attributes.get("access.token.header.type.rfc9068") == "true" else "JWT"
    algorithm = attributes.get("access.token.signed.response.alg", realm["defaultSignatureAlgorithm"])
    headers = {"typ": kind, "kid": "signatures"}
    return jwt.encode(claims(realm, client_id, user, asked), key or _key(), algorithm=algorithm, headers=headers)
