"""The key store and the ring of opened keys.

Each person has a random data key, kept wrapped in a store of its own (own schema, own role, own URL if wanted), whose
backups are kept for days. Destroying a key there makes every copy of that person's content unreadable, old backups of
the main data included. Look-up hashes and signatures use keys derived per municipality from the ring's root.
"""

import asyncio
import contextlib
import hashlib
import hmac
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from support_api import metrics, traces
from support_api.db import canary
from support_api.db.canary import data_key_place
from support_api.db.sealing import Cipher, Unreadable
from support_api.domain.errors import Unavailable

_KEEP_SECONDS = 300
_KEEP_KEYS = 1000


class KeyProvider(Protocol):
    """Wraps and unwraps data keys; holds the secret from which look-up keys are derived. Never gives a key away."""

    def wrap(self, key: bytes, place: bytes) -> tuple[str, bytes]: ...
    def unwrap(self, wrapping: str, wrapped: bytes, place: bytes) -> bytes: ...
    def derive(self, label: str, municipality_id: UUID | None) -> bytes: ...


class StaticKeys:
    """A key provider over a keyring from a file or the environment: named wrapping keys and one root secret."""

    def __init__(self, current: str, wrapping: dict[str, bytes], root: bytes) -> None:
        self._current = current
        self._wrapping = {name: AESGCM(key) for name, key in wrapping.items()}
        self._root = root

    def wrap(self, key: bytes, place: bytes) -> tuple[str, bytes]:
        nonce = os.urandom(12)
        return self._current, nonce + self._wrapping[self._current].encrypt(nonce, key, place)

    def unwrap(self, wrapping: str, wrapped: bytes, place: bytes) -> bytes:
        """Raises Unreadable for a key of another place, or wrapped by a key that the ring does not hold."""
        try:
            return self._wrapping[wrapping].decrypt(wrapped[:12], wrapped[12:], place)
        except (KeyError, ValueError, InvalidTag):
            raise Unreadable from None

    def derive(self, label: str, municipality_id: UUID | None) -> bytes:
        name = label.encode() + b"\x00" + (municipality_id.bytes if municipality_id else b"")
        return hmac.digest(self._root, name, hashlib.sha256)


class KeyRing:
    """Opens data keys, and keeps at most a thousand of them for at most five minutes.

    A kept key is used only by those whose facts, read in the same transaction, say that it is active.
    """

    def __init__(self, pool: asyncpg.Pool, provider: KeyProvider, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._provider = provider
        self._clock = clock
        self._kept: OrderedDict[tuple[UUID, UUID], tuple[float, Cipher]] = OrderedDict()
        self._derived: dict[tuple[str, UUID | None], bytes] = {}
        self._fitted = False

    async def fits(self) -> bool:
        """Whether this ring is the one that the key store was used with so far."""
        self._fitted = await canary.fits(self._provider, self._ask)
        return self._fitted

    async def must_fit(self) -> None:
        """Raises Unavailable with a foreign keyring: by its hashes nobody is known, which would be told as a fact."""
        if not self._fitted and not await self.fits():
            raise Unavailable("keyring")

    def derived(self, label: str, municipality_id: UUID | None = None) -> bytes:
        name = (label, municipality_id)
        if name not in self._derived:
            self._derived[name] = self._provider.derive(label, municipality_id)
        return self._derived[name]

    def hash(self, label: str, municipality_id: UUID, value: bytes) -> bytes:
        """A keyed hash for look-ups: the same value gives another hash in another municipality."""
        return hmac.digest(self.derived(label, municipality_id), value, hashlib.sha256)

    async def cipher(self, municipality_id: UUID, key_id: UUID) -> Cipher:
        ciphers = await self.ciphers(municipality_id, (key_id,))
        try:
            return ciphers[key_id]
        except KeyError:
            raise Unavailable("data key") from None

    async def ciphers(self, municipality_id: UUID, key_ids: Iterable[UUID]) -> dict[UUID, Cipher]:
        """The opened keys of those that still exist and open here: one query for all that are not kept."""
        now = self._clock()
        kept = ((key_id, self._kept.get((municipality_id, key_id))) for key_id in key_ids)
        found = {key_id: entry[1] for key_id, entry in kept if entry and entry[0] > now}
        missing = [key_id for key_id in key_ids if key_id not in found]
        metrics.count(metrics.KEYS, "memory", by=len(found))
        metrics.count(metrics.KEYS, "store", by=len(missing))
        if missing:
            for row in await self._fetch(municipality_id, missing):
                with contextlib.suppress(Unreadable):
                    key = self._provider.unwrap(
                        row["wrapping"], row["wrapped"], data_key_place(municipality_id, row["id"])
                    )
                    found[row["id"]] = self._keep(municipality_id, row["id"], key, now)
        return found

    def _keep(self, municipality_id: UUID, key_id: UUID, key: bytes, now: float) -> Cipher:
        cipher = Cipher(key_id, key)
        self._kept[municipality_id, key_id] = (now + _KEEP_SECONDS, cipher)
        if len(self._kept) > _KEEP_KEYS:
            self._kept.popitem(last=False)
        return cipher

    async def _fetch(self, municipality_id: UUID, key_ids: list[UUID]) -> list[Any]:
        return await self._ask(
            "select id, wrapping, wrapped from keys.data_keys"
            " where municipality_id = $1 and id = any($2::uuid[]) and wrapped is not null",
            municipality_id,
            key_ids,
        )

    async def create(self, municipality_id: UUID, key_id: UUID) -> Cipher:
        """Makes a new random key and stores it before anything is sealed with it. Never with a foreign keyring: what is
        sealed then could not be opened with the right one."""
        await self.must_fit()
        key = AESGCM.generate_key(bit_length=256)
        wrapping, wrapped = self._provider.wrap(key, data_key_place(municipality_id, key_id))
        await self._ask(
            "insert into keys.data_keys (municipality_id, id, wrapping, wrapped) values ($1, $2, $3, $4)",
            municipality_id,
            key_id,
            wrapping,
            wrapped,
        )
        return self._keep(municipality_id, key_id, key, self._clock())

    async def destroy(self, municipality_id: UUID, key_id: UUID) -> None:
        """For good: the wrapped key is overwritten, and this process forgets it."""
        self._kept.pop((municipality_id, key_id), None)
        await self._ask(
            "update keys.data_keys set wrapped = null, destroyed_at = now() where municipality_id = $1 and id = $2",
            municipality_id,
            key_id,
        )

    async def _ask(self, sql: str, *values: Any) -> list[Any]:
        try:
            with traces.step(traces.KEY_STORE, sql.split(maxsplit=1)[0]):
                async with asyncio.timeout(3):
                    return await self._pool.fetch(sql, *values)
        except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            raise Unavailable("key store") from None
        except asyncpg.PostgresError as error:
            raise Unavailable(f"key store {error.sqlstate}") from None
