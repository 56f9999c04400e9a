"""Moments as a resident reads them: on the Dutch clock, in plain Dutch."""

from datetime import datetime
from zoneinfo import ZoneInfo

_HOME = ZoneInfo("Europe/Amsterdam")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def day(moment: datetime) -> str:
    """ "3 december 2026"."""
    local = moment.astimezone(_HOME)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
