"""deploy/nginx/support-api.conf as a real nginx, with a certificate of its own."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import create_connection
from tempfile import mkdtemp

from tests.processes import eventually, free_port, listens
from tests.proxy.made_conf import FILE, changed, inside

_CERTIFICATE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Proxy:
    port: int
    folder: Path

    def call(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """The path goes out to the letter; an underscore in the name of a header is a hyphen."""
        connection = HTTPSConnection("127.0.0.1", self.port, context=trusting(), timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            return whole(connection.getresponse())
        finally:
            connection.close()

    def connect(self) -> ssl.SSLSocket:
        return trusting().wrap_socket(create_connection(("127.0.0.1", self.port), timeout=20))

    def written(self) -> str:
        """All that it wrote down."""
        return (self.folder / "log").read_text() + (self.folder / "errors").read_text()


def whole(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def proxying(
    where: Path, upstream: int, changes: dict[str, str] | None = None, login: str | None = None
) -> Iterator[Proxy]:
    """In front of the port `upstream`. `changes`: texts of the file that occur once, with what to put there instead.
    `login`: the text of a file to include where compose.conf includes its own."""
    folder, port = Path(mkdtemp(dir=where)), free_port()
    tls = ["-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")]
    subprocess.run([*_CERTIFICATE.split(), *tls], check=True, capture_output=True)
    text = changed(changed(FILE.read_text(), changes or {}), _own(folder, port, upstream))
    if login is not None:
        (folder / "login.conf").write_text(changed(login, {"listen 8443": f"listen 127.0.0.1:{port}"}))
        text = changed(
            text, {"    upstream support_api": f"    include {folder}/login.conf;\n    upstream support_api"}
        )
    (folder / "nginx.conf").write_text(text)
    nginx = [shutil.which("nginx") or "nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")]
    nginx += ["-g", f"daemon off; pid {folder}/pid;{' user root;' if os.geteuid() == 0 else ''}"]
    tested = subprocess.run([*nginx, "-t"], capture_output=True, text=True, check=False)
    assert (tested.returncode, tested.stderr.count("\n")) == (0, 2), tested.stderr
    with (folder / "errors").open("wb") as errors, subprocess.Popen(nginx, stderr=errors) as process:
        try:
            eventually(lambda: listens(port), "nginx")
            yield Proxy(port, folder)
        finally:
            process.terminate()


def _own(folder: Path, port: int, upstream: int) -> dict[str, str]:
    return {
        **inside(folder),
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/nginx/tls/support-api.crt": f"{folder}/tls.crt",
        "/etc/nginx/tls/support-api.key": f"{folder}/tls.key",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/var/log/nginx/support-api.log": f"{folder}/log",
    }
