"""The server: a parent that holds the signals, and the workers that it starts and stops.

SIGTERM: not ready any more, but still serving, for as long as it takes whoever steers traffic to see that; then no new
connections, and an end when who was being served has an answer. A second one, or SIGINT, leaves out the first part.
"""

import os
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from support_api import logs
from support_api.processes import Draining
from support_api.settings import Settings


class Leaving(Server):  # type: ignore[misc, valid-type]
    """A server that drains before it stops."""

    draining: Draining
    drain_seconds: float = 0

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        stop = super().signal_handler_interrupt
        if signal.SIGTERM not in args or self.draining or not self.drain_seconds:
            stop()
            return
        self.draining.begin()
        timer = threading.Timer(self.drain_seconds, stop)
        timer.daemon = True
        timer.start()


def serve_until_told(settings: Settings, app: str) -> None:
    # A worker that is starting would inherit a handler that does nothing, and hold up the stop until it is killed.
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    with tempfile.TemporaryDirectory(prefix="support-api-") as folder:
        for name in ("METER_FILE", "DRAINING_FILE"):
            path = Path(folder) / name.lower()
            path.touch(0o600)
            os.environ.setdefault(f"SUPPORT_API_{name}", str(path))
        logs.configure(settings.log_level, settings.log_format)
        server = _server(settings, app)
        server.draining = Draining(Path(os.environ["SUPPORT_API_DRAINING_FILE"]))
        server.drain_seconds = settings.drain_seconds
        server.serve()


def _server(settings: Settings, app: str) -> Leaving:
    return Leaving(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=settings.workers,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {}},
        log_access=False,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
        workers_kill_timeout=20,
        respawn_failed_workers=True,
    )
