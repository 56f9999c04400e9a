"""What a text says once the ways in which programs write down other texts are undone."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){9,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_ALPHABET = str.maketrans("-_", "+/")


def undone(text: str, depth: int = 2) -> Iterator[str]:
    """The text itself, and what is inside it: percent-encoded, escaped, in hexadecimal or in base64, also in turn."""
    yield text
    if depth:
        for inner in {unquote_plus(text), _ESCAPE.sub(_character, text), _of_hex(text), _of_base64(text)} - {text, ""}:
            yield from undone(inner, depth - 1)


def _character(found: "re.Match[str]") -> str:
    return chr(int(found[1] or found[2], 16))


def _of_hex(text: str) -> str:
    return "\n".join(bytes.fromhex(run).decode("latin-1") for run in _HEX.findall(text))


def _of_base64(text: str) -> str:
    """Of each run with each of its beginnings: what stands before it may use the same letters."""
    runs = (run[start:] for run in _BASE64.findall(text.translate(_ALPHABET)) for start in range(4))
    whole = (run[: len(run) // 4 * 4] for run in map(_padded, runs))
    return "\n".join(base64.b64decode(run).decode("latin-1") for run in whole)


def _padded(run: str) -> str:
    return run + "=" * (-len(run) % 4) if len(run) % 4 != 1 else run
