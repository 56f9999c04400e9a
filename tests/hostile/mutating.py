"""Mutants of good requests, without end and always the same ones for the same seed: of the body as JSON and as bytes,
of headers, of the address, and of the request as it is written."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.hostile.corpus import addresses, headers, identifiers, moments, numbers, texts
from tests.hostile.corpus.good_texts import GOOD_TEXTS
from tests.hostile.requests import DIGITS, MARKER, Request
from tests.make import UNKNOWN

_MARK = MARKER.encode()
_TEXTS = [*texts.FORBIDDEN, *texts.EMPTY, *GOOD_TEXTS, *moments.MOMENTS, *moments.DAYS, *moments.PATTERNED]
_TEXTS += [*identifiers.spellings(UNKNOWN), UNKNOWN, MARKER, MARKER * 50, MARKER * 2000]
_WRITTEN = [*numbers.NOT_WHOLE, *numbers.OUT_OF_RANGE, *numbers.NO_JSON, *texts.broken(), b"null", b"true", b"{}"]
_WRITTEN += [b"[]"]
_WRITTEN += [b"[" * 40 + b"]" * 40, b"[" * 300, b'{"a":' * 300, b"[" + b"1," * 6000 + b"1]", b"", b'"\\u0000"']
_WRITTEN += [DIGITS.encode()]
_BYTES = [b"\x00", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r\n", b"\n", b"\t", b" ", b'"', b"\\"]
_BYTES += [b"\\u", b"{", b"}"]
_BYTES += [b"[", b"]", b",", b":", b"'", b"/*", b"*/", b"%", b"&", b"=", b";", b"?", b"#", b"/", b"..", b"-"]
_BYTES += [b"9" * 40, _MARK, b"\x7f", b"\xe2\x80\xae"]
_NAMES = ["", MARKER, "__proto__", "id", "version", "municipalityId", "\x00", "$ref", "a" * 300, "text", "kind"]
_NAMES += ["fields"]
_METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "QUERY", MARKER.upper()]
_HEADERS = [*headers.IGNORED, "Content-Type", "Content-Encoding", "Accept", "If-Match", "Idempotency-Key"]
_HEADERS += ["Authorization"]
_HEADERS += ["Processing-Purpose", "Host", "X-" + MARKER]
_VALUES = [*headers.ODD]
_VALUES += [
    *(each.encode() for each in (*headers.TYPES, *headers.CODINGS, *headers.ACCEPTS, *headers.TAGS, *headers.KEYS))
]
_ASKED = [*addresses.NUMBERS, *addresses.CURSORS, *addresses.FLAGS]
_QUERIES = ["limit", "count", "cursor", MARKER, "%00", "limit%5b%5d", "access_token"]


class Mutator:
    """`others`: good bodies of other operations, to take values from."""

    def __init__(self, random: Random, others: list[Any]) -> None:
        self.random, self.others = random, others
        self._written: dict[str, bytes] = {}

    def mutant(self, request: Request) -> Request:
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            ways = [self.in_headers, self.in_address, self.in_bytes, self.in_body]
            if request.content:
                ways += [self.in_bytes, *[self.in_body] * 7]
            request = self.random.choice(ways)(request)
        return request

    def in_body(self, request: Request) -> Request:
        """As JSON: what is there moves, goes, comes twice, or is another thing."""
        try:
            body = json.loads(request.content or b"")
        except (ValueError, RecursionError):
            body = self.random.choice(self.others)
        for _ in range(self.random.choice([1, 1, 2, 4])):
            body = self._changed(json.loads(json.dumps(body)))
        request = request if request.content else request.header("Content-Type", "application/json")
        return request.but(content=self._bytes(body))

    def _changed(self, body: Any) -> Any:
        holder, key = self.random.choice([*_places(body), ([body], 0)])
        value = holder[key]
        ways: list[Callable[[], Any]] = [
            lambda: self._raw(self.random.choice(_WRITTEN)),
            lambda: self.random.choice(_TEXTS),
            lambda: self.random.choice(GOOD_TEXTS),
            lambda: f"{value}{self.random.choice(GOOD_TEXTS + _TEXTS)}",
            lambda: [value],
            lambda: {MARKER: value},
            lambda: [value] * (self.random.choice([2, 11, 201, 3000]) if len(json.dumps(value)) < 99 else 2),
            lambda: self.random.choice([holder for holder, _ in _places(self.random.choice(self.others))] or [None]),
            lambda: {**value, self.random.choice(_NAMES): 1} if isinstance(value, dict) else value,
            lambda: {**value, "\x00twice": self._twice(value)} if isinstance(value, dict) else value,
        ]
        changed = self.random.choice(ways)()
        if holder == [body] and key == 0:
            return changed
        if isinstance(holder, dict) and self.random.random() < 0.2:
            holder[self.random.choice(_NAMES)] = holder.pop(key)
        elif self.random.random() < 0.1:
            del holder[key]
        else:
            holder[key] = changed
        return body

    def _raw(self, written: bytes) -> str:
        """A stand-in that will be written as these bytes."""
        name = f"\x01{len(self._written)}\x01"
        self._written[json.dumps(name)] = written
        return name

    def _twice(self, value: dict[str, Any]) -> str:
        """A stand-in for a key of it once more."""
        return self._raw(b"1, " + json.dumps(self.random.choice([*value, "x"])).encode() + b": 2")

    def _bytes(self, body: Any) -> bytes:
        made = json.dumps(body, ensure_ascii=self.random.random() < 0.5).encode("utf-8", "surrogatepass")
        for name, written in self._written.items():
            made = made.replace(name.encode(), written)
        return made[:300_000]

    def in_bytes(self, request: Request) -> Request:
        body = self.spoilt(request.content or b"{}")
        return (
            request.but(content=body)
            if request.content
            else request.header("Content-Type", "application/json").but(content=body)
        )

    def spoilt(self, content: bytes) -> bytes:
        for _ in range(self.random.choice([1, 1, 1, 2, 6])):
            at, length = self.random.randrange(len(content) + 1), self.random.choice([0, 0, 1, 1, 2, 40])
            instead = self.random.choice([self.random.choice(_BYTES), self.random.randbytes(2), b"", content[:at]])
            content = content[:at] + instead + content[at + length :]
        return content[:300_000]

    def in_headers(self, request: Request) -> Request:
        name = self.random.choice([*(name.decode() for name, _ in request.headers), *_HEADERS])
        old = [value for each, value in request.headers if each.decode().lower() == name.lower()]
        new = self.random.choice([*_VALUES, self.spoilt((old or [b"x"])[0])])
        ways = [[new], [new], [*old, new], old * 2, [], [(old or [b""])[0] + new], [b"a" * 20_000], [new] * 70]
        return request.header(name, *(value.translate(None, b"\r\n\x00") for value in self.random.choice(ways)))

    def in_address(self, request: Request) -> Request:
        path, _, query = request.target.decode("latin-1").partition("?")
        parts = path.split("/")
        at = self.random.randrange(len(parts))
        ways: list[Callable[[], str]] = [
            lambda: "/".join([*parts[:at], self.random.choice(identifiers.spellings(UNKNOWN)), *parts[at + 1 :]]),
            lambda: "/".join([*parts[:at], *parts[at + 1 :]]),
            lambda: "/".join([*parts[:at], parts[at], *parts[at:]]),
            lambda: path + self.random.choice(["/", "//", ".json", "?", "%00", "/_confirm", "/_search", f"/{MARKER}"]),
            lambda: f"{path}?{query}&{self.random.choice(_QUERIES)}={self.random.choice(_ASKED)}",
            lambda: f"{path}?{self.random.choice(addresses.UNKNOWN)}",
            lambda: self.spoilt(request.target).decode("latin-1"),
        ]
        if self.random.random() < 0.15:
            return request.but(method=self.random.choice(_METHODS))
        target = self.random.choice(ways)().encode("utf-8")
        return request.but(target=target.translate(None, b"\r\n\x00\t #\x7f") or b"/")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place where a value stands: what holds it, and where in it."""
    each = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for key, inner in each:
        yield value, key
        yield from _places(inner)


def written(request: Request, *, chunked: bool = False) -> bytes:
    """The request on the wire, with a right length."""
    body = request.content or b""
    framed = request.header("Content-Length").header("Transfer-Encoding")
    if chunked:
        framed = framed.header("Transfer-Encoding", "chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in (body[:7], body[7:]) if each) + b"0\r\n\r\n"
    elif request.content is not None:
        framed = framed.header("Content-Length", str(len(body)))
    head = b"".join(name + b": " + value + b"\r\n" for name, value in framed.headers)
    return request.method.encode() + b" " + request.target + b" HTTP/1.1\r\n" + head + b"\r\n" + body
