"""The realm file is closed where it can be, and fits the code: what it would let happen, in words."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support_api.domain.vocabulary import Role, Scope
from support_api.settings import Settings
from tests.keycloak.realm import FILE, ISSUERS, Realm, named, realm

HELPERS = {"basic", "acr", "audience", "municipality", "role"}
OURS = {"municipality", "role"}
NEVER = ("users", "identityProviders", "federatedUsers", "smtpServer", "privateKey")


def faults(found: Realm) -> list[str]:
    return [*_realm_faults(found), *_profile_faults(found), *_level_faults(found), *_scope_faults(found)] + [
        f"{client['clientId']}: {fault}" for client in found["clients"] for fault in _client_faults(client)
    ]


def _realm_faults(found: Realm) -> Iterator[str]:
    on = {"enabled", "bruteForceProtected", "revokeRefreshToken", "eventsEnabled", "adminEventsEnabled"}
    off = {"registrationAllowed", "resetPasswordAllowed", "rememberMe", "loginWithEmailAllowed", "editUsernameAllowed"}
    yield from (f"{name} is off" for name in sorted(on) if found.get(name) is not True)
    yield from (f"{name} is on" for name in sorted(off) if found.get(name) is not False)
    if found.get("sslRequired") not in ("external", "all"):
        yield "TLS is not asked for"
    if not 0 < found["accessTokenLifespan"] <= ISSUERS[0]["max_lifetime_seconds"]:
        yield "tokens live longer than the issuers file allows"
    keys = found["components"]["org.keycloak.keys.KeyProvider"]
    published = [
        alg for key in keys if key["providerId"].startswith(("rsa", "ec")) for alg in key["config"]["algorithm"]
    ]
    if published != ISSUERS[0]["algorithms"] or found["defaultSignatureAlgorithm"] not in published:
        yield "it signs otherwise than the issuers file allows"
    if found["eventsListeners"] != []:
        yield "who logs in ends up in the log"
    yield from (f"it has {name}" for name in NEVER if name in found)
    if re.search(r'"(secret|credentials|value|privateKey|certificate)":', json.dumps(found)):
        yield "a secret stands in it"


def _client_faults(client: dict[str, Any]) -> Iterator[str]:
    attributes = client["attributes"]
    for name in ("implicitFlowEnabled", "directAccessGrantsEnabled", "fullScopeAllowed"):
        if client.get(name) is not False:
            yield f"{name} is not off"
    for name in ("oauth2.device.authorization.grant.enabled", "oidc.ciba.grant.enabled"):
        if attributes.get(name) != "false":
            yield f"{name} is not off"
    if "access.token.lifespan" in attributes:
        yield "a lifetime of its own"
    if client["standardFlowEnabled"] and attributes.get("pkce.code.challenge.method") != "S256":
        yield "PKCE is not required"
    for address in (*client["redirectUris"], *client["webOrigins"], attributes.get("post.logout.redirect.uris", "")):
        if "*" in address or "+" in address or not re.match(r"https://|$", address):
            yield f"not an exact address: {address}"
    if not client["publicClient"] and client.get("clientAuthenticatorType") != "client-jwt":
        yield "a shared secret"
    if not client["publicClient"] and attributes.get("token.endpoint.auth.signing.alg") not in ("PS256", "ES256"):
        yield "signs its log-in with any algorithm"
    if client["publicClient"] and client["serviceAccountsEnabled"]:
        yield "anybody may be this system"
    if "role" in client["defaultClientScopes"] and client["serviceAccountsEnabled"]:
        yield "a system with the role of a user"


def _profile_faults(found: Realm) -> Iterator[str]:
    """Who may write these attributes says who they are and for whom they act."""
    profile = profile_of(found)
    if "unmanagedAttributePolicy" in profile:
        yield "attributes that nobody described can be written"
    if not {"username", "email"} | OURS <= {each["name"] for each in profile["attributes"]}:
        yield "an attribute is missing"
    for each in profile["attributes"]:
        if each["permissions"]["edit"] != ["admin"]:
            yield f"users write their own {each['name']}"


def profile_of(found: Realm) -> dict[str, Any]:
    (component,) = found["components"]["org.keycloak.userprofile.UserProfileProvider"]
    profile: dict[str, Any] = json.loads(component["config"]["kc.user.profile.config"][0])
    return profile


def _level_faults(found: Realm) -> Iterator[str]:
    levels = json.loads(found["attributes"]["acr.loa.map"])
    if levels != ISSUERS[0]["assurance"]:
        yield "other levels than in the issuers file"
    steps = {config["alias"]: config["config"]["loa-condition-level"] for config in found["authenticatorConfig"]}
    asked: dict[str, list[str]] = {}
    for flow in found["authenticationFlows"]:
        for step in flow["authenticationExecutions"]:
            if step.get("authenticator") == "conditional-level-of-authentication":
                needed = [
                    s["authenticator"] for s in flow["authenticationExecutions"] if s["requirement"] == "REQUIRED"
                ]
                asked[steps[step["authenticatorConfig"]]] = needed[1:]
    if asked != {"1": ["auth-username-password-form"], "2": ["auth-otp-form"]}:
        yield "a level asks for something else"
    reached, flows = {found["browserFlow"]}, {flow["alias"]: flow for flow in found["authenticationFlows"]}
    for alias in list(flows):
        reached |= {s["flowAlias"] for s in flows[alias]["authenticationExecutions"] if s.get("flowAlias")}
    if reached != set(flows):
        yield "a step that nobody comes to, or that is not there"


def _scope_faults(found: Realm) -> Iterator[str]:
    scopes = {scope["name"]: scope for scope in found["clientScopes"]}
    if set(scopes) - HELPERS != {scope.value for scope in Scope}:
        yield "other scopes than the API"
    for name, scope in scopes.items():
        if (scope["attributes"]["include.in.token.scope"] == "true") != (name not in HELPERS):
            yield f"{name} is in `scope` or not, the wrong way round"
    (audience,) = named(found["clientScopes"], "audience")["protocolMappers"]
    if audience["config"]["included.custom.audience"] != Settings.model_fields["audience"].default:
        yield "another audience"
    for client in found["clients"]:
        if set(client["defaultClientScopes"]) - HELPERS:
            yield "a scope of the API comes without being asked for"
        yield from (f"no such scope: {s}" for s in client["optionalClientScopes"] if s not in set(scopes) - HELPERS)


def test_the_realm_is_closed_and_fits() -> None:
    assert faults(realm()) == []


def test_the_roles_are_those_of_the_api() -> None:
    """A user can't be a system; a system's role stands with its client."""
    attributes = profile_of(realm())["attributes"]
    assert named(attributes, "role")["validations"]["options"]["options"] == [
        role.value for role in Role if role is not Role.EXTERNAL_SYSTEM
    ]
    pattern = named(attributes, "municipality")["validations"]["pattern"]["pattern"]
    assert re.match(pattern, "0199aaaa-0000-7000-8000-000000000001")
    assert not re.match(pattern, "0199AAAA-0000-7000-8000-000000000001"), "the service takes the canonical form only"


def _front_end(found: Realm) -> dict[str, Any]:
    return named(found["clients"], "werkplek-voorbeeld", "clientId")


def _system(found: Realm) -> dict[str, Any]:
    return named(found["clients"], "zaaksysteem-voorbeeld", "clientId")


def _profile(found: Realm, change: Callable[[dict[str, Any]], object]) -> None:
    profile = profile_of(found)
    change(profile)
    found["components"]["org.keycloak.userprofile.UserProfileProvider"][0]["config"]["kc.user.profile.config"] = [
        json.dumps(profile)
    ]


BREAKS: dict[str, Callable[[Realm], object]] = {
    "bruteForceProtected is off": lambda r: r.update(bruteForceProtected=False),
    "registrationAllowed is on": lambda r: r.pop("registrationAllowed"),
    "TLS is not asked for": lambda r: r.update(sslRequired="none"),
    "tokens live longer": lambda r: r.update(accessTokenLifespan=3600),
    "it signs otherwise": lambda r: r.update(defaultSignatureAlgorithm="RS256"),
    "who logs in ends up in the log": lambda r: r.update(eventsListeners=["jboss-logging"]),
    "it has users": lambda r: r.update(users=[]),
    "a secret stands in it": lambda r: _system(r).update(secret="x"),
    "werkplek-voorbeeld: directAccessGrantsEnabled is not off": lambda r: _front_end(r).pop(
        "directAccessGrantsEnabled"
    ),
    "werkplek-voorbeeld: implicitFlowEnabled is not off": lambda r: _front_end(r).update(implicitFlowEnabled=True),
    "oidc.ciba.grant.enabled is not off": lambda r: _system(r)["attributes"].pop("oidc.ciba.grant.enabled"),
    "a lifetime of its own": lambda r: _front_end(r)["attributes"].update({"access.token.lifespan": "3600"}),
    "PKCE is not required": lambda r: _front_end(r)["attributes"].update({"pkce.code.challenge.method": "plain"}),
    "not an exact address: https://x/*": lambda r: _front_end(r).update(redirectUris=["https://x/*"]),
    "not an exact address: http://x/": lambda r: _front_end(r).update(webOrigins=["http://x/"]),
    "a shared secret": lambda r: _system(r).update(clientAuthenticatorType="client-secret"),
    "signs its log-in with any": lambda r: _system(r)["attributes"].pop("token.endpoint.auth.signing.alg"),
    "anybody may be this system": lambda r: _front_end(r).update(serviceAccountsEnabled=True),
    "a system with the role of a user": lambda r: _system(r)["defaultClientScopes"].append("role"),
    "attributes that nobody described": lambda r: _profile(r, lambda p: p.update(unmanagedAttributePolicy="ENABLED")),
    "an attribute is missing": lambda r: _profile(r, lambda p: p["attributes"].pop()),
    "users write their own role": lambda r: _profile(
        r, lambda p: p["attributes"][-1]["permissions"]["edit"].append("user")
    ),
    "other levels": lambda r: r["attributes"].update({"acr.loa.map": "{}"}),
    "a level asks for something else": lambda r: r["authenticatorConfig"][1]["config"].update(
        {"loa-condition-level": "3"}
    ),
    "a step that nobody comes to": lambda r: r.update(browserFlow="browser"),
    "other scopes than the API": lambda r: r["clientScopes"].pop(),
    "basic is in `scope` or not": lambda r: r["clientScopes"][0]["attributes"].update(
        {"include.in.token.scope": "true"}
    ),
    "another audience": lambda r: named(r["clientScopes"], "audience")["protocolMappers"][0]["config"].update(
        {"included.custom.audience": "account"}
    ),
    "comes without being asked for": lambda r: _system(r)["defaultClientScopes"].append("residents:read"),
    "no such scope: residents:delete": lambda r: _system(r)["optionalClientScopes"].append("residents:delete"),
}


@pytest.mark.parametrize("fault", BREAKS)
def test_a_realm_that_is_open_somewhere_is_refused(fault: str) -> None:
    found = realm()
    BREAKS[fault](found)
    assert any(fault in each for each in faults(found)), faults(found)


def test_no_value_is_taken_from_the_environment() -> None:
    """Keycloak fills in `${…}` of a realm file from its own environment, where its passwords are."""
    assert "${" not in FILE.read_text()
