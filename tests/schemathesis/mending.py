"""What a good body needs beyond its schema: numbers with a right check digit, a moment to come, ids that are there."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

GOOD = {"bsn": "999990019", "email": "fien@voorbeeld.example"}


def mended(body: dict[str, Any]) -> dict[str, Any]:
    made = {name: _MENDING[name](value) if name in _MENDING else _whole(value) for name, value in body.items()}
    return _well_formed(made) if "system" in made else made


def partial_dates() -> st.SearchStrategy[str]:
    """A day, a month or a year that there was."""
    days = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(str)
    return st.builds(lambda day, length: day[:length], days, st.sampled_from((4, 7, 10)))


def _whole(value: Any) -> Any:
    """To JSON Schema 3.0 is a whole number; here it is written without a fraction."""
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) else value


def _well_formed(each: dict[str, Any]) -> dict[str, Any]:
    return {**each, "value": GOOD.get(each["system"], each["value"])}


def _each_once(identifiers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({each["system"]: _well_formed(each) for each in identifiers}.values())


def _to_come(value: str | None) -> str | None:
    return value and (datetime.now(UTC) + timedelta(days=30)).isoformat()


_MENDING = {
    "identifiers": _each_once,
    "validUntil": _to_come,
    # Of a briefing, which holds other items each time.
    "excludedIds": lambda _: [],
    "replacements": lambda _: [],
}
