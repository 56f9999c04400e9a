"""What `docker` does in docs/running.md, done without an engine: the same commands on real processes.

Each service runs its own command from docker-compose.yml with exactly the environment that Compose would give it, from
the wheel that the image would install. Only three things differ: PostgreSQL is reached over its socket, mounted files
lie where they lie, and stopping doesn't wait for a load balancer. Started as a script (the tests put it on the path as
`docker`), it takes the folder to work in from the working directory and the server from STAND_IN.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

ROOT = Path(__file__).resolve().parents[2]
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<rule>:[-?])(?P<rest>[^}]*)\}")


class Refused(Exception):
    """What Compose would refuse."""


def interpolate(text: str, variables: dict[str, str]) -> str:
    """`${NAME:-default}` and `${NAME:?message}`, the two forms that our file uses."""

    def value(match: re.Match[str]) -> str:
        found = variables.get(match["name"], "")
        if not found and match["rule"] == ":?":
            raise Refused(f"{match['name']}: {match['rest']}")
        return found or match["rest"]

    return _VARIABLE.sub(value, text)


def interpolated(part: Any, variables: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: interpolated(value, variables) for key, value in part.items()}
    if isinstance(part, list):
        return [interpolated(value, variables) for value in part]
    return interpolate(part, variables) if isinstance(part, str) else part


def read_env(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """A checkout in `folder`, on a PostgreSQL that listens in `socket_folder`; the service listens on `port`."""

    def __init__(self, folder: Path, socket_folder: str, binaries: str, port: int) -> None:
        self.folder, self.socket_folder, self.binaries, self.port = folder, socket_folder, binaries, port
        self.image = folder / "image"
        self.pid_file = folder / "api.pid"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def file(self) -> dict[str, Any]:
        """The whole file, as Compose reads it: a variable that is missing anywhere stops every command."""
        parsed = yaml.safe_load((self.folder / "docker-compose.yml").read_text())
        found: dict[str, Any] = interpolated(parsed, read_env(self.folder / ".env"))
        return found

    def environment(self, name: str) -> dict[str, str]:
        service = self.file["services"][name]
        mounted = {f"/run/secrets/{secret}": self.file["secrets"][secret] for secret in service.get("secrets", ())}
        mounted |= {each["target"]: self.file["configs"][each["source"]] for each in service.get("configs", ())}
        found = {key: self._reachable(value, mounted) for key, value in service.get("environment", {}).items()}
        if "SUPPORT_API_PORT" in found:
            found |= {"SUPPORT_API_PORT": str(self.port), "SUPPORT_API_HOST": "127.0.0.1"}
            found |= {"SUPPORT_API_DRAIN_SECONDS": "0"}
            found |= {"SUPPORT_API_METRICS_PORT": str(_free_port()), "SUPPORT_API_METRICS_HOST": "127.0.0.1"}
        return found

    def _reachable(self, value: str, mounted: dict[str, dict[str, str]]) -> str:
        if value in mounted:
            return str(self.folder / mounted[value]["file"])
        return re.sub(r"@postgres:5432/(\w+)$", rf"@/\1?host={quote(self.socket_folder)}", value)

    def build(self) -> None:
        """As the Dockerfile does: the wheel, made without the network."""
        wheels = self.folder / "wheels"
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
            wheel.extractall(self.image)

    def process(self, arguments: list[str], environment: dict[str, str], **kwargs: Any) -> subprocess.Popen[bytes]:
        """The image's entrypoint: `support-api`, from the wheel."""
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.image), **environment}
        command = [sys.executable, "-m", "support_api.cli", *arguments]
        return subprocess.Popen(command, env=environment, cwd=self.folder, **kwargs)

    def run(self, name: str, *arguments: str) -> int:
        return self.process(list(arguments) or self.file["services"][name]["command"], self.environment(name)).wait()

    def exec(self, name: str, *command: str) -> int:
        """Inside the database's container: its environment, its programs, its socket."""
        return subprocess.run(command, env=self._inside(name), check=False).returncode

    def _inside(self, name: str) -> dict[str, str]:
        path = f"{self.binaries}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "PGHOST": self.socket_folder, **self.environment(name)}

    def initialise(self) -> None:
        """As the image does with an empty data folder: the superuser's password, log-ins as POSTGRES_INITDB_ARGS says,
        and then each file of the mounted folder, by psql, as the superuser."""
        inside = self._inside("postgres")
        inside["PGPASSWORD"] = inside["POSTGRES_PASSWORD"]
        psql = ["psql", "-v", "ON_ERROR_STOP=1", "--username", "postgres", "--no-password", "--no-psqlrc"]
        psql += ["--dbname", "postgres", "--quiet"]

        def ask(statement: str) -> str:
            return subprocess.check_output([*psql, "-Atc", statement], env=inside, text=True).strip()

        ask(f"alter role postgres password '{inside['POSTGRES_PASSWORD']}'")
        asked_for = re.search(r"--auth-local=(\S+)", inside["POSTGRES_INITDB_ARGS"])
        Path(ask("show hba_file")).write_text(f"local all all {asked_for[1] if asked_for else 'trust'}\n")
        ask("select pg_reload_conf()")
        for path in sorted((self.folder / "deploy/postgres").glob("*.sql")):
            subprocess.run([*psql, "-f", str(path)], env=inside, check=True)

    def up(self) -> int:
        """Like `up --wait`: dependencies first, then until the health check says yes."""
        initialised = self.folder / "initialised"
        if not initialised.exists():
            self.initialise()
            initialised.touch()
        if status := self.run("migrate"):
            return status
        if self.pid_file.exists():
            return 0
        self._collect()
        with (self.folder / "api.log").open("ab") as log:
            command = self.file["services"]["api"]["command"]
            api = self.process(command, self.environment("api"), stdout=log, stderr=log, start_new_session=True)
        self._child = api
        self.pid_file.write_text(f"{api.pid} {_born(api.pid)}")
        deadline = time.monotonic() + 30
        while not self.healthy():
            if api.poll() is not None or time.monotonic() > deadline:
                return 1
            time.sleep(0.2)
        return 0

    def healthy(self) -> bool:
        command = self.file["services"]["api"]["healthcheck"]["test"]
        if command[:2] != ["CMD", "python"]:
            raise Refused(f"don't know how to run {command}")
        script = ROOT / "deploy" / Path(command[2]).name
        return subprocess.run([sys.executable, str(script)], env=self.environment("api"), check=False).returncode == 0

    def stop(self) -> None:
        """SIGTERM, and at most the time that the file allows."""
        if not self.pid_file.exists():
            self._collect()
            return
        pid, born = self.pid_file.read_text().split()
        self.pid_file.unlink()
        allowed = int(self.file["services"]["api"]["stop_grace_period"].removesuffix("s"))
        deadline = time.monotonic() + allowed
        if _born(int(pid)) == born:
            os.kill(int(pid), signal.SIGTERM)
        while _born(int(pid)) == born:
            if time.monotonic() > deadline:
                os.killpg(int(pid), signal.SIGKILL)
                raise TimeoutError(f"the service was still there after {allowed} seconds")
            time.sleep(0.02)
        self._collect()

    def _collect(self) -> None:
        """A service that this very process started stays its child until it is waited for."""
        if self._child is not None:
            self._child.wait()
            self._child = None


def _born(pid: int) -> str:
    """When the process by that id started, so that a later one by the same id is left alone; empty if it ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]


def main(arguments: list[str]) -> int:
    stack = Stack(Path.cwd(), **json.loads(os.environ["STAND_IN"]))
    words = [word for word in arguments if word not in ("--rm", "-T", "--detach", "--wait")]
    match words:
        case ["compose", "build"]:
            stack.build()
            return 0
        case ["compose", "up"]:
            return stack.up()
        case ["compose", "stop", "api"]:
            stack.stop()
            return 0
        case ["compose", "run", service, *rest]:
            return stack.run(service, *rest)
        case ["compose", "exec", service, *rest]:
            return stack.exec(service, *rest)
        case ["run", "--network=none", image, *rest] if image == stack.file["services"]["api"]["image"]:
            return stack.process(rest, {}).wait()
    raise Refused(f"don't know how to do this without Docker: {' '.join(arguments)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
