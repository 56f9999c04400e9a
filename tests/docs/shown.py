"""What blocks of the guides show: an answer, a line of the log, the layers. Each is made anew and compared."""

import json
import logging
import re
import tomllib
from collections.abc import Awaitable, Callable
from io import StringIO
from typing import Any
from uuid import UUID

from support_api import logs
from tests.conftest import World
from tests.docs.pages import ROOT
from tests.make import TRACE

_ID = UUID("0199c2f4-5a6b-7c8d-9e0f-1a2b3c4d5e6f")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


async def _mistake(world: World) -> str:
    body = {"kind": "what_matters", "visibility": "only_me"}
    answer = await world.post("fien", f"{world.fien}/portrait-items", body, headers=TRACE)
    return answer.text


async def _ready(world: World) -> str:
    return (await world.client.get("/readyz")).text


def _logged(form: Any) -> str:
    out = StringIO()
    logs.configure("info", form)
    logging.root.handlers[0].stream = out  # type: ignore[attr-defined]
    logs.tell(logs.Missing(_ID, logs.Part("key store")))
    return out.getvalue()


async def _line(_: World) -> str:
    return _logged("text")


async def _object(_: World) -> str:
    return _logged("json")


async def _layers(_: World) -> str:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]
    return " → ".join(contract["layers"])


# Page and heading → what makes it. A block of these languages that is not here fails.
LANGUAGES = {"json", "text"}
SHOWN: dict[tuple[str, str], Callable[[World], Awaitable[str]]] = {
    ("CONTRIBUTING.md", "Layers"): _layers,
    ("docs/integrating.md", "Errors"): _mistake,
    ("docs/running.md", "Health, starting and stopping"): _ready,
    ("docs/running.md", "What the logs hold"): _line,
    ("docs/running.md", "As JSON"): _object,
}


def same(shown: str, made: str) -> bool:
    """But for the moment; JSON by what it says, its lines as they read best."""
    shown, made = (_MOMENT.sub("now", text.strip()) for text in (shown, made))
    return json.loads(shown) == json.loads(made) if made.startswith("{") else shown == made
