"""Public keys of token issuers. Fetched before they are needed and in the background; an unknown key id causes at most
one fetch a minute, so that no stranger can make us call out."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from support_api import metrics
from support_api.domain.errors import Unavailable
from support_api.logs import Configured, NoKeys, tell
from support_api.traces import ISSUER_KEYS, step

_REFRESH_SECONDS = 300.0
_RETRY_SECONDS = 60.0
_LAST_GOOD_SECONDS = 24 * 3600.0
_FETCH_SECONDS = 5.0
_LONGEST_ANSWER = 256 * 1024
_FITTING: dict[tuple[Any, Any], tuple[str, ...]] = {
    ("RSA", None): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA",),
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, and the algorithms that it may be used with: no other, whatever a token says (RFC 8725, 3.1)."""

    key: Any
    algorithms: tuple[str, ...]


class IssuerKeys:
    """The keys of all issuers: given ones, or those at an address (HTTPS in production)."""

    def __init__(
        self,
        given: Mapping[str, dict[str, Any]],
        addresses: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        fetch_seconds: float = _FETCH_SECONDS,
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        """`numbers`: the place of each issuer in the settings, by which it is counted."""
        self._numbers = {name: str((numbers or {}).get(name, place)) for place, name in enumerate(addresses)}
        self._clock = clock
        self._fetch_seconds = fetch_seconds
        self._addresses = addresses
        self._keys: dict[str, dict[str, PublicKey]] = {name: _parse(jwks) for name, jwks in given.items()}
        self._fetched_at: dict[str, float] = {}
        self._tried_at: dict[str, float] = {}
        self._locks = {name: asyncio.Lock() for name in addresses}

    async def key(self, issuer: str, kid: str) -> PublicKey | None:
        if issuer in self._addresses:
            known = self._keys.get(issuer)
            if known is None or kid not in known:
                await self._fetch_once(issuer)
            if self._clock() - self._fetched_at.get(issuer, -_LAST_GOOD_SECONDS) > _LAST_GOOD_SECONDS:
                raise Unavailable("issuer keys")
        return self._keys.get(issuer, {}).get(kid)

    async def keep_fresh(self) -> None:
        for number in self._numbers.values():
            metrics.note(metrics.ISSUER_MOMENT, 0, number)
        while True:
            for issuer in self._addresses:
                await self._fetch_once(issuer)
            await asyncio.sleep(_REFRESH_SECONDS)

    async def _fetch_once(self, issuer: str) -> None:
        async with self._locks[issuer]:
            now = self._clock()
            if now - self._tried_at.get(issuer, -_RETRY_SECONDS) < _RETRY_SECONDS:
                return
            self._tried_at[issuer] = now
            number = self._numbers[issuer]
            try:
                with step(ISSUER_KEYS, number):
                    async with asyncio.timeout(self._fetch_seconds):
                        found = _parse(json.loads(await _fetch(self._addresses[issuer])))
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError) as error:
                tell(NoKeys(Configured(issuer), type(error)))
                found = {}
            metrics.count(metrics.ISSUER_FETCHES, number, "ok" if found else "failed")
            if found:
                self._keys[issuer], self._fetched_at[issuer] = found, now
                metrics.note(metrics.ISSUER_MOMENT, time.time(), number)


async def _fetch(address: str) -> bytes:
    """The whole answer of an issuer that may be slow, hostile or in trouble: never a redirect, never more than fits."""
    body = bytearray()
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=_FETCH_SECONDS) as client,
        client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer,
    ):
        answer.raise_for_status()
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > _LONGEST_ANSWER:
                raise ValueError("too large")
    return bytes(body)


def _parse(jwks: Any) -> dict[str, PublicKey]:
    """Public signing keys only; one that we can't read, or that fits no algorithm of ours, is left out."""
    entries = jwks.get("keys") if isinstance(jwks, dict) else None
    found: dict[str, PublicKey] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and _public(entry) and isinstance(entry.get("kid"), str):
            with contextlib.suppress(jwt.PyJWTError, ValueError, TypeError, NotImplementedError):
                if algorithms := _algorithms(entry):
                    found[entry["kid"]] = PublicKey(jwt.PyJWK(entry, algorithm=algorithms[0]).key, algorithms)
    return found


def _public(entry: dict[str, Any]) -> bool:
    """A private or shared key that somebody published can sign for anyone."""
    return entry.get("use", "sig") == "sig" and entry.get("kty") != "oct" and "d" not in entry


def _algorithms(entry: dict[str, Any]) -> tuple[str, ...]:
    """The one that the key states, if its kind fits; else all that its kind fits, since many issuers state none."""
    kind, stated = entry.get("kty"), entry.get("alg")
    fitting = _FITTING.get((kind, None if kind == "RSA" else entry.get("crv")), ())
    return tuple(each for each in fitting if stated in (None, each))
