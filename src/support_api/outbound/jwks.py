"""Public keys of token issuers. Fetched before they are needed and in the background; an unknown key id causes at most
one fetch a minute, so that no stranger can make us call out."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt

from support_api.domain.errors import Unavailable

_REFRESH_SECONDS = 300.0
_RETRY_SECONDS = 60.0
_LAST_GOOD_SECONDS = 24 * 3600.0


class IssuerKeys:
    """The keys of all issuers: given ones, or those at an address (HTTPS in production)."""

    def __init__(
        self,
        given: Mapping[str, dict[str, Any]],
        addresses: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._addresses = addresses
        self._keys: dict[str, dict[str, jwt.PyJWK]] = {name: _parse(jwks) for name, jwks in given.items()}
        self._fetched_at: dict[str, float] = {}
        self._tried_at: dict[str, float] = {}
        self._locks = {name: asyncio.Lock() for name in addresses}

    async def key(self, issuer: str, kid: str) -> jwt.PyJWK | None:
        if issuer in self._addresses:
            known = self._keys.get(issuer)
            if known is None or kid not in known:
                await self._fetch_once(issuer)
            if self._clock() - self._fetched_at.get(issuer, -_LAST_GOOD_SECONDS) > _LAST_GOOD_SECONDS:
                raise Unavailable("issuer keys")
        return self._keys.get(issuer, {}).get(kid)

    async def keep_fresh(self) -> None:
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
            with contextlib.suppress(httpx.HTTPError, ValueError, jwt.PyJWTError):
                async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=5) as client:
                    answer = await client.get(self._addresses[issuer])
                    answer.raise_for_status()
                    self._keys[issuer] = _parse(answer.json())
                    self._fetched_at[issuer] = now


def _parse(jwks: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """Signing keys only; one that we can't read is left out."""
    found: dict[str, jwt.PyJWK] = {}
    for entry in jwks.get("keys", []):
        if entry.get("use", "sig") != "sig" or not isinstance(entry.get("kid"), str) or entry.get("kty") == "oct":
            continue
        with contextlib.suppress(jwt.PyJWTError, ValueError):
            found[entry["kid"]] = jwt.PyJWK(entry, algorithm=entry.get("alg") or _default(entry))
    return found


def _default(entry: dict[str, Any]) -> str:
    return {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}.get(entry.get("kty", ""), "RS256")
