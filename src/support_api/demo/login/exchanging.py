"""A code for tokens (RFC 6749, 4.1.3)."""

import re
from collections.abc import Sequence
from typing import Any

from support_api.demo.issuer import LIFETIME_SECONDS, DemoIssuer
from support_api.demo.load import Person
from support_api.demo.login.asking import CLIENTS, Unusable, parameters, twice
from support_api.demo.login.claims import access_claims, granted, id_claims
from support_api.demo.login.codes import Codes

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Refused(Exception):
    """RFC 6749, 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


class Exchange:
    def __init__(self, issuer: DemoIssuer, people: list[Person], codes: Codes) -> None:
        self._issuer = issuer
        self._people = {person.name: person for person in people}
        self._codes = codes

    def tokens(self, raw: bytes) -> dict[str, Any]:
        """Raises Refused."""
        values = _checked(raw)
        client = values["client_id"]
        found = self._codes.redeem(values["code"], client, values["redirect_uri"], values["code_verifier"])
        if found is None:
            said = "the code was used, has ended, or goes with another client_id, redirect_uri or code_verifier"
            raise Refused("invalid_grant", said)
        return self._answer(self._people[found["sub"]], client, found["scopes"], found["nonce"])

    def _answer(self, person: Person, client: str, asked: Sequence[str] | None, nonce: str | None) -> dict[str, Any]:
        about_person = [scope for scope in ("openid", "profile") if scope in (asked or ())]
        answer = {
            "access_token": self._issuer.token(access_claims(person, client, asked)),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
            "scope": " ".join(about_person + granted(person, asked)),
        }
        if "openid" in about_person:
            claims = id_claims(person, client, about_person, nonce)
            answer["id_token"] = self._issuer.signed(claims, "JWT", LIFETIME_SECONDS)
        return answer


def _checked(raw: bytes) -> dict[str, str]:
    try:
        given = parameters(raw)
    except Unusable:
        raise Refused("invalid_request", "this is no form") from None
    values = dict(given)
    if twice(given, values.keys() - {"resource"}):
        raise Refused("invalid_request", "a parameter stands there twice")
    if "grant_type" not in values:
        raise Refused("invalid_request", "grant_type is missing")
    if values["grant_type"] != "authorization_code":
        raise Refused("unsupported_grant_type", "grant_type must be authorization_code")
    if values.get("client_id") not in CLIENTS:
        raise Refused("invalid_client", "client_id must be one of: " + ", ".join(CLIENTS), 401)
    for name in ("code", "redirect_uri", "code_verifier"):
        if name not in values:
            raise Refused("invalid_request", f"{name} is missing")
    if not _VERIFIER.fullmatch(values["code_verifier"]):
        raise Refused("invalid_request", "code_verifier is not of 43 to 128 characters that RFC 7636 allows")
    return values
