"""What stands on the wire and is no request, or not the one that it seems."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.conftest import World
from tests.hostile.requests import MARKER

_MARK = MARKER.encode()
BODY = b'{"kind": "joy", "text": "Soep."}'
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)


@dataclass(frozen=True)
class Sent:
    """`statuses`: one for each answer that must come, in this order; after them the connection serves on, or ends."""

    what: str
    raw: bytes
    statuses: tuple[int, ...]
    to_head: bool = False


class Wire:
    """A caller's token and a list of its own, to write requests with."""

    def __init__(self, token: str, path: str) -> None:
        self.host, self.token = b"Host: testserver\r\n", f"Authorization: Bearer {token}\r\n".encode()
        self.path = path.encode()

    def get(
        self, target: bytes = b"/v1/me", method: bytes = b"GET", version: bytes = b"HTTP/1.1", more: bytes = b""
    ) -> bytes:
        return method + b" " + target + b" " + version + b"\r\n" + self.host + self.token + more + b"\r\n"

    def post(self, more: bytes, body: bytes, key: bytes = b"hostile-wire-0001") -> bytes:
        """`more` says how long the body is."""
        kind = b"Content-Type: application/json\r\nIdempotency-Key: " + key + b"\r\n"
        return b"POST " + self.path + b" HTTP/1.1\r\n" + self.host + self.token + kind + more + b"\r\n" + body

    def full(self, length: int = len(BODY), body: bytes = BODY) -> bytes:
        return self.post(b"Content-Length: %d\r\n" % length, body)

    def chunked(self, body: bytes, coding: bytes = b"chunked") -> bytes:
        return self.post(b"Transfer-Encoding: " + coding + b"\r\n", body)


def wire_of(world: World) -> Wire:
    return Wire(world.token("fien"), f"{world.fien}/portrait-items")


def all_of(wire: Wire) -> list[Sent]:
    return [*framing(wire), *lines(wire), *targets(wire), *turns(wire)]


def framing(wire: Wire) -> Iterator[Sent]:
    """Where a request ends (RFC 9112, 6): never in two ways."""
    both = (
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    )
    for each in both:
        yield Sent("a length and chunks: read as chunks, and the last", wire.post(each, CHUNKED + wire.get()), (201,))
    yield Sent("two lengths", wire.post(b"Content-Length: 32\r\nContent-Length: 5\r\n", BODY), (400,))
    for length in (
        b"+32",
        b"-1",
        b"32, 32",
        b"0x20",
        _MARK,
        b"",
        b"9" * 30,
        b"32 " + _MARK,
        b"\xd9\xa3",
        b"3_2",
        b"32\x0b",
    ):
        yield Sent(f"Content-Length {length!r}", wire.post(b"Content-Length: " + length + b"\r\n", BODY), (400,))
    yield Sent("a space before the colon", wire.post(b"Content-Length : 32\r\n", BODY), (400,))
    for coding in (b"x" + _MARK, b"\x0bchunked", b"identity", b"chunked, identity", b"chunked\r\n ,identity", b""):
        yield Sent(f"Transfer-Encoding {coding!r}", wire.chunked(CHUNKED, coding), (400,))
    for coding in (b"gzip, chunked", b"chunked\r\nTransfer-Encoding: chunked", b"chunked, chunked"):
        yield Sent(f"Transfer-Encoding {coding!r}", wire.chunked(CHUNKED, coding), (415,))
    size = b"%x" % len(BODY)
    for bad in (b"zz", b"-1", b"f" * 17, b"0x20", size + b" " + _MARK, b"", b"+20", b"\xff", size + b"\n" + _MARK):
        yield Sent(f"a chunk of size {bad!r}", wire.chunked(bad + b"\r\n" + BODY + b"\r\n0\r\n\r\n"), (400,))
    yield Sent("a chunk that is longer", wire.chunked(size + b"\r\n" + BODY + _MARK + b"\r\n0\r\n\r\n"), (400,))
    yield Sent("chunks with bare line ends", wire.chunked(CHUNKED.replace(b"\r\n", b"\n")), (400,))
    long = size + b";" + _MARK * 3000 + b"\r\n" + BODY + b"\r\n0\r\n\r\n"
    yield Sent("a chunk with a long extension", wire.chunked(long), (400,))
    trailers = CHUNKED[:-2] + (_MARK + b": " + _MARK + b"\r\n") * 500 + b"\r\n"
    yield Sent("many trailers", wire.chunked(trailers), (400,))


def lines(wire: Wire) -> Iterator[Sent]:
    for version in (
        b"HTTP/1.2",
        b"HTTP/2.0",
        b"HTTP/0.9",
        b"HTTP/9.9",
        b"http/1.1",
        b"HTTP/1.1 x",
        b"HTTP/1",
        b"",
        _MARK,
    ):
        yield Sent(f"version {version!r}", wire.get(version=version), (400,))
    for more in (
        b"X: a\r\n b\r\n",
        b"X: a\rb\r\n",
        b"X: a\x00b\r\n",
        b"X: \x01" + _MARK + b"\r\n",
        _MARK + b"\r\n",
        b": x\r\n",
    ):
        yield Sent(f"header {more!r}", wire.get(more=more), (400,))
    for name in (b"X " + _MARK, b"\xc3\xa9", b"X\x00", b"(", b"X\t", b" X", b"X[" + _MARK + b"]", b'"X"'):
        yield Sent(f"a header named {name!r}", wire.get(more=name + b": 1\r\n"), (400,))
    for method in (b"\x00\x01", b"G(T", b'"GET"', b"G\xc3\xa9T", b"GET\tX"):
        yield Sent(f"method {method!r}", wire.get(method=method), (400,))
    for method in (_MARK.upper(), b"get", b"A" * 5000, b"TRACE", b"CONNECT", b"PROPFIND", b"QUERY", b"!#$%&'*+-.^_`|~"):
        yield Sent(f"method {method[:20]!r}", wire.get(method=method), (405,))
    yield Sent("HEAD", wire.get(method=b"HEAD"), (200,), to_head=True)
    for host in (
        b"",
        b"Host: \r\n",
        b"Host: a b\r\n",
        b"Host: \xff\r\n",
        b"Host: x/../y\r\n",
        wire.host * 2,
    ):
        yield Sent(f"host {host!r}", wire.get().replace(wire.host, host), (400,))
    yield Sent("many headers", wire.get(more=b"".join(b"X-%d: 1\r\n" % at for at in range(90))), (431,))
    yield Sent("a long header", wire.get(more=b"X: " + _MARK * 2000 + b"\r\n"), (431,))
    yield Sent("garbage", b"\xde\xad\xbe\xef" * 100, (400,))
    yield Sent("TLS", bytes.fromhex("16030100a5010000a10303") + bytes(100), (400,))
    yield Sent("HTTP/0.9", b"GET /v1/me\r\n\r\n", (400,))
    yield Sent("another protocol", b"EHLO " + _MARK + b"\r\nMAIL FROM: <x@y>\r\n", (400,))


def targets(wire: Wire) -> Iterator[Sent]:
    nowhere = (b"*", b"/", b"//evil/v1/me", b"x:80", b"http://x", b"/v1/%ff", b"/v1/me%00", b"/v1/%zz", b"/v1/../v1/me")
    nowhere += (
        b"/v1/./me",
        b"/v1/me/..",
        b"/v1/\xc3\xa9",
        b"/v1/me;x",
        b"/V1/ME",
        b"http://x/v1/me/",
        b"/" + _MARK,
        b"/v1/%6de",
    )
    yield from (Sent(f"at {target!r}", wire.get(target), (404,)) for target in nowhere)
    broken = (
        b"",
        b"v1/me",
        b"/v1/m e",
        b"/v1/\xff",
        b"/v1/\x00",
        b"/v1/me?\xff",
        b"/v1/me?\x01",
        b"\\v1\\me",
        b"file:///etc/passwd",
    )
    yield from (Sent(f"at {target!r}", wire.get(target), (400,)) for target in (*broken, b"/v1/me?" + _MARK))
    yield Sent("a long path", wire.get(b"/" + _MARK * 1000), (414,))
    yield Sent("OPTIONS *", wire.get(b"*", b"OPTIONS"), (404,))
    yield Sent("CONNECT x:80", wire.get(b"x:80", b"CONNECT"), (404,))
    yield from (
        Sent(f"at {target!r}", wire.get(target), (200,)) for target in (b"http://evil.example/v1/me", b"/v1/me#x")
    )


def turns(wire: Wire) -> Iterator[Sent]:
    """One after another on a connection: each answer is of its own request."""
    big = b"9" * 300_000
    yield Sent("three at once", wire.get() * 3, (200, 200, 200))
    yield Sent("a body after a GET", wire.get(more=b"Content-Length: 3\r\n") + b"{a}" + wire.get(), (400, 200))
    hidden = wire.get(b"/v1/workers")
    inside = wire.get(more=b"Content-Length: %d\r\n" % len(hidden)) + hidden
    yield Sent("a request in a body", inside, (400,))
    yield Sent("413, and on", wire.full(len(big), big) + wire.get(), (413, 200))
    pieces = (b"10000\r\n" + big[:65536] + b"\r\n") * 5 + b"0\r\n\r\n"
    yield Sent("413 in chunks, and on", wire.chunked(pieces) + wire.get(), (413, 200))
    yield Sent("413 that is still to come", wire.full(len(big), b"") + wire.get(), (413,))
    stranger = wire.full().replace(wire.token, b"")
    yield Sent("a stranger's body, and on", stranger + wire.get(), (401, 200))
    yield Sent("Expect: 100-continue", wire.post(b"Expect: 100-continue\r\nContent-Length: 32\r\n", BODY), (100, 201))
    yield Sent("HTTP/1.0", wire.get(version=b"HTTP/1.0").replace(wire.host, b""), (200,))
    yield Sent("HTTP/1.0 that stays", wire.get(version=b"HTTP/1.0", more=b"Connection: keep-alive\r\n"), (200,))
    yield Sent("an empty line before", b"\r\n\r\n" + wire.get(), (200,))
    yield Sent("Connection: close", wire.get(more=b"Connection: close\r\n") + wire.get(), (200,))
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nUpgrade: "
    yield from (
        Sent(f"Upgrade: {to!r}", wire.get(more=upgrade + to + b"\r\n"), (200,)) for to in (b"h2c", b"websocket", _MARK)
    )
