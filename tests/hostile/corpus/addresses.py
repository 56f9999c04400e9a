"""Addresses: odd spellings of an id and of a path, and queries that say what no operation asks."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from tests.every_operation import Good
from tests.hostile.corpus.identifiers import spellings
from tests.hostile.requests import DIGITS, MARKER, Attempt, Request, refused

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ODD = ["%00", "%0a", "%0d%0aX-Injected:%20" + MARKER, "%ff", "%c0%80", "%ed%a0%80", "%d9%a1", "%e2%80%ae", "%2e%2e"]
ODD += ["%252e", "%2f"]
ODD += ["%5c", "%", "%%", "%zz", "%u0041", "..;", ";x=1", "~", "*", "(", "'", '"', "<" + MARKER + ">"]
ODD += ["{" + MARKER + "}", "|", "`", "^"]
UNKNOWN = ["x=1", f"{MARKER}={MARKER}", "=", "=1", "%00=1", "%ff=1", "x%00=", "access_token=" + MARKER]
UNKNOWN += ["_method=DELETE", "expand=all"]
UNKNOWN += ["fields=id", "x[]=1", "x[a]=1", "__proto__=1", "LIMIT2=1", "%E2%80%AE=1", "?", "?limit=1", "%26=1"]
UNKNOWN += [f"{MARKER};{MARKER}", "a&b&c"]
NUMBERS = ["", "0", "-1", "101", "+1", "%2B1", "1_0", "%201", "1%20", "%091", "1%00", "1%0a", "1.0", "1e1", "0x1"]
NUMBERS += ["01", "--1", "NaN", "null"]
NUMBERS += ["%D9%A1", "%EF%BC%91", "%E0%A5%A7", "1,2", "1;2", "true", "[1]", "'1'", "1/*", DIGITS * 3, "9" * 500]
NUMBERS += ["2147483648", MARKER]
NUMBERS += ["9223372036854775808", "1%ff", "%ff", "%C2%A01", "1%E2%80%8B", "%", "%3", "Infinity", "1'--", "1%C0%80"]
CODES = ("", "none", "ACTIVE", "Worker", "active,declined", "active%20", "%5B%22support%22%5D", "0", "null", MARKER)
FLAGS = ["", "1", "0", "True", "TRUE", "yes", "on", "null", "true%20", "%20true", "true%00", "true,false", "t"]
FLAGS += ["%D1%82rue", MARKER]
CURSORS = ["", "A", MARKER, MARKER * 20, "A" * 201, "A" * 200, "%00", "%ff", "..", "YQ==", "YQ", "-", "_", "a+b"]
CURSORS += ["a/b", "a%0ab", "null", "%F0%9F%98%80"]
CURSORS += ["eyJhIjoxfQ", "Yp" + "A" * 40, "YZ" + "A" * 40, "' or 1=1", "A%20A"]


def attempts(good: Good, start: Request) -> Iterator[Attempt]:
    yield from ids(start)
    yield from paths(start)
    yield from queries(good, start)


def ids(start: Request) -> Iterator[Attempt]:
    """Each id of the path in other spellings; as they are where HTTP can carry that, and with their bytes encoded."""
    parts = start.target.decode().split("/")
    for at in (at for at, part in enumerate(parts) if _UUID.fullmatch(part)):
        for other in set(spellings(parts[at])) - {".."}:  # which the client itself would resolve
            for written in {quote(other, safe=""), quote(other, safe="{}:;,'()*=%")}:
                yield _at(start, "/".join([*parts[:at], written, *parts[at + 1 :]]))
        yield _at(start, "/".join([*parts[:at], "%30" + parts[at][1:], *parts[at + 1 :]]))


def paths(start: Request) -> Iterator[Attempt]:
    path = start.target.decode()
    for odd in ODD:
        yield from (
            _at(start, path + odd),
            _at(start, f"{path}/{odd}"),
            _at(start, path.replace("/v1/", f"/v1/{odd}/")),
        )
    yield from (_at(start, each) for each in (path + "/", "/" + path, path + "//"))
    yield from (_at(start, each) for each in (path.replace("/v1", "/v2"), path.replace("/v1", ""), path.upper()))
    yield from (
        _at(start, each) for each in (path.replace("/v1", "/%76%31"), path.replace("/v1", "/v1%2f.."), path + ".json")
    )
    yield from (_at(start, each, 414) for each in (path + "a" * 2048, path + "/a" * 1024, path + "%00" * 700))


def _at(start: Request, path: str, status: int = 404) -> Attempt:
    return refused(f"at {path[:120]}", start.but(target=path.encode("latin-1")), status, 405)


def queries(good: Good, start: Request) -> Iterator[Attempt]:
    known = (
        {field.alias or name for name, field in good.operation.query.model_fields.items()}
        if good.operation.query
        else set()
    )
    wrong = {"limit": NUMBERS, "count": FLAGS, "cursor": CURSORS, "partyId": CODES}
    wrong |= dict.fromkeys(("status", "partyType", "purpose"), CODES)
    assert known <= wrong.keys(), "a parameter of which no wrong values are known here"
    for name, values in wrong.items():
        named = [name] if name in known else ["parameters"]
        for value in values:
            yield refused(f"?{name}={value[:80]}", start.query(f"{name}={value}"), names=named)
    for name in known:
        for query in (
            f"{name}=1&{name}=1",
            f"{name}=1&%{ord(name[0]):x}{name[1:]}=2",
            f"{name}&{name}",
            f"{name}=&{name}=1",
        ):
            yield refused(f"?{query}", start.query(query), names=[name])
        for other in (name.upper(), f"{name}[]", f"{name}%00", f"%20{name}", f"{name}%20", f"{name}."):
            yield refused(f"?{other}", start.query(f"{other}=1"), names=["parameters"])
    yield from (refused(f"?{query}", start.query(query), names=["parameters"]) for query in UNKNOWN)
    yield refused("2000 parameters", start.query("&".join(["a="] * 1300)), names=["parameters"])
    yield refused("a long query", start.query(f"x={MARKER * 400}"), 414)
    yield refused("5000 parameters", start.query("&".join(["a=1"] * 5000)), 414)
