"""A leak is found however it was written down, and nothing else is taken for one."""

import base64
import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.leaks.sinks import MARKER, is_bsn, leaks

BSN = "999990019"


def every_character(text: str) -> str:
    return "".join(f"\\u{ord(each):04x}" for each in text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"??>{text}".encode()).decode().rstrip("="),
    "base64 behind a path": lambda text: "/v1/" + base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "bytea": lambda text: rf"\x{text.encode().hex().upper()}",
    "percent-encoded": lambda text: "".join(f"%{each:02X}" for each in text.encode()),
    "percent-encoded twice": lambda text: quote("".join(f"%{each:02x}" for each in text.encode())),
    "JSON": every_character,
    "JSON in JSON": lambda text: json.dumps(every_character(text)),
    "repr of bytes": lambda text: "".join(rf"\x{each:02x}" for each in text.encode()),
    "base64 in JSON": lambda text: every_character(base64.b64encode(text.encode()).decode()),
    "base64 in base64": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("secret", [MARKER, MARKER.upper(), BSN, f"Fien {BSN} is"])
def test_a_secret_is_found_in_each_disguise(disguise: str, secret: str) -> None:
    assert leaks({"log": f"got {DISGUISES[disguise](secret)}."}) == ["log"]


@pytest.mark.parametrize(
    "text",
    [
        *(f"bsn{BSN}x", f"a{BSN}", f"{BSN}f", f"_{BSN}_", f'"{BSN}"', f"({BSN})", f"x.{BSN}", f"port 1 {BSN}"),
        *("999.99.0019", "9999 90 019", "9999.90.019", "999-990-019", "9 9 9 9 9 0 0 1 9", "99999/0019"),
        *("111222333", "x111222333y", "111.222.333", "1112 22 333"),
        *("DETAIL: (999990019)", f"2026-10-01T10:00:00.5Z {BSN}", f"0199c2f4-0000-7000-8000-000000000000 {BSN}"),
    ],
)
def test_a_bsn_is_found_however_it_is_written(text: str) -> None:
    assert leaks({"clean": "request 0199aaaa", "log": text}) == ["log"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "version 18.4.0", "2.25.0", "10.0.0.12:5432", "192.168.111.222", "127.0.0.1 - - 200 512 102 0.003"),
        *("2026-10-01T10:00:00.123456789Z", "2026-10-01 10:00:00,111 WARNING", "1791000000", "1791000000123456789"),
        *("0.111222333", '"9.0123456789abcdef"', "00-0123456789abcdef111222333abcdef0-111222333abcdef0-01"),
        *("0199c2f4-7111-7222-8333-999990019abc", "000000000", "123456789", "max_connections = 100 of 24"),
    ],
)
def test_what_only_looks_like_one_is_no_alarm(text: str) -> None:
    assert leaks({"log": text}) == []


def test_ids_hashes_and_moments_are_no_alarm_however_many() -> None:
    dice = random.Random(5)
    lines = []
    for _ in range(3000):
        some = dice.randbytes(32)
        moment = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(microseconds=dice.randrange(10**13))
        lines.append(
            f"{moment.isoformat()} {UUID(bytes=some[:16])} {hashlib.sha256(some).hexdigest()} pid {moment.day}"
        )
        lines.append(
            f"{moment} [{dice.randrange(4_000_000)}] {base64.urlsafe_b64encode(some).decode()} {some[:8].hex()}"
        )
    assert leaks({"log": "\n".join(lines)}) == []


def test_the_eleven_test_tells_a_bsn() -> None:
    assert [is_bsn(each) for each in (BSN, "111222333", "999990018", "000000000")] == [True, True, False, False]
