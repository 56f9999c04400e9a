"""What a front end asks at `/demo/authorize`, and what is wrong with it.

Only an address on this machine is ever redirected to. Until client and address are known to be right a mistake is told
to the person in the browser, and afterwards to the client.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from support_api.demo.cast import FRONT_END, RESIDENT_PORTAL
from support_api.demo.here import LOOPBACK
from support_api.domain.vocabulary import Scope

CLIENTS = {FRONT_END: "Werkplek Voorbeeld", RESIDENT_PORTAL: "Mijn verhaal"}
SCOPES = ("openid", "profile", *(scope.value for scope in Scope))
_REDIRECT = re.compile(rf"http://{LOOPBACK}(?:[/?][!-~]*)?")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Unusable(Exception):
    """Nobody can be sent back: a line for the person in the browser."""


class SentBack(Exception):
    """An error for the client (RFC 6749, 4.1.2.1), as the address to go to."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to = to


@dataclass(frozen=True)
class Asked:
    client_id: str
    redirect_uri: str
    state: str | None
    challenge: str
    scopes: tuple[str, ...] | None
    nonce: str | None
    hint: str
    parameters: tuple[tuple[str, str], ...]

    def back(self, issuer: str, **answer: str) -> str:
        return back(self.redirect_uri, self.state, issuer, **answer)


def back(redirect_uri: str, state: str | None, issuer: str, **answer: str) -> str:
    """The address of the client with the answer, who answers (RFC 9207), and the state as it came."""
    pairs = {**answer, **({"state": state} if state is not None else {}), "iss": issuer}
    return redirect_uri + ("&" if "?" in redirect_uri else "?") + urlencode(pairs)


def parameters(raw: bytes) -> list[tuple[str, str]]:
    """Of a query or a form; one without a value is as if it were not there (RFC 6749, 3.1)."""
    try:
        return parse_qsl(raw.decode("ascii"), errors="strict", max_num_fields=40)
    except ValueError:
        raise Unusable("De parameters zijn niet te lezen.") from None


def asked(given: list[tuple[str, str]], issuer: str) -> Asked:
    """Raises Unusable or SentBack."""
    values = dict(given)
    client_id, redirect_uri = values.get("client_id", ""), values.get("redirect_uri", "")
    if client_id not in CLIENTS or twice(given, ("client_id",)):
        raise Unusable("client_id moet een van deze zijn: " + " of ".join(CLIENTS) + ".")
    if not _is_here(redirect_uri) or twice(given, ("redirect_uri",)):
        raise Unusable("redirect_uri moet een adres op deze computer zijn, zoals http://localhost:5173/terug.")
    state = None if twice(given, ("state",)) else values.get("state")
    wrong = _wrong(given, values, issuer)
    if wrong is not None:
        raise SentBack(back(redirect_uri, state, issuer, error=wrong[0], error_description=wrong[1]))
    return Asked(
        client_id,
        redirect_uri,
        state,
        values["code_challenge"],
        tuple(values["scope"].split(" ")) if "scope" in values else None,
        values.get("nonce"),
        values.get("login_hint", ""),
        tuple((name, value) for name, value in given if name not in ("person", "cancel")),
    )


def _is_here(uri: str) -> bool:
    """A native or local app may take any port (RFC 8252, 7.3)."""
    try:
        return bool(_REDIRECT.fullmatch(uri)) and "#" not in uri and urlsplit(uri).port != 0
    except ValueError:
        return False


def _wrong(given: list[tuple[str, str]], values: dict[str, str], issuer: str) -> tuple[str, str] | None:
    """The first mistake, as its code and a line for the developer."""
    prompts = values.get("prompt", "").split(" ")
    unknown = [scope for scope in values.get("scope", "").split(" ") if scope and scope not in SCOPES]
    mistakes = (
        (
            twice(given, {name for name, _ in given} - {"resource"}),
            "invalid_request",
            "a parameter stands there twice",
        ),
        ("request" in values, "request_not_supported", "request objects are not supported"),
        ("request_uri" in values, "request_uri_not_supported", "request objects are not supported"),
        ("response_type" not in values, "invalid_request", "response_type is missing; it is code"),
        (values.get("response_type") != "code", "unsupported_response_type", "response_type must be code"),
        (values.get("response_mode", "query") != "query", "invalid_request", "response_mode must be query"),
        ("code_challenge" not in values, "invalid_request", "code_challenge is missing: PKCE (RFC 7636) is required"),
        (values.get("code_challenge_method") != "S256", "invalid_request", "code_challenge_method must be S256"),
        (
            not _CHALLENGE.fullmatch(values.get("code_challenge", "")),
            "invalid_request",
            "code_challenge is not of S256",
        ),
        (bool(unknown), "invalid_scope", "a scope is unknown; scopes_supported of the discovery document has them"),
        (not _about_us(given, issuer), "invalid_target", "resource must be the address of this API"),
        ("none" in prompts and len(prompts) > 1, "invalid_request", "prompt none goes with no other"),
        ("none" in prompts, "login_required", "the demo asks each time who one is"),
    )
    return next(((error, description) for wrong, error, description in mistakes if wrong), None)


def _about_us(given: list[tuple[str, str]], issuer: str) -> bool:
    """RFC 8707: it may stand there more than once."""
    here = issuer.removesuffix("/demo")
    return all(value.rstrip("/") in (here, here + "/v1") for name, value in given if name == "resource")


def twice(given: list[tuple[str, str]], names: Iterable[str]) -> bool:
    counted = [name for name, _ in given]
    return any(counted.count(name) > 1 for name in names)
