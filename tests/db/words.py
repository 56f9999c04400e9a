"""What nobody may find in a database that they can read but not open: every text of the demo's people."""

import base64
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from support_api.demo import cast
from support_api.demo.cast import CASE_SYSTEM, FRONT_END, RESIDENT_PORTAL, VERZONNERDAM, VOORBEELDSTAD
from support_api.domain.vocabulary import Role

_SYSTEMS = [actor for actor in VOORBEELDSTAD.actors if actor.role is Role.EXTERNAL_SYSTEM]
# The municipality's own register is public: its name, and what is connected to it.
PUBLIC = {
    *(text for town in (VOORBEELDSTAD, VERZONNERDAM) for text in (town.code, town.name)),
    *(text for system in _SYSTEMS for text in (system.name, system.full_name)),
    FRONT_END,
    CASE_SYSTEM,
    RESIDENT_PORTAL,
}
SHORTEST = 4


def secret_texts() -> set[str]:
    """Every text in demo/cast.py but the public ones: words, names, functions, numbers, and who logs in as whom."""
    given = [value for name, value in vars(cast).items() if name.isupper() and name[0] != "_"]
    return {text for text in _texts(given) if len(text) >= SHORTEST and text not in PUBLIC}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value):
        yield from _texts([getattr(value, field.name) for field in fields(value)])


def spellings(text: str) -> set[bytes]:
    """As it is, in hexadecimal, and in base64, wherever in a longer text it may begin."""
    raw = text.encode()
    return {raw, raw.hex().encode(), raw.hex().upper().encode(), *(_inner_base64(raw, shift) for shift in range(3))}


def _inner_base64(raw: bytes, shift: int) -> bytes:
    """The characters that depend on this text alone, if it begins `shift` bytes after a multiple of three."""
    first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
    return base64.b64encode(bytes(shift) + raw)[first:last]


def found(dump: bytes, texts: set[str]) -> set[str]:
    """Those of these texts that a dump gives away; also where PostgreSQL breaks base64 into lines."""
    whole = dump + dump.replace(b"\\n", b"")
    return {text for text in texts if any(spelling in whole for spelling in spellings(text))}
