"""Content opens in the place where it was sealed and nowhere else (ASVS V11; access.md, wall 3)."""

import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from support_api.db import sealing
from support_api.db.sealing import Cipher, Unreadable, context

KEY_ID = UUID("0199aaaa-0000-7000-8000-00000000abcd")
CIPHER = Cipher(KEY_ID, bytes(range(32)))
DOCUMENT = {"text": "Als het hele huis naar soep ruikt.", "seen_by": ["buurvrouw"], "rank": None}
PROPERTY = settings(database=None, deadline=None, max_examples=200)


@dataclass(frozen=True)
class Spot:
    municipality: UUID
    owner: UUID
    table: str
    column: str
    row: UUID
    version: int


# Few different values, so that parts often meet, shift into each other and change places.
_ids = st.sampled_from([UUID(int=n) for n in (0, 1, 2**127)])
_names = st.text("ab1\x00", max_size=3)
SPOTS = st.builds(Spot, _ids, _ids, _names, _names, _ids, st.integers(0, 12))


def _opens(sealed: bytes, place: bytes, cipher: Cipher = CIPHER) -> bool:
    try:
        return bool(cipher.open(sealed, place) == DOCUMENT)
    except Unreadable:
        return False


def _travels(place_of: Callable[..., bytes], here: Spot, there: Spot) -> bool:
    """Whether what was sealed here opens there."""
    return _opens(CIPHER.seal(DOCUMENT, place_of(**asdict(here))), place_of(**asdict(there)))


@PROPERTY
@given(SPOTS, SPOTS)
def test_what_is_sealed_here_does_not_open_there(here: Spot, there: Spot) -> None:
    assert _travels(context, here, there) == (here == there)


@PROPERTY
@given(SPOTS, st.sampled_from([part.name for part in fields(Spot)]), st.data())
def test_one_other_part_is_enough(here: Spot, part: str, data: st.DataObject) -> None:
    other = getattr(data.draw(SPOTS), part)
    assume(other != getattr(here, part))
    assert not _travels(context, here, replace(here, **{part: other}))


HERE = Spot(UUID(int=1), UUID(int=1), "a", "ba", UUID(int=1), 1)
ELSEWHERE = Spot(UUID(int=2), UUID(int=2), "ab", "a", UUID(int=2), 2)


@pytest.mark.parametrize("part", asdict(HERE))
def test_a_context_that_forgets_a_part_is_seen(part: str) -> None:
    """Positive control."""
    there = replace(HERE, **{part: getattr(ELSEWHERE, part)})
    assert not _travels(context, HERE, there)
    assert _travels(lambda **parts: context(**{**parts, part: getattr(HERE, part)}), HERE, there)


def test_a_context_without_lengths_is_seen() -> None:
    """Positive control: there the table `a` with column `ba` and the table `ab` with column `a` are one place."""
    there = replace(HERE, table="ab", column="a")
    assert not _travels(context, HERE, there)
    assert _travels(_run_together, HERE, there)


def _run_together(**parts: Any) -> bytes:
    return b"".join(p.bytes if isinstance(p, UUID) else str(p).encode() for p in parts.values())


PLACE = context(KEY_ID, KEY_ID, "portrait_items", "sealed", KEY_ID, 1)


def _turned(sealed: bytes, at: int, bit: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1 << bit]) + sealed[at + 1 :]


def test_no_bit_can_be_turned_and_no_byte_left_out_or_added() -> None:
    sealed = CIPHER.seal(DOCUMENT, PLACE)
    turned = [
        sealed[:n] + bytes([sealed[n] ^ 1 << bit]) + sealed[n + 1 :] for n in range(len(sealed)) for bit in range(8)
    ]
    shorter = [sealed[:n] for n in range(len(sealed))] + [sealed[n:] for n in range(1, len(sealed))]
    assert not any(_opens(each, PLACE) for each in (*turned, *shorter, sealed + b"\x00", b"\x00" + sealed))
    assert _opens(sealed, PLACE)


def test_only_the_key_that_sealed_it_opens_it() -> None:
    sealed = CIPHER.seal(DOCUMENT, PLACE)
    assert not _opens(sealed, PLACE, Cipher(KEY_ID, bytes(32)))
    assert not _opens(sealed, PLACE, Cipher(UUID(int=1), bytes(range(32))))


def _nonces(count: int) -> set[bytes]:
    """The twelve bytes behind format and key id."""
    return {CIPHER.seal(DOCUMENT, PLACE)[17:29] for _ in range(count)}


def test_no_nonce_is_used_twice() -> None:
    """NIST SP 800-38D: with one key, once; random ones of 96 bits."""
    assert len(_nonces(20_000)) == 20_000


def test_a_nonce_used_twice_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: a counter that starts anew."""
    counter = iter(range(20_000))
    monkeypatch.setattr(sealing.os, "urandom", lambda size: struct.pack(">4xq", next(counter) % 19_999))
    assert len(_nonces(20_000)) == 19_999


def test_the_sealed_text_says_nothing_of_what_is_in_it() -> None:
    """Not even whether two are the same."""
    first, second = CIPHER.seal(DOCUMENT, PLACE), CIPHER.seal(DOCUMENT, PLACE)
    assert first[29:] != second[29:]
    assert b"soep" not in first
