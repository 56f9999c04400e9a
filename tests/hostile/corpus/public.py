"""What anybody can send to an address that asks for no token, or that isn't there."""

from collections.abc import Iterator

from tests.hostile.corpus import addresses, documents, headers
from tests.hostile.requests import MARKER, Attempt, Request
from tests.rules.addresses import PUBLIC

ADDRESSES = (*PUBLIC, "/", "/v1", "/v1/nowhere", "/v1/residents", "/v1/me")
_NAMES = [*headers.IGNORED, "Content-Type", "Content-Encoding", "Accept", "If-Match", "Idempotency-Key"]
_NAMES += ["Processing-Purpose"]
_METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", MARKER.upper(), "a" * 300]
# No fault of ours, whatever it is: nobody can do anything here.
_ANY = frozenset(range(200, 500))


def attempts() -> Iterator[Attempt]:
    for path in ADDRESSES:
        start = Request("GET", path.encode(), ((b"Host", b"testserver"),))
        for method in _METHODS:
            yield Attempt(f"{method[:20]} {path}", start.but(method=method), _ANY)
        for at, name in enumerate(_NAMES):
            # Each name with some of the values, each value with some of the names.
            for value in headers.ODD[at % 4 :: 4]:
                yield Attempt(f"{path} with {name}: {value[:30]!r}", start.header(name, value), _ANY)
        for query in (*addresses.UNKNOWN, *addresses.NUMBERS):
            yield Attempt(f"{path}?{query[:60]}", start.query(query), _ANY)
        for content in (*documents.NOT_JSON, *documents.NOT_OBJECTS):
            posted = start.but(method="POST", content=content).header("Content-Type", "application/json")
            yield Attempt(f"{path} with {content[:30]!r}", posted, _ANY)
