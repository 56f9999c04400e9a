"""Content encryption: AES-256-GCM over one JSON document, bound to exactly where it stands.

Layout: 0x01 | key id (16) | nonce (12) | ciphertext and tag. The context (municipality, owner, table, column, row,
version) is authenticated, so a row copied elsewhere, or an old version put back, does not open.
"""

import os
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = b"\x01"
_HEAD = 1 + 16 + 12
_encode = msgspec.json.Encoder(order=None).encode
_decode = msgspec.json.Decoder().decode


class Unreadable(Exception):
    """The content does not open with the key and the place that it claims; says nothing of either."""


def context(municipality: UUID, owner: UUID, table: str, column: str, row: UUID, version: int) -> bytes:
    parts = (
        municipality.bytes,
        owner.bytes,
        table.encode(),
        column.encode(),
        row.bytes,
        str(version).encode(),
    )
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


class Cipher:
    """The data key of one person, opened."""

    __slots__ = ("_gcm", "key_id")

    def __init__(self, key_id: UUID, key: bytes) -> None:
        self.key_id = key_id
        self._gcm = AESGCM(key)

    def seal(self, document: Any, place: bytes) -> bytes:
        nonce = os.urandom(12)
        return _FORMAT + self.key_id.bytes + nonce + self._gcm.encrypt(nonce, _encode(document), place)

    def open(self, blob: bytes | None, place: bytes) -> Any:
        if blob is None or len(blob) < _HEAD or blob[:1] != _FORMAT or blob[1:17] != self.key_id.bytes:
            raise Unreadable
        try:
            return _decode(self._gcm.decrypt(blob[17:_HEAD], blob[_HEAD:], place))
        except InvalidTag:
            raise Unreadable from None
