"""What can be done to a demo while it runs: by a form of its page, or by a program."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from support_api.demo.anew import Wish
from support_api.demo.clock import Clock, NoSuchTime, duration, shown
from support_api.demo.here import no_foreign_page, only_here
from support_api.demo.house import layout
from support_api.http.edge import unavailable
from support_api.http.problems import Problem
from support_api.http.reading import fault

_RESET_SECONDS = 20
Anything = Request[Any, Any, Any]
_HOUSE = layout("")
# Without a referrer a form would come from nowhere: its Origin would be null.
_HEADERS = {"Referrer-Policy": "same-origin"}


def handlers(clock: Clock, wish: Wish) -> list[HTTPRouteHandler]:
    @get("/demo", guards=[only_here])
    async def page() -> Response[bytes]:
        ahead = clock.ahead()
        made = _HOUSE.page("controls.html", now=shown(clock)["now"], days=ahead.days, ahead=bool(ahead))
        return made.response(200, _HEADERS)

    @get("/demo/clock", guards=[only_here])
    async def read_clock() -> dict[str, str | int]:
        return shown(clock)

    @post("/demo/clock", status_code=200, guards=[no_foreign_page])
    async def move_clock(request: Anything) -> Response[Any]:
        wanted = await said(request)
        try:
            if wanted.keys() == {"forward"}:
                clock.forward(duration(str(wanted["forward"])))
            elif wanted.keys() == {"reset"}:
                clock.reset()
            else:
                raise NoSuchTime("say forward or reset")
        except NoSuchTime:
            raise Problem("invalid_input", faults=(fault("forward", "not_in_list"),)) from None
        return done(request, shown(clock))

    @post("/demo/reset", status_code=200, guards=[no_foreign_page])
    async def reset(request: Anything) -> Response[Any]:
        """The process that started the demo does it; here one waits."""
        wish.make()
        try:
            async with asyncio.timeout(_RESET_SECONDS):
                while wish:  # noqa: ASYNC110 - another process takes it away
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise unavailable() from None
        return done(request, {"status": "as loaded", **shown(clock)})

    return [page, read_clock, move_clock, reset]


async def said(request: Anything) -> dict[str, Any]:
    """A form, or a JSON object. Anything else says nothing."""
    raw = await request.body()
    try:
        if _is_json(request):
            found = msgspec.json.decode(raw)
            return found if isinstance(found, dict) else {}
        return dict(parse_qsl(raw.decode("ascii"), errors="strict"))
    except ValueError:
        return {}


def done(request: Anything, answer: dict[str, Any]) -> Response[Any]:
    """A program gets the answer, a browser its page again."""
    if _is_json(request) or "text/html" not in request.headers.get("accept", ""):
        return Response(answer)
    return Response(b"", status_code=303, headers={"Location": "/demo"})


def _is_json(request: Anything) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
