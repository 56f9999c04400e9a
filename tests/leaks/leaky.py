"""The service with a leak, to run as a process: `python -m tests.leaks.leaky LEAK`."""

import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

from support_api import app, cli, logs
from support_api.db.tx import Tx
from support_api.http.problems import Problem

Wrapped = Callable[[Any, Any, Any], Awaitable[None]]
LAST = [b""]


def shout(*what: object) -> None:
    print(*what, file=sys.stderr, flush=True)


def around(told: Callable[[Any, bytes], None], answer: Callable[[Any], None] = lambda _: None) -> Any:
    """The app, with somebody who looks at each request and each answer."""
    honest = app.create_app

    def made(settings: Any) -> Wrapped:
        inner = honest(settings)

        async def leaky(scope: Any, receive: Any, send: Any) -> None:
            async def received() -> Any:
                message = await receive()
                if message.get("body"):
                    LAST[0] = message["body"]
                    told(scope, LAST[0])
                return message

            async def sent(message: Any) -> None:
                answer(message)
                await send(message)

            await inner(scope, received, sent)

        return leaky

    return patch.object(app, "create_app", made)


def add_header(message: Any) -> None:
    if message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], (b"x-debug", LAST[0][:1000])]


def frank_problem(self: Problem, *arguments: Any) -> bytes:
    return HONEST_BODY(self, *arguments)[:-1] + b', "debug": "%s"}' % LAST[0].hex().encode()


async def frank_run(self: Tx, *arguments: Any, **values: Any) -> Any:
    await self._connection.fetch("select $1::text", LAST[0].decode("utf-8", "replace").replace("\0", ""))
    return await HONEST_RUN(self, *arguments, **values)


HONEST_BODY, HONEST_RUN = Problem.body, Tx.run
LEAKS: dict[str, Callable[[], list[Any]]] = {
    "none": list,
    "body": lambda: [around(lambda _, body: shout(body))],
    "header": lambda: [around(lambda scope, _: shout(scope["headers"]))],
    "query": lambda: [around(lambda scope, _: shout(scope["query_string"]))],
    "exception": lambda: [patch.object(logs.Cause, "of", lambda error: logs.Cause(repr(error), "?"))],
    "a log line of others": lambda: [around(lambda _, body: logging.getLogger("litestar").critical("%s", body))],
    "answer": lambda: [around(lambda _, __: None, add_header)],
    "problem": lambda: [around(lambda _, __: None), patch.object(Problem, "body", frank_problem)],
    "parameters": lambda: [around(lambda _, __: None), patch.object(Tx, "run", frank_run)],
}

if __name__ == "__main__":
    for leak in LEAKS[sys.argv[1]]():
        leak.start()
    sys.argv[1:] = ["serve"]
    cli.run()
