"""Cursors of lists: where a page ends, signed for this caller and this list, opaque, free of personal data."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from support_api.domain.errors import Fault, Invalid
from support_api.domain.facts import Principal

_MAC = 12
_AFTER, _BEFORE = b"a", b"b"


def place(principal: Principal, path: str) -> bytes:
    """The caller and the list: a cursor is good for nothing else."""
    return b"\x00".join((principal.municipality_id.bytes, principal.subject, path.encode()))


def make(key: bytes, place: bytes, edge: bytes, *, backwards: bool) -> str:
    content = (_BEFORE if backwards else _AFTER) + edge
    return _text(content + _mac(key, place, content))


def read(key: bytes, place: bytes, cursor: str) -> tuple[bytes, bool]:
    """The edge, and whether to go backwards. Raises Invalid for a cursor that was not made for this caller and list."""
    try:
        blob = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        raise _invalid() from None
    content, mac = blob[:-_MAC], blob[-_MAC:]
    if _text(blob) != cursor or not content or not hmac.compare_digest(mac, _mac(key, place, content)):
        raise _invalid()
    return content[1:], content[:1] == _BEFORE


def faults(key: bytes, place: bytes, cursor: str) -> tuple[Fault, ...]:
    """What is wrong with a cursor, before the database is asked anything."""
    try:
        read(key, place, cursor)
    except Invalid as invalid:
        return invalid.faults
    return ()


def item_edge(edge: bytes) -> UUID:
    if len(edge) != 16:
        raise _invalid()
    return UUID(bytes=edge)


def split_edge(edge: bytes, length: int) -> tuple[bytes, UUID]:
    """An edge of something of that length, and an id."""
    return edge[:length], item_edge(edge[length:])


def _text(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()


def _mac(key: bytes, place: bytes, content: bytes) -> bytes:
    return hmac.digest(key, len(place).to_bytes(4, "big") + place + content, hashlib.sha256)[:_MAC]


def _invalid() -> Invalid:
    return Invalid(Fault("cursor", "invalid_cursor"))
