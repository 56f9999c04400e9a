"""Whole bodies: bytes that are no JSON, JSON that is no object, keys that stand there twice, and far too much of it."""

import json
from collections.abc import Iterator
from typing import Any

from support_api.http.bodies import LONGEST_BODY
from support_api.http.reading import MOST_VALUES
from tests.every_operation import Good
from tests.hostile.requests import MARKER, Attempt, Request, refused

_MARK = MARKER.encode()
_INSIDE = "\x00inside"
NOT_JSON = [b"{", b"}", b"[", b'"', b"'", b"\\", b",", b"{]", b"[}", b"tru", b"nul", b"<xml/>", b"a=1&b=2", _MARK]
NOT_JSON += [b"\x00", b" ", b"\n"]
NOT_JSON += [b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--", b"%7B%7D", b"eyJhIjoxfQ=="]
NOT_JSON += [b"\x1f\x8b\x08\x00", b"\x1e{}\n"]
NOT_OBJECTS = [b"null", b"true", b"5", b'""', b"[]", b"[{}]", b'"' + _MARK + b'"', b"[[[]]]", b"-0"]


def attempts(good: Good, start: Request) -> Iterator[Attempt]:
    """An operation without a body takes nothing but nothing, and an empty object."""
    typed = start.header("Content-Type", good.operation.media_types[0])
    body = good.body if good.body is not None else {MARKER: MARKER}
    for what, content in (*whole(body), *deep(), *bulky(body), *encoded(json.dumps(body))):
        yield refused(what, typed.but(content=content))
    for content in twice(body):
        yield refused(f"twice: {content[:60]!r}", typed.but(content=content))
    for content in unknown(body):
        yield refused(f"unknown: {content[:60]!r}", typed.but(content=content))
    if good.body is None:
        yield from (refused(f"a body: {each!r}", typed.but(content=each)) for each in (b"{},", b"{}{}", b"0", b"null"))
    full = json.dumps(body).encode()
    yield refused("too large", typed.but(content=full + b" " * LONGEST_BODY), 413)
    yield refused("much too large", typed.but(content=b'"' + _MARK * 100_000), 413)


def whole(body: Any) -> Iterator[tuple[str, bytes]]:
    good = json.dumps(body).encode()
    for each in (*NOT_JSON, *NOT_OBJECTS):
        yield repr(each), each if each.strip() else each + b'"'
    yield from {
        "cut short": good[:-1],
        "cut in a string": good[: good.index(b'"') + 3],
        "followed by itself": good + good,
        "followed by a line of it": good + b"\n" + good,
        "followed by a mark": good + _MARK,
        "followed by NUL": good + b"\x00",
        "a comma too many": good[:-1] + b",}",
        "no colon": good.replace(b":", b" "),
        "single quotes": good.replace(b'"', b"'"),
        "a comment": b"/*" + _MARK + b"*/" + good,
        "a comment at the end": good + b"//" + _MARK,
        "a prefix": b")]}',\n" + good,
        "a form feed": b"\x0c" + good,
        "a no-break space": b"\xc2\xa0" + good,
        "bare keys": b"{" + _MARK + b": 1}",
        "a number as key": b"{1: 1}",
        "in a string": json.dumps(good.decode()).encode(),
    }.items()


def encoded(text: str) -> Iterator[tuple[str, bytes]]:
    yield from ((coding, text.encode(coding)) for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"))
    yield "utf-7 BOM", b"+/v8-" + text.encode()
    yield "EBCDIC", text.encode("cp500")
    yield "gzip that isn't said", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + text.encode()
    for bad in (b"\xff", b"\xe9", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
        yield f"a key in other bytes, {bad!r}", text.encode()[:-1] + b', "' + _MARK + bad + b'": 1}'


def deep() -> Iterator[tuple[str, bytes]]:
    for depth in (150, 1100, 20_000, 100_000):
        yield f"{depth} lists", b"[" * depth + b"]" * depth
        yield f"{depth} lists, open", b"[" * depth
        yield f"{depth} objects", (b'{"a":' * depth + b"1" + b"}" * depth)[: LONGEST_BODY - 10]
    yield "deep in an unknown field", b'{"' + _MARK + b'": ' + b"[" * 900 + b"]" * 900 + b"}"
    yield "deep and shallow in turn", b'{"a":' + b"[[],[],[" * 300 + b"1" + b"]]" * 300 + b"}"


def bulky(body: Any) -> Iterator[tuple[str, bytes]]:
    good = json.dumps(body).encode()[:-1]
    yield "many keys", good + b"".join(b', "%s%d": 1' % (_MARK, at) for at in range(4000)) + b"}"
    yield "many values", good + b', "x": [' + b"1," * (MOST_VALUES + 10) + b"1]}"
    yield "a long key", good + b', "' + _MARK * 10_000 + b'": 1}'
    yield "a long string", good + b', "x": "' + _MARK * 10_000 + b'"}'
    yield "a long number", good + b', "x": ' + b"9" * 100_000 + b"}"
    yield "keys that hash alike", good + b"".join(b', "%d": 1' % (at * (2**61 - 1)) for at in range(3000)) + b"}"
    yield "escapes", good + b', "x": "' + rb"\u0041" * 30_000 + b'"}'


def objects(value: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each object in it, and the whole with a mark in that object alone."""
    if isinstance(value, dict):
        yield {**value, _INSIDE: 0}, value
        for name, inner in value.items():
            yield from (({**value, name: marked}, found) for marked, found in objects(inner))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from (([*value[:at], marked, *value[at + 1 :]], found) for marked, found in objects(inner))


def _inside(marked: Any, written: bytes) -> bytes:
    return json.dumps(marked).encode().replace(json.dumps(_INSIDE).encode() + b": 0", written)


def twice(body: Any) -> Iterator[bytes]:
    """One key of it again: with its value, another one, escaped; and two keys that are unknown, in it and below."""
    for marked, found in objects(body):
        for name, value in list(found.items())[:2]:
            key, escaped = json.dumps(name).encode(), f'"\\u{ord(name[0]):04x}{name[1:]}"'.encode()
            yield _inside(marked, key + b": " + json.dumps(value).encode())
            yield _inside(marked, key + b': "' + _MARK + b'"')
            yield _inside(marked, escaped + b": null")
        yield _inside(marked, b'"%s": 1, "%s": 1' % (_MARK, _MARK))
        yield _inside(marked, b'"x": {"%s": 1, "%s": 2}' % (_MARK, _MARK))


_UNKNOWN = [MARKER, "", " ", "__proto__", "constructor", "$ref", "@type", "id", "version", "municipalityId"]
_UNKNOWN += ["municipality_id"]
_UNKNOWN += ["authorRole", "createdAt", "sealed", "\x00", "\ud800", "\u202e", "a.b", "a[0]", "/", "~1", "\U0001f600"]
_UNKNOWN += ["a" * 5000]


def unknown(body: Any) -> Iterator[bytes]:
    """A field that isn't there, in each object of it; by the Python name or in capitals too."""
    for marked, found in objects(body):
        other = [name.upper() for name in found] + [name + "_" for name in found] + [f"{name}\x00" for name in found]
        for name in (*_UNKNOWN, *other):
            if name not in found:
                yield _inside(marked, json.dumps(name).encode() + b": 1")
