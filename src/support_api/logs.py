"""What may be logged: the events below, and nothing else.

What others log (a library, the server, Python itself) may repeat a body, a token, a value of a row or a password. Of
that only the logger, the level and where it happened are kept, at every level: their words never reach a handler.
"""

import json
import logging
import re
import sys
import threading
import time
import traceback
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal, NewType
from uuid import UUID

Configured = NewType("Configured", str)  # the operator's own words, out of the settings
_PACKAGE = __name__.partition(".")[0]
_log = logging.getLogger(_PACKAGE)
_PART = re.compile(
    "(?:(?:audit trail|database|key store schema|schema|key store|keyring|data key|issuer keys|commit)(?: |$))?"
    "(?:[0-9A-Z]{5}|None|[A-Z][A-Za-z]*(?:Error|Running))?"
)
# The server's own words without anything of a request, to the letter.
_HARMLESS = re.compile(
    r"Killing worker-\d+ after it refused to gracefully stop|Unexpected exit from worker-\d+"
    r"|Worker crash loop detected, exiting"
)
_NAMED = ("_granian", "py.warnings")


@dataclass(frozen=True, slots=True)
class Cause:
    """Of an error its kind and place; never its message, which can hold what the caller sent."""

    kind: str
    place: str

    @classmethod
    def of(cls, error: BaseException) -> "Cause":
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        return cls(type(error).__name__, _place(error))

    def __str__(self) -> str:
        return f"{self.kind} at {self.place}"


class Part(str):
    """What was missing: one of our words, an SQLSTATE, a kind of error, or these in a row."""

    __slots__ = ()

    def __new__(cls, what: str) -> "Part":
        return super().__new__(cls, what if _PART.fullmatch(what) else "something")


@dataclass(frozen=True, slots=True)
class Unexpected:
    event: ClassVar[str] = "unexpected"
    level: ClassVar[int] = logging.ERROR
    request: UUID
    cause: Cause

    def __str__(self) -> str:
        return f"request {self.request}: unexpected {self.cause}"


@dataclass(frozen=True, slots=True)
class Missing:
    event: ClassVar[str] = "unavailable"
    level: ClassVar[int] = logging.WARNING
    request: UUID
    what: Part

    def __str__(self) -> str:
        return f"request {self.request}: unavailable: {self.what}"


@dataclass(frozen=True, slots=True)
class NoKeys:
    event: ClassVar[str] = "no_issuer_keys"
    level: ClassVar[int] = logging.WARNING
    issuer: Configured
    kind: type[BaseException]

    def __str__(self) -> str:
        return f"no keys from {self.issuer}: {self.kind.__name__}"


@dataclass(frozen=True, slots=True)
class NotReady:
    event: ClassVar[str] = "not_ready"
    level: ClassVar[int] = logging.WARNING
    what: Part

    def __str__(self) -> str:
        return f"not ready: {self.what}"


@dataclass(frozen=True, slots=True)
class Failed:
    event: ClassVar[str] = "failed"
    level: ClassVar[int] = logging.ERROR
    cause: Cause

    def __str__(self) -> str:
        return f"failed to start or stop: {self.cause}"


@dataclass(frozen=True, slots=True)
class Uncaught:
    event: ClassVar[str] = "uncaught"
    level: ClassVar[int] = logging.ERROR
    cause: Cause

    def __str__(self) -> str:
        return f"uncaught {self.cause}"


Event = Unexpected | Missing | NoKeys | NotReady | Failed | Uncaught


def tell(event: Event) -> None:
    _log.log(event.level, event)


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime


class _Json(_Text):
    """One object a line; `fields` are those of an event, or what is known of a line of others."""

    def format(self, record: logging.LogRecord) -> str:
        head = {
            "time": f"{self.formatTime(record, self.datefmt)}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        return json.dumps({**head, **record.__dict__["fields"]})


def configure(level: str = "info", form: Literal["text", "json"] = "text") -> None:
    """Of this process: one handler for everything, and no other way out. May be called again."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Text())
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    own = logging.getLevelNamesMapping()[level.upper()]
    logging.root.handlers = [handler]
    logging.root.setLevel(own if own == logging.DEBUG else max(own, logging.WARNING))
    _log.setLevel(own)
    logging.setLogRecordFactory(_record)
    logging.raiseExceptions = False  # it would print the arguments of what can't be formatted
    logging.captureWarnings(True)
    sys.excepthook = lambda _, error, __: _uncaught(error)
    sys.unraisablehook = lambda what: _uncaught(what.exc_value)
    threading.excepthook = lambda what: _uncaught(what.exc_value)


def _uncaught(error: BaseException | None) -> None:
    if error is not None:
        tell(Uncaught(Cause.of(error)))


def _record(
    name: str | None,
    level: int,
    file: str | None,
    line: int,
    message: object,
    arguments: Any,
    info: Any,
    func: str | None = None,
    sinfo: str | None = None,
    **_: Any,
) -> logging.LogRecord:
    """Every record is made here, whoever logs and whatever handler it goes to."""
    text, known = _told(message) if isinstance(message, Event) else _foreign(message, file, line, info)
    record = logging.LogRecord(_known(name or ""), level, file or "", line, text, None, None, func)
    record.__dict__["fields"] = known
    return record


def _told(event: Event) -> tuple[str, dict[str, Any]]:
    known: dict[str, Any] = {"event": event.event}
    for field in fields(event):
        value = getattr(event, field.name)
        if isinstance(value, UUID):
            known |= {"request": str(value), "trace_id": value.hex}
        elif isinstance(value, Cause):
            known |= {"kind": value.kind, "place": value.place}
        else:
            known[field.name] = value.__name__ if isinstance(value, type) else str(value)
    return str(event), known


def _foreign(message: object, file: str | None, line: int, info: Any) -> tuple[str, dict[str, Any]]:
    if isinstance(message, str) and _HARMLESS.fullmatch(message):
        return message, {"event": "server", "message": message}
    where = f"{Path(file or '?').name}:{line}"
    error = info[1] if isinstance(info, tuple) else info
    if not isinstance(error, BaseException):
        return f"(words left out) {where}", {"event": "left_out", "from": where}
    cause = Cause.of(error)
    known = {"event": "left_out", "from": where, "kind": cause.kind, "place": cause.place}
    return f"(words left out) {where}: {cause}", known


def _known(name: str) -> str:
    """A name only as far as it is that of a module, since anything can be made part of it."""
    parts = name.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((each for each in names if each in _NAMED or each in sys.modules), "unknown")


def _place(error: BaseException) -> str:
    """The innermost places of our code, or else of any."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in frame.filename]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed((ours or frames)[-5:])) or "?"
