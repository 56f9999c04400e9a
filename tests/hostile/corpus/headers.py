"""Headers: types, codings, preconditions, keys, tokens and hosts that are wrong, double, or in odd bytes."""

from collections.abc import Iterator

from support_api.domain.vocabulary import Role
from support_api.http.operations import About
from tests.conftest import World
from tests.every_operation import Good
from tests.hostile.requests import DIGITS, MARKER, Attempt, Request, refused

_MARK = MARKER.encode()
# What HTTP can carry and few expect: other encodings, control characters, emptiness, and length.
ODD: list[bytes] = [b"", b" ", b"\t", b"\xff", b"\xff\xfe", b"\xc3\xa9", b"\xe2\x80\xae", _MARK, _MARK + b"\xe9"]
ODD += [b"\x01" + _MARK]
ODD += [b",", b";", b"=", b'"', b'"' + _MARK, b"\\", b"null", b"{}", b"%00" + _MARK, b"${" + _MARK + b"}"]
ODD += [b"'; drop table", b"9" * 300]
TYPES = ["text/plain", "text/json", "application/xml", "multipart/form-data; boundary=x"]
TYPES += ["application/x-www-form-urlencoded"]
TYPES += ["application/json; charset=utf-7", "application/json; charset=utf-16", "application/json; charset=hex"]
TYPES += ["application/json;charset=nope"]
TYPES += ["application/json; charset=utf-8; charset=utf-16", f"application/json; {MARKER}"]
TYPES += ["application/json; boundary=x", "application/json, application/json"]
TYPES += ["application/problem+json", "application/json-seq", "application/x-ndjson", "application/jsonp"]
TYPES += ["application/ json", "json", "*/*"]
TYPES += ["application/vnd.api+json", "application/json\xa0", "application/\u0130son", "application/cbor"]
TYPES += ["application/msgpack", MARKER]
CODINGS = ["gzip", "br", "deflate", "zstd", "compress", "x-gzip", "identity, gzip", "gzip, identity", "identity;q=1"]
CODINGS += ["aws-chunked", MARKER]
ACCEPTS = ["text/html", "application/xml", "application/json;q=0", "*/*;q=0.000", "image/*", "application/json+x"]
ACCEPTS += ["x", MARKER, "application"]
ACCEPTS += ["text/html;q=inf", "text/html;q=NaN", "text/html;q=-1", "*", "*/json", "text/*"]
ACCEPTS += ["application/problem+xml", "," * 1000 + "x"]
TAGS = ["*", "W/{}", "{},{}", "{}, W/{}", " {} x", '""', '"1"', '"0.0123456789abcdef"', '"-1.0123456789abcdef"']
TAGS += ['"1.0123456789ABCDEF"', MARKER]
TAGS += [f'"{DIGITS}{DIGITS}.0123456789abcdef"', '"1.0123456789abcde"', "1.0123456789abcdef", "'1.0123456789abcdef'"]
TAGS += ['"01.0123456789abcdef"']
TAGS += ['"1.0123456789abcdef', '"+1.0123456789abcdef"', '"1_0.0123456789abcdef"', f'"{MARKER}"']
TAGS += ['"\u0661.0123456789abcdef"', '"1e1.0123456789abcdef"']
KEYS = ["", "short", "a" * 15, "a" * 256, "a b" * 8, MARKER + "\u00e9" * 8, "\u0661" * 20, "a" * 20 + "\t"]
KEYS += [MARKER + "\x7f" + "a" * 9]
PURPOSES = ["", MARKER, "SUPPORT", "support,enforcement", "support ", "Support", "enforcement", "*", "null"]
PURPOSES += ["\u0455upport", "support\x00"]
# Who could wish them away, yet they say nothing here.
IGNORED = ["Cookie", "Origin", "Referer", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"]
IGNORED += ["Forwarded", "X-Request-Id"]
IGNORED += ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Original-URL", "X-Rewrite-URL", "Range", "If-Range", "TE"]
IGNORED += ["Via", "traceparent", "tracestate"]
IGNORED += ["baggage", "Accept-Language", "Accept-Charset", "Accept-Encoding", "Prefer", "Date", "From"]
IGNORED += ["Max-Forwards", "If-Modified-Since", "If-None-Match"]
IGNORED += ["Api-Version", "Idempotency-Key2", "X-Municipality", "Content-Language", "Content-Location"]
IGNORED += ["Content-Disposition", "Digest", "Upgrade"]


def attempts(world: World, good: Good, start: Request) -> Iterator[Attempt]:
    yield from media(good, start)
    yield from tokens(world, start)
    if good.operation.conditional:
        yield from tags(start)
    if good.operation.keyed:
        yield from keys(start)
    if good.operation.about is About.RESIDENT and world.person(good.name).role != Role.RESIDENT:
        yield from (_one(start, "Processing-Purpose", value, 403, 400) for value in [*PURPOSES, *ODD])
        yield _twice(start, "Processing-Purpose", "support", "support")
    yield from ignored(start)
    yield from hosts(start)
    yield from sizes(start)


def media(good: Good, start: Request) -> Iterator[Attempt]:
    types = TYPES if good.body is None else [*TYPES, "", *(_UNREAD - set(good.operation.media_types))]
    odd = [each for each in ODD if each.strip()]
    yield from (_one(start, "Content-Type", kind, 415) for kind in (*types, *odd))
    typed = start.header("Content-Type", good.operation.media_types[0])
    yield from (_one(typed, "Content-Encoding", coding, 415) for coding in (*CODINGS, *odd))
    yield from (
        _one(typed, "Transfer-Encoding", coding, 415) for coding in (*CODINGS, "chunked, chunked", "chunked, gzip")
    )
    yield from (_one(start, "Accept", kind, 406) for kind in (*ACCEPTS, *odd))
    yield _twice(typed, "Content-Type", good.operation.media_types[0], good.operation.media_types[0])
    yield _twice(typed, "Content-Encoding", "identity", "identity")


_UNREAD = {"application/merge-patch+json"}


def tokens(world: World, start: Request) -> Iterator[Attempt]:
    bearer = dict(start.headers)[b"Authorization"].decode()
    token = bearer.removeprefix("Bearer ")
    wrong = [
        f"Basic {token}",
        f"Bearer{token}",
        f"Bearer\t{token}",
        f"Bearer \t{token}",
        f"Bearer {token} ",
        f"Bearer {token},",
        f"Bearer={token}",
        token,
    ]
    wrong += [
        f"Bearer {token}.",
        f"Bearer .{token}",
        f"Bearer {token[:-4]}",
        f"Bearer {MARKER}",
        f"Bearer {token}\x00",
        "Bearer",
        "Bearer ",
    ]
    wrong += [
        f"Bearer {token}, Bearer {token}",
        f"DPoP {token}",
        "Bearer " + "a." * 4000,
        "Bearer " + "e30" * 3000,
        "Bearer e30.e30.e30",
        "Bearer ...",
    ]
    yield from (_one(start, "Authorization", value, 401) for value in (*wrong, *ODD))
    yield refused("no token", start.header("Authorization"), 401)
    yield refused("two tokens", start.header("Authorization", bearer, bearer), 401)
    yield refused("a token in a cookie", start.header("Authorization").header("Cookie", f"access_token={token}"), 401)


def tags(start: Request) -> Iterator[Attempt]:
    """428 where it is away; what is well formed and of another version is 412."""
    tag = dict(start.headers)[b"If-Match"].decode()
    for wrong in (*(each.replace("{}", tag) for each in TAGS), *ODD):
        yield _one(start, "If-Match", wrong, 400)
    yield refused("no If-Match", start.header("If-Match"), 428)
    yield _twice(start, "If-Match", tag, tag)
    yield _one(start, "If-Match", '"999999999.0123456789abcdef"', 412)


def keys(start: Request) -> Iterator[Attempt]:
    key = dict(start.headers)[b"Idempotency-Key"].decode()
    short_or_odd = [
        each for each in ODD if len(each) < 16 or len(each) > 255 or any(not 0x21 <= byte <= 0x7E for byte in each)
    ]
    yield from (_one(start, "Idempotency-Key", value, 400) for value in (*KEYS, *short_or_odd))
    yield _twice(start, "Idempotency-Key", key, key)


def ignored(start: Request) -> Iterator[Attempt]:
    """Beside one mistake that is always told, so that what they hold could come back with it."""
    told = start.header("Accept", "text/html")
    for at, name in enumerate(IGNORED, len(start.target)):
        # Each name with each value somewhere, not everywhere.
        yield from (_one(told, name, value, 406) for value in (MARKER, *ODD[at % 8 :: 8]))
        yield refused(f"two of {name}", told.header(name, MARKER, MARKER), 406)
    yield from (_one(told, name, MARKER, 406) for name in ("x" * 200, "x-" + MARKER, "x_y", "!#$%&'*+-.^_`|~"))


def hosts(start: Request) -> Iterator[Attempt]:
    """Another name does nothing, none or two is no request (RFC 9112, 3.2)."""
    told = start.header("Accept", "text/html")
    for host in ("evil.example", MARKER, "127.0.0.1:1", "[::1]", "a" * 300, "x@y", "x/../y", "\xe9", "localhost:99999"):
        yield refused(f"Host {host[:50]}", told.header("Host", host.encode("latin-1")), 406, 400)
    yield refused("an empty Host", start.header("Host", ""), 400)
    yield refused("two Hosts", start.header("Host", "testserver", "testserver"), 400)


def sizes(start: Request) -> Iterator[Attempt]:
    yield refused("a long header", start.header("X-Long", MARKER * 1400), 431)
    yield refused("a long name", start.header("x" * 17_000, MARKER), 431)
    yield refused("a long cookie", start.header("Cookie", f"a={MARKER};" * 1000), 431)
    yield refused("many headers", start.header("X-Many", *[MARKER] * 100), 431)
    many = start
    for at in range(70):
        many = many.header(f"X-{at}", "1")
    yield refused("many names", many, 431)


def _one(start: Request, name: str, value: str | bytes, *statuses: int) -> Attempt:
    return refused(f"{name}: {value[:60]!r}", start.header(name, value), *statuses)


def _twice(start: Request, name: str, *values: str) -> Attempt:
    return refused(f"two of {name}", start.header(name, *values), names=[name])
