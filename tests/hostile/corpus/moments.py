"""Moments, days and other texts of a fixed form, just beside it."""

from datetime import UTC, datetime, timedelta

from tests.hostile.requests import MARKER

# A moment of that day would be right where one is to come, such as the end of a consent.
_DAY = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
_TIMES = """T10:00:00 T10:00:00-00:00 t10:00:00z T10:00Z T10:00:00+01 T10:00:00+0100 T10:00:00+24:00 T10:00:00+23:60
 T24:00:00Z T10:60:00Z T10:00:60Z T10:00:00.Z T10:00:00.1234567Z T10:00:00,5Z T10:00:00ZZ T10:00:00[Europe/Amsterdam]
 T10:00:00\u221201:00 T10:00:00Z\x00 T1\u0660:00:00Z T100000Z T10:00:00-24:00 T-1:00:00Z T10:00:00UTC T10:00:00Z0"""
MOMENTS = ["", MARKER, _DAY, f"{_DAY} 10:00:00Z", f" {_DAY}T10:00:00Z", f"{_DAY}T10:00:00Z\n", f"{_DAY}T10:00:00 Z"]
MOMENTS += [_DAY + each for each in _TIMES.split()]
MOMENTS += [f"{each}T10:00:00Z" for each in ("\u0662" + _DAY[1:], _DAY.replace("-", "\u2010"), f"+1{_DAY}", f"-{_DAY}")]
MOMENTS += ["now", "infinity", "P1D", "-1", "1795341600", "1795341600.5", "2027-02-29T10:00:00Z"]
MOMENTS += ["2026-13-01T10:00:00Z", "2026-00-01T10:00:00Z", "2027-11-00T10:00:00Z", "2027-04-31T10:00:00Z"]
MOMENTS += ["2027-W07-7T10:00:00Z", "20270222T100000Z", "2027-026T10:00:00Z", "0001-01-01T00:00:00+14:00"]
MOMENTS += ["9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00Z", "1949-12-31T23:59:59Z", "2200-01-01T00:00:00Z"]
DAYS = ["", MARKER, "1971\n", " 1971", "1971-01-01\x00", "197\u0661", "\u0661\u0669\u0667\u0661", "19\uff17\uff11"]
DAYS += ["1971-02-30", "1971-13", "1971-00", "1971-01-00", "1971-1-1", "71", "19710101", "1971-W01", "1971-001"]
DAYS += ["1899", "2100", "0000", "1971-", "1700000000", "1971-01-01T00:00:00Z", "01-01-1971", "1971/01/01"]
DAYS += ["1971-01-01-01"]
# Beside the two texts with a pattern: language tags and codes.
PATTERNED = ["", MARKER, "nl\n", " nl", "nl\x00", "\u0430b", "n\u0661", "\u017f", "a" * 300]
PATTERNED += ["NL", "n", "nl_NL", "nl-nl", "nl-NLD", "Meaning", "1a", "a-b", "../nl"]
