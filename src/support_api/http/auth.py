"""Bearer token → Principal. OAuth 2 access tokens as JWTs: NL GOV OAuth profile, RFC 9068, RFC 8725.

Every failure is the same 401: a caller learns nothing of why.
"""

import base64
import binascii
import hashlib
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol
from uuid import UUID

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from stdnum.nl import bsn

from support_api.domain.facts import Principal
from support_api.domain.vocabulary import Assurance, Role, Scope
from support_api.http.problems import Problem
from support_api.outbound.jwks import PublicKey

LONGEST_TOKEN = 8192
LEEWAY_SECONDS = 30
# The scheme in any case (RFC 9110, 11.1), then one space or more (11.4).
_COMPACT = re.compile(r"(?i:bearer) +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)", re.ASCII)
_TYPES = ("at+jwt", "application/at+jwt")
_KEEP_SECONDS = 30
_KEEP = 2000

Text = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A trusted issuer: its algorithms, which municipalities it speaks for (none named: all), and its claims.

    `subject_namespace`: the name under which its subjects are hashed, its own if none. Two issuers with the same one
    can speak for the same people."""

    name: str
    algorithms: tuple[str, ...]
    municipalities: frozenset[UUID]
    max_lifetime_seconds: int
    municipality_claim: str
    role_claim: str
    bsn_claim: str | None
    assurance: Mapping[str, Assurance] = field(default_factory=dict)
    subject_namespace: str | None = None


class TokenKeys(Protocol):
    """The public keys of an issuer. Raises Unavailable if they can't be had; None for a key it does not have."""

    async def key(self, issuer: str, kid: str) -> PublicKey | None: ...


class Hasher(Protocol):
    def hash(self, label: str, municipality_id: UUID, value: bytes) -> bytes: ...


class _Claims(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    sub: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
    exp: int
    iat: int
    nbf: int = 0
    jti: Text
    client_id: Text | None = None
    azp: Text | None = None
    scope: Annotated[str, Field(max_length=2000)] = ""
    acr: Annotated[str, Field(max_length=255)] | None = None


class Unauthorized(Problem):
    def __init__(self) -> None:
        super().__init__("unauthorized", headers={"WWW-Authenticate": "Bearer"})


def insufficient_scope(scope: Scope) -> str:
    """The challenge with which a client can ask its issuer for the token that it needs (RFC 6750, 3)."""
    return f'Bearer error="insufficient_scope", scope="{scope.value}"'


class TokenVerifier:
    def __init__(
        self,
        issuers: Mapping[str, Issuer],
        keys: TokenKeys,
        audience: str,
        hasher: Hasher,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuers = issuers
        self._keys = keys
        self._audience = audience
        self._hasher = hasher
        self._clock = clock
        self._kept: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def verify(self, authorization: Sequence[str]) -> Principal:
        """`authorization`: all headers of that name; there must be one.

        What was verified is kept by its spelling. Whoever has an ES256 token can write its signature in one other way
        (s and n - s are both right), which is kept too: the memory is bounded, and no right hangs on what is in it.
        """
        token = _bearer(authorization)
        digest = hashlib.sha256(token.encode()).digest()
        kept = self._kept.get(digest)
        if kept and kept[0] > self._clock():
            return kept[1]
        principal, expires = await self._check(token)
        self._kept[digest] = (min(expires, self._clock() + _KEEP_SECONDS), principal)
        if len(self._kept) > _KEEP:
            self._kept.popitem(last=False)
        return principal

    async def _check(self, token: str) -> tuple[Principal, float]:
        header, unverified = _peek(token)
        issuer = self._issuers.get(unverified.get("iss", ""))
        if issuer is None or header.get("alg") not in issuer.algorithms or "crit" in header:
            raise Unauthorized
        if header.get("typ") not in _TYPES or not isinstance(header.get("kid"), str):
            raise Unauthorized
        key = await self._keys.key(issuer.name, header["kid"])
        if key is None or header["alg"] not in key.algorithms:
            raise Unauthorized
        try:
            payload = jwt.decode(
                token,
                key=key.key,
                algorithms=[header["alg"]],
                audience=self._audience,
                issuer=issuer.name,
                leeway=LEEWAY_SECONDS,
                options={
                    "require": ["iss", "sub", "aud", "exp", "iat", "jti"],
                    "strict_aud": False,
                    "enforce_minimum_key_length": True,
                },
            )
            claims = _Claims.model_validate(payload)
        except (jwt.PyJWTError, ValidationError, ValueError, TypeError, OverflowError):
            raise Unauthorized from None
        return self._principal(issuer, claims, payload), float(claims.exp)

    def _principal(self, issuer: Issuer, claims: _Claims, payload: dict[str, Any]) -> Principal:
        municipality = _municipality(issuer, payload)
        client = claims.client_id or claims.azp
        if client is None or claims.exp - claims.iat > issuer.max_lifetime_seconds or claims.exp <= claims.iat:
            raise Unauthorized
        try:
            role = Role(str(payload.get(issuer.role_claim)))
        except ValueError:
            raise Unauthorized from None
        return Principal(
            municipality,
            role,
            subject_hash(self._hasher, municipality, issuer.subject_namespace or issuer.name, claims.sub),
            client,
            frozenset(scope for scope in Scope if scope.value in claims.scope.split(" ")),
            issuer.assurance.get(claims.acr or "", Assurance.NONE),
            self._bsn(issuer, municipality, payload),
        )

    def _bsn(self, issuer: Issuer, municipality: UUID, payload: dict[str, Any]) -> bytes | None:
        value = payload.get(issuer.bsn_claim) if issuer.bsn_claim else None
        if not isinstance(value, str) or len(value) != 9 or not bsn.is_valid(value):
            return None
        return self._hasher.hash("lookup:bsn", municipality, value.encode())


def subject_hash(hasher: Hasher, municipality_id: UUID, namespace: str, subject: str) -> bytes:
    """How an identity is stored: never readable, since a subject may be a BSN."""
    return hasher.hash("identity", municipality_id, f"{namespace}\x00{subject}".encode())


def _bearer(authorization: Sequence[str]) -> str:
    """The shell has measured the header already, as one of all headers together."""
    found = _COMPACT.fullmatch(authorization[0]) if len(authorization) == 1 else None
    if found is None or len(found[1]) > LONGEST_TOKEN:
        raise Unauthorized
    return found[1]


def _peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload before verification: good for nothing but finding the issuer and its key."""
    try:
        head, payload, _ = (_decoded(part) for part in token.split("."))
        header, claims = (json.loads(part.decode(), object_pairs_hook=_unique) for part in (head, payload))
    except (binascii.Error, ValueError, RecursionError):
        raise Unauthorized from None
    if not isinstance(header, dict) or not isinstance(claims, dict) or not isinstance(claims.get("iss"), str):
        raise Unauthorized
    return header, claims


def _decoded(part: str) -> bytes:
    """Refuses bits after the last byte, so that the same bytes can't be written in another way."""
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != part.encode():
        raise ValueError
    return raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands there twice means one thing to us and perhaps another to the issuer."""
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError
    return found


def _municipality(issuer: Issuer, payload: dict[str, Any]) -> UUID:
    """Only the canonical form is an id."""
    value = payload.get(issuer.municipality_claim)
    try:
        municipality = UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Unauthorized from None
    if str(municipality) != value or (issuer.municipalities and municipality not in issuer.municipalities):
        raise Unauthorized
    return municipality
