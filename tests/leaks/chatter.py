"""Ways in which others log what nobody should read. Each is run in a process of its own, and has the secret as `S`."""

import subprocess
import sys
from textwrap import dedent

from tests.processes import environment

LIBRARIES = "litestar asyncio asyncpg _granian granian.access httpx httpcore sqlalchemy.engine alembic uvicorn.access"
BEFORE = """
import asyncio, gc, logging, sys, threading, warnings
S = sys.argv[1]
early = logging.getLogger("early")
early.addHandler(logging.StreamHandler())
early.propagate = False
"""
SAFE = "from support_api import logs\nlogs.configure(sys.argv[2])\n"
SAFE_JSON = SAFE.replace("sys.argv[2]", "sys.argv[2], 'json'")
# As careless as logging can be set up: all that a record has.
CARELESS = """
class Everything(logging.Formatter):
    def format(self, record):
        return f"{super().format(record)} {record.__dict__}"
handler = logging.StreamHandler()
handler.setFormatter(Everything())
logging.basicConfig(level=logging.DEBUG, handlers=[handler])
logging.captureWarnings(True)
"""
WAYS = {
    **{f"{name} {level}": f"logging.getLogger({name!r}).{level}(S)"
       for name in LIBRARIES.split() for level in ("debug", "critical")},
    "our own logger": "logging.getLogger('support_api.http.edge').error('body %s', S)",
    "the root logger": "logging.error(S)",
    "an argument": "logging.getLogger('httpx').info('GET %s', S)",
    "named arguments": "logging.getLogger('httpx').info('GET %(url)s', {'url': S})",
    "an argument that does not fit": "logging.error('%d', S)",
    "an object": "logging.error([S])",
    "extra": "logging.error('request', extra={'body': S})",
    "the name of a logger": "logging.getLogger(S).error('request')",
    "a handler from before": "early.error(S)",
    "a handler of later": """
        late = logging.getLogger('late')
        late.addHandler(logging.StreamHandler())
        late.propagate = False
        late.error(S)
    """,
    "an exception": """
        try: raise ValueError(S)
        except ValueError: logging.getLogger('litestar').exception('uncaught')
    """,
    "an exception given": "logging.error('uncaught', exc_info=ValueError(S))",
    "the cause of an exception": """
        try:
            try: raise ValueError(S)
            except ValueError as error: raise KeyError('x') from error
        except KeyError: logging.exception('uncaught')
    """,
    "a note on an exception": """
        error = ValueError('x')
        error.add_note(S)
        logging.error('uncaught', exc_info=error)
    """,
    "a warning": "warnings.warn(S, RuntimeWarning)",
    "a task": """
        async def work(): raise ValueError(S)
        async def main():
            asyncio.create_task(work())
            await asyncio.sleep(0)
        asyncio.run(main())
        gc.collect()
    """,
    "a callback": """
        def work(what): raise ValueError('x')
        async def main():
            asyncio.get_running_loop().call_soon(work, S)
            await asyncio.sleep(0)
        asyncio.run(main())
    """,
    "a slow callback": """
        def work(what): pass
        async def main():
            loop = asyncio.get_running_loop()
            loop.slow_callback_duration = 0
            loop.call_soon(work, S)
            await asyncio.sleep(0.01)
        asyncio.run(main(), debug=True)
    """,
    "a thread": """
        def work(): raise ValueError(S)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """,
    "a finalizer": """
        class Held:
            def __del__(self): raise ValueError(S)
        Held()
    """,
    "the process itself": "raise ValueError(S)",
}  # fmt: skip


def heard(way: str, secret: str, setup: str = SAFE, level: str = "debug") -> str:
    script = "\n".join((BEFORE, setup, dedent(WAYS[way]).strip()))
    done = subprocess.run(
        [sys.executable, "-c", script, secret, level], env=environment(), capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
