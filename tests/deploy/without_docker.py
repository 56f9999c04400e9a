"""What `docker` does in docs/running.md, done without an engine: the same commands on real processes.

Each service runs its own command from docker-compose.yml with exactly the environment that Compose would give it: ours
from the wheel that the image would install, the proxy as the nginx that is installed here. These things differ:
PostgreSQL is reached over its socket, services are ports of this machine, mounted files lie where they lie, and
stopping doesn't wait for a load balancer. Keycloak is left out: there is none to start. Started as a module (the tests
put it on the path as `docker`), it takes the folder to work in from the working directory and the rest from STAND_IN.
"""

import json
import os
import re
import shutil
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

from tests.deploy.composed import ROOT, Refused, interpolated, mounted, read_env, started
from tests.deploy.kept import Kept
from tests.proxy.made_conf import changed, inside


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """A checkout in `folder`, on a PostgreSQL that listens in `socket_folder`; the service listens on `port`, the proxy
    on `https`, and whoever answers for Keycloak on `login`, and on `management` for its health."""

    def __init__(self, folder: Path, socket_folder: str, binaries: str, **ports: int) -> None:
        self.folder, self.socket_folder, self.binaries, self.ports = folder, socket_folder, binaries, ports
        self.port = ports["port"]
        self.image = folder / "image"
        self._kept = {name: Kept(folder / f"{name}.pid") for name in ("api", "proxy")}

    @property
    def file(self) -> dict[str, Any]:
        """The whole file, as Compose reads it: a variable that is missing anywhere stops every command."""
        parsed = yaml.safe_load((self.folder / "docker-compose.yml").read_text())
        found: dict[str, Any] = interpolated(parsed, read_env(self.folder / ".env"))
        return found

    def environment(self, name: str) -> dict[str, str]:
        given, lying = self.file["services"][name].get("environment", {}), mounted(self.file, name)
        found = {key: self._reachable(value, lying) for key, value in given.items()}
        if "SUPPORT_API_PORT" in found:
            found |= {"SUPPORT_API_PORT": str(self.port), "SUPPORT_API_HOST": "127.0.0.1"}
            found |= {"SUPPORT_API_DRAIN_SECONDS": "0"}
            found |= {"SUPPORT_API_METRICS_PORT": str(_free_port()), "SUPPORT_API_METRICS_HOST": "127.0.0.1"}
        return found

    def _reachable(self, value: str, lying: dict[str, str]) -> str:
        if value in lying:
            return str(self.folder / lying[value])
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
        """Like `up --wait`: each after what it depends on, and then until its health check says yes."""
        for name in started(self.file):
            if status := self._up(name):
                return status
        return 0

    def _up(self, name: str) -> int:
        initialised = self.folder / "initialised"
        match name:
            case "postgres" if not initialised.exists():
                self.initialise()
                initialised.touch()
            case "migrate":
                return self.run("migrate")
            case "api" | "proxy" if not self._kept[name].there:
                with (self.folder / f"{name}.log").open("ab") as log:
                    self._kept[name].keep(self._started(name, stdout=log, stderr=log, start_new_session=True))
                return self._until_healthy(name)
            case "keycloak":
                pass  # there is none here
        return 0

    def _started(self, name: str, **kwargs: Any) -> subprocess.Popen[bytes]:
        if name == "proxy":
            return subprocess.Popen(self.nginx(), cwd=self.folder, **kwargs)
        return self.process(self.file["services"][name]["command"], self.environment(name), **kwargs)

    def _until_healthy(self, name: str) -> int:
        deadline = time.monotonic() + 30
        while not self.healthy(name):
            if self._kept[name].ended or time.monotonic() > deadline:
                return 1
            time.sleep(0.2)
        return 0

    def healthy(self, name: str = "api") -> bool:
        """What the health check of the file says."""
        command = self.file["services"][name]["healthcheck"]["test"]
        match command:
            case ["CMD", "python", script]:
                run = [sys.executable, str(ROOT / "deploy" / Path(script).name)]
            case ["CMD", "curl" | "bash", *_]:
                ports = {"127.0.0.1:8443": "https", "127.0.0.1/9000": "management"}
                run = [self._elsewhere(word, ports) for word in command[1:]]
            case _:
                raise Refused(f"don't know how to run {command}")
        environment = {"PATH": os.environ["PATH"], **self.environment(name)}
        return subprocess.run(run, env=environment, capture_output=True, check=False).returncode == 0

    def _elsewhere(self, text: str, ports: dict[str, str]) -> str:
        for address, port in ports.items():
            text = text.replace(address, re.sub(r"\d+$", str(self.ports[port]), address))
        return text

    def nginx(self) -> list[str]:
        """The proxy's own command and files: those of nginx laid in a folder, with the addresses of this machine."""
        folder, lying = self.folder / "nginx", mounted(self.file, "proxy")
        folder.mkdir(exist_ok=True)
        places = {target: self.folder / path for target, path in lying.items()}
        places |= {target: folder / Path(target).name for target in lying if target.endswith(".conf")}
        for target, path in lying.items():
            if target.endswith(".conf"):
                places[target].write_text(self._addressed((self.folder / path).read_text(), folder, places))
        command: list[str] = self.file["services"]["proxy"]["entrypoint"]
        command = [str(places.get(word, word)) for word in command]
        root = " user root;" if os.geteuid() == 0 else ""
        settings = command[-1].replace("/tmp/nginx.pid", str(folder / "pid")) + root  # noqa: S108 - of the container
        return [shutil.which("nginx") or "nginx", *command[1:-1], settings]

    def _addressed(self, text: str, folder: Path, places: dict[str, Path]) -> str:
        for target, path in places.items():
            text = text.replace(target, str(path))
        text = text.replace("listen 8443", f"listen 127.0.0.1:{self.ports['https']}")
        text = text.replace("server api:8000", f"server 127.0.0.1:{self.port}")
        text = text.replace("server keycloak:8080", f"server 127.0.0.1:{self.ports['login']}")
        if "worker_processes" in text:
            text = changed(text, {**inside(folder), "/dev/stdout": str(folder / "log")})
        return text

    def stop(self, *names: str) -> None:
        """As the file says: with which signal, and how long it may take."""
        for name in (name for name in names or ("proxy", "api") if name in self._kept):
            service = self.file["services"][name]
            how = signal.Signals[service.get("stop_signal", "SIGTERM")]
            self._kept[name].stop(how, int(service["stop_grace_period"].removesuffix("s")))


def main(arguments: list[str]) -> int:
    stack = Stack(Path.cwd(), **json.loads(os.environ["STAND_IN"]))
    words = [word for word in arguments if word not in ("--rm", "-T", "--detach", "--wait")]
    match words:
        case ["compose", "build"]:
            stack.build()
            return 0
        case ["compose", "up"]:
            return stack.up()
        case ["compose", "stop", *names]:
            stack.stop(*names)
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
