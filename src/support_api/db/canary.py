"""Whether a keyring is the one that this key store was used with so far.

A canary is a value that the ring derives from its root, wrapped by its current key, and written down the first time
that key is used. A ring in which one wrapping key or the root differs can't open it. Some data keys are tried besides,
of which one must open: a store that was restored has data keys, and no canary of its own.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from support_api.db.sealing import Unreadable

Ask = Callable[..., Awaitable[list[Any]]]
_PLACE = b"canary"
_WRAPPED = (
    "select wrapping, wrapped, null::uuid as municipality_id, null::uuid as id from keys.canaries union all"
    " (select wrapping, wrapped, municipality_id, id from keys.data_keys where wrapped is not null limit 5)"
)
_FIRST = "insert into keys.canaries (wrapping, wrapped) values ($1, $2) on conflict do nothing"


def data_key_place(municipality_id: UUID, key_id: UUID) -> bytes:
    return b"data-key" + municipality_id.bytes + key_id.bytes


async def fits(provider: Any, ask: Ask) -> bool:
    """Writes the canary of a wrapping key that has none yet, but only if all else opens."""
    rows = await ask(_WRAPPED)
    if not _all_open(provider, rows):
        return False
    current, wrapped = provider.wrap(_value(provider), _PLACE)
    if current in {row["wrapping"] for row in rows if row["id"] is None}:
        return True
    await ask(_FIRST, current, wrapped)
    return _all_open(provider, await ask(_WRAPPED))  # another ring may have been first


def _all_open(provider: Any, rows: list[Any]) -> bool:
    canaries = [_opens(provider, row) for row in rows if row["id"] is None]
    some = [_opens(provider, row) for row in rows if row["id"] is not None]
    return all(canaries) and (any(some) or not some)


def _opens(provider: Any, row: Any) -> bool:
    place = _PLACE if row["id"] is None else data_key_place(row["municipality_id"], row["id"])
    try:
        value = provider.unwrap(row["wrapping"], row["wrapped"], place)
    except Unreadable:
        return False
    return row["id"] is not None or value == _value(provider)


def _value(provider: Any) -> bytes:
    found: bytes = provider.derive("canary", None)
    return found
