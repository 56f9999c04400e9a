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

from support_api import logs, metrics
from support_api.http.shell import API_VERSION
from support_api.processes import GRACE_SECONDS, Draining
from support_api.settings import Settings, SettingsError


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
        (Path(folder) / "meter").touch(0o600)
        os.environ.setdefault("SUPPORT_API_METER_FILE", str(Path(folder) / "meter"))
        os.environ["SUPPORT_API_RUN_FOLDER"] = folder
        logs.configure(settings.log_level, settings.log_format)
        server = _server(settings, app)
        server.draining, server.drain_seconds = Draining(Path(folder)), settings.drain_seconds
        if settings.metrics_port:
            _offer_metrics(settings, settings.metrics_port, Path(folder) / "metrics", server)
        server.serve()


def _offer_metrics(settings: Settings, port: int, folder: Path, server: Leaving) -> None:
    folder.mkdir(0o700)
    metrics.share(folder)
    from support_api.management import Together, offer

    def workers() -> list[int]:
        return [each.inner.pid for each in list(server.wrks) if each.is_alive()]

    try:
        offer(Together(folder, API_VERSION, server.draining, workers), settings.metrics_host, port)
    except OSError:
        taken = f"{settings.metrics_host}:{port}"
        raise SettingsError(f"SUPPORT_API_METRICS_HOST and SUPPORT_API_METRICS_PORT: {taken} is not free") from None


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
        workers_kill_timeout=GRACE_SECONDS,
        respawn_failed_workers=True,
    )
