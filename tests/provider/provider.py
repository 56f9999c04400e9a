"""A real OpenID provider (`oidc-provider` on Node.js) as a process, and its clients: as an integrator's would be.

Machine clients prove themselves with a key (`private_key_jwt`), people log in with a code and PKCE.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from support_api.demo.cast import CASE_SYSTEM, FRONT_END, RESIDENT_PORTAL, ROLE_SCOPES, VOORBEELDSTAD
from support_api.domain.vocabulary import Role, Scope
from tests.processes import Running, free_port, running_command

PROGRAM = Path(__file__).parents[1] / "node" / "provider.mjs"
BACK = "http://127.0.0.1/back"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
OURS, ANOTHER, OPAQUE = "urn:support-api", "urn:another-api", "urn:opaque"
ACR = "urn:example:substantial"
Key = ec.EllipticCurvePrivateKey


def new_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def jwks(*kids: str, public: bool = False, **keys: Key) -> dict[str, Any]:
    """A key set of new keys by these names, and of `keys` by theirs."""
    named = {**{kid: new_key() for kid in kids}, **keys}
    made = {kid: key.public_key() if public else key for kid, key in named.items()}
    to_jwk = jwt.algorithms.ECAlgorithm.to_jwk
    return {
        "keys": [{**json.loads(to_jwk(key)), "kid": kid, "use": "sig", "alg": "ES256"} for kid, key in made.items()]
    }


def challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _resource(audience: str, form: str = "jwt") -> dict[str, Any]:
    made = {"audience": audience, "accessTokenFormat": form, "accessTokenTTL": 600, "scope": " ".join(Scope)}
    return {**made, "jwt": {"sign": {"alg": "ES256"}}} if form == "jwt" else made


def _claims(role: Role) -> dict[str, str]:
    return {"municipality": str(VOORBEELDSTAD.id), "role": role.value, "acr": ACR}


def _public(client_id: str) -> dict[str, Any]:
    made = {"client_id": client_id, "application_type": "native", "token_endpoint_auth_method": "none"}
    return {**made, "redirect_uris": [BACK], "response_types": ["code"], "grant_types": ["authorization_code"]}


class Provider:
    """`start` is also the way to let it sign with other keys: stop it, and start it with those on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.client_key = folder, free_port(), new_key()
        self.issuer = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, keys: dict[str, Any]) -> Iterator[Running]:
        told = self.folder / f"provider-{uuid4().hex}.json"
        told.write_text(json.dumps({**self._told(), "jwks": keys}), encoding="utf-8")
        with running_command("node", str(PROGRAM), str(self.port), str(told), log=told.with_suffix(".log")) as process:
            process.says("listening")
            yield process

    def _told(self) -> dict[str, Any]:
        machine = {
            "client_id": CASE_SYSTEM,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "grant_types": ["client_credentials"],
            "response_types": [],
            "redirect_uris": [],
            "jwks": jwks(public=True, own=self.client_key),
        }
        people = {"fien": Role.RESIDENT, "teun": Role.WORKER}
        return {
            "clients": [machine, _public(FRONT_END), _public(RESIDENT_PORTAL)],
            "resources": {
                OURS: _resource("support-api"),
                ANOTHER: _resource("another-api"),
                OPAQUE: _resource("support-api", "opaque"),
            },
            "claims": {CASE_SYSTEM: _claims(Role.EXTERNAL_SYSTEM), **{who: _claims(r) for who, r in people.items()}},
        }

    def settings(self) -> dict[str, Any]:
        """How the service is told to trust it."""
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "algorithms": ["ES256"],
            "municipalities": [VOORBEELDSTAD.id],
            "assurance": {ACR: 2},
        }

    async def for_machine(self, resource: str = OURS, key: Key | None = None) -> httpx.Response:
        """Client credentials."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(key),
            "resource": resource,
            "scope": _scopes(Role.EXTERNAL_SYSTEM),
        }
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(f"{self.issuer}/token", data=form)

    def assertion(self, key: Key | None = None) -> str:
        """The client signs who it is with its own key (RFC 7523)."""
        now = int(time.time())
        said = {"iss": CASE_SYSTEM, "sub": CASE_SYSTEM, "aud": self.issuer, "jti": uuid4().hex}
        return jwt.encode({**said, "iat": now, "exp": now + 60}, key or self.client_key, "ES256", {"kid": "own"})

    async def for_person(self, name: str, role: Role, client_id: str, resource: str = OURS) -> dict[str, Any]:
        """Logs in, and takes the tokens that the code is good for."""
        verifier = secrets.token_urlsafe(48)
        code = await self.code(name, role, client_id, resource, code_challenge=challenge(verifier))
        answer = await self.redeem(code["code"], client_id, resource, code_verifier=verifier)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def code(self, name: str, role: Role, client_id: str, resource: str = OURS, **said: str) -> dict[str, str]:
        """What a browser would do, up to the address with the code (or an error) where it is sent back to."""
        asked = {
            "client_id": client_id,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": f"openid {_scopes(role)}",
            "resource": resource,
            **({"code_challenge_method": "S256"} if "code_challenge" in said else {}),
            **said,
        }
        async with httpx.AsyncClient(trust_env=False, base_url=self.issuer) as browser:
            answer = await browser.get("/auth", params=asked)
            while not (where := answer.headers["location"]).startswith(BACK):
                log_in = "/log-in/" in where
                answer = await browser.request("POST" if log_in else "GET", where + (f"?as={name}" if log_in else ""))
        return {each: values[0] for each, values in parse_qs(urlsplit(where).query).items()}

    async def redeem(self, code: str, client_id: str, resource: str = OURS, **said: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "client_id": client_id, "redirect_uri": BACK}
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(f"{self.issuer}/token", data={**form, "resource": resource, **said})


def _scopes(role: Role) -> str:
    return " ".join(scope.value for scope in ROLE_SCOPES[role])
