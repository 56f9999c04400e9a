"""Texts that no field takes: characters that can't be stored or deceive the eye, and what shows nothing."""

from collections.abc import Iterator

from tests.hostile.requests import MARKER

CONTROLS = [*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]
DIRECTIONS = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
NO_CHARACTERS = [*range(0xFDD0, 0xFDF0), *(plane * 0x10000 + last for plane in range(17) for last in (0xFFFE, 0xFFFF))]
FORBIDDEN = [chr(each) for each in CONTROLS + DIRECTIONS + NO_CHARACTERS]
# Some of each kind, for every field; the others once.
FORBIDDEN_EVERYWHERE = ["\x00", "\x08", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u200f", "\ufdd0", "\uffff"]
FORBIDDEN_EVERYWHERE += ["\U0010fffe"]
EMPTY = [" ", "\t", "\r\n", "\u00a0", "\u2003\u3000", "\u2028\u2029", "\u00ad", "\u200b", "\u200d\ufeff"]
EMPTY += ["\u2060\u2064"]
EMPTY += ["\u034f", "\u115f\u1160", "\u17b4\u17b5", "\u180e", "\u2800", "\u3164", "\ufe0f", "\uffa0", "\ufff9\ufffb"]
EMPTY += ["\U00013441\U00013442\U00016fe4", "\U0001d159", "\U0001d173\U0001d17a", "\U000e0001"]
EMPTY += ["\U000e0041\U000e007f", "\U000e0100", "\U0001bca0", " \u200b \ufe00 "]
# As JSON can write them, but no Unicode text can hold them.
SURROGATES = [rb"\ud800", rb"\udfff", rb"\udc00\ud800", rb"\ud83dx", rb"x\ude00", rb"\uD83D\u0020", rb"\ud83d\\ude00"]
NOT_UTF_8 = [b"\xff", b"\xc0\x80", b"\xc1\xbf", b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xf4\x90\x80\x80"]
NOT_UTF_8 += [b"\xe2\x82"]
NOT_UTF_8 += [b"\x80", b"\xf8\x88\x80\x80\x80", b"\xe9"]


def broken() -> Iterator[bytes]:
    """JSON strings that are no text at all: the whole body is then no JSON."""
    mark = MARKER.encode()
    yield from (b'"' + mark + bad + b'"' for bad in (*SURROGATES, *NOT_UTF_8))
    yield from (
        b'"' + mark + bad + b'"' for bad in (b"\x00", b"\x1f", b"\n", b"\t", rb"\x41", rb"\u12", rb"\U0001F600")
    )
