"""From outside, what the proxy of the Compose file passes on can be reached and nothing else; each tells its health."""

import json
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from socket import create_connection

import pytest

from tests.deploy.composed import read_env
from tests.deploy.conftest import Installed
from tests.deploy.in_place import KEYS, answering
from tests.keycloak.realm import jwks
from tests.proxy.nginx import Proxy

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
API, LOGIN = "support.voorbeeldstad.example", "login.voorbeeldstad.example"


def proxy(installed: Installed) -> Proxy:
    return Proxy(installed.stack.ports["https"], installed.stack.folder / "nginx")


def test_the_api_is_reached_and_what_is_for_inside_is_not(installed: Installed) -> None:
    ours = proxy(installed)
    assert ours.call("/v1/me", Host=API).status == 401
    assert ours.call("/v1/me", Host=API, Authorization=f"Bearer {installed.token()}").status == 200
    for inside in ("/livez", "/readyz", "/metrics", "/health/ready", "/realms/support/account"):
        assert json.loads(ours.call(inside, Host=API).body)["code"] == "not_found", inside


def test_a_log_in_is_reached_under_its_own_name(installed: Installed) -> None:
    """Where the Compose file says that Keycloak is. There the service found the keys, past the proxy."""
    assert KEYS in installed.login
    answer = proxy(installed).call(KEYS, Host=LOGIN)
    assert (answer.status, json.loads(answer.body)) == (200, jwks())
    assert proxy(installed).call("/admin/", Host=LOGIN).status == 404
    assert "/admin/" not in installed.login


def test_the_certificate_is_for_both_names(installed: Installed) -> None:
    trusting = ssl.create_default_context(cafile=str(installed.stack.folder / "deploy/local/tls.crt"))
    address = ("127.0.0.1", installed.stack.ports["https"])
    for name in (API, LOGIN):
        with create_connection(address) as plain, trusting.wrap_socket(plain, server_hostname=name) as connection:
            assert connection.version() == "TLSv1.3"
    with create_connection(address) as plain, pytest.raises(ssl.SSLCertVerificationError):
        trusting.wrap_socket(plain, server_hostname="elders.example")


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (404, False)])
def test_keycloak_is_healthy_when_its_management_port_says_so(installed: Installed, status: int, healthy: bool) -> None:
    with answering(installed.stack.ports["management"], {"/health/ready": (status, b"")}) as asked:
        assert installed.stack.healthy("keycloak") is healthy
        assert asked == ["/health/ready"]


def test_the_proxy_writes_down_no_path_of_either(installed: Installed) -> None:
    ours, marker = proxy(installed), "kanarie7f3a91"
    for host in (API, LOGIN):
        ours.call(f"/realms/support/protocol/openid-connect/auth?login_hint={marker}", Host=host, User_Agent=marker)
        ours.call(f"/{marker}", Host=host)
    deadline = time.monotonic() + 10
    log = installed.stack.folder / "nginx/log"
    while (lines := log.read_text().splitlines())[-1:] == [] and time.monotonic() < deadline:
        time.sleep(0.02)
    assert lines
    assert marker not in "\n".join(lines) + (installed.stack.folder / "proxy.log").read_text()


def test_the_proxy_finishes_what_it_has_when_it_is_stopped(installed: Installed) -> None:
    """Half a request has arrived; the rest comes after the signal, and is answered."""
    head = f"POST /v1/residents HTTP/1.1\r\nHost: {API}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    try:
        with ThreadPoolExecutor() as threads, proxy(installed).connect() as connection:
            connection.sendall(head.encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
            stopped = threads.submit(installed.stack.stop, "proxy")
            _until_refused(installed)
            assert not stopped.done()
            connection.sendall(b"{}")
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
        stopped.result()
    finally:
        installed.stack.stop("proxy")
        assert installed.stack.up() == 0
    assert proxy(installed).call("/v1/me", Host=API).status == 401


def _until_refused(installed: Installed) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            create_connection(("127.0.0.1", installed.stack.ports["https"]), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("the proxy still takes connections")


def test_the_private_key_and_the_passwords_are_in_no_log(installed: Installed) -> None:
    folder = installed.stack.folder
    secrets = [value for name, value in read_env(folder / ".env").items() if name.endswith("_PASSWORD")]
    secrets.append((folder / "deploy/local/tls.key").read_text().splitlines()[1])
    written = (folder / "proxy.log").read_text() + (folder / "nginx/log").read_text()
    assert [secret for secret in secrets if secret in written] == []
