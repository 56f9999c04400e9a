"""deploy/nginx/login.conf: of the token issuer behind the proxy, only what a log-in needs can be reached."""

from pathlib import Path

import pytest

from tests.processes import free_port
from tests.proxy.made_conf import FILE, FOLDER, MADE, changed, made
from tests.proxy.nginx import Proxy, proxying
from tests.proxy.upstream import upstream

pytestmark = [pytest.mark.nginx, pytest.mark.slow]
LOGIN = (FOLDER / "login.conf").read_text()
HOST = "login.voorbeeldstad.example"
REACHED = (
    "/realms/support/protocol/openid-connect/auth?client_id=x&redirect_uri=https%3A%2F%2Fx.example%2Fcallback",
    "/realms/support/protocol/openid-connect/token",
    "/realms/support/protocol/openid-connect/certs",
    "/realms/support/login-actions/authenticate?session_code=a%3Bb",
    "/realms/support/broker/digid/endpoint",
    "/realms/support/.well-known/openid-configuration",
    "/resources/abc12/login/keycloak.v2/css/styles.css",
)
NOT_REACHED = (
    "/",
    "/admin/",
    "/admin/master/console/",
    "/realms/master/protocol/openid-connect/token",
    "/realms/support",
    "/realms/support/account/",
    "/realms/support/clients-registrations/openid-connect",
    "/realms/support/.well-known/openid-configuration/x",
    "/health/ready",
    "/metrics",
)
# Each is, to somebody, an address that is not to be reached.
DISGUISED = (
    "/resources/..;/admin/",
    "/resources/%2e%2e/admin/",
    "/resources/..%2fadmin/",
    "/resources/../admin/",
    "/resources/..\\admin/",
    "/realms/support/protocol/openid-connect/%2e%2e/%2e%2e/%2e%2e/master/",
    "/realms/support/broker//../../../admin",
    "/realms/support/login-actions/;x=1/..;/..;/account",
)


def _reaches(service: list[str], proxy: Proxy, path: str) -> bool:
    before = len(service)
    status = proxy.call(path, Host=HOST).status
    assert status == (204 if len(service) > before else 404), path
    return status == 204


def test_only_what_a_log_in_needs_is_reached(tmp_path: Path) -> None:
    with upstream() as service, proxying(tmp_path, free_port(), login=_in_front_of(service.port)) as proxy:
        for path in REACHED:
            assert _reaches(service.received, proxy, path), path
            assert service.received[-1].startswith(f"GET {path} HTTP/1.1\r\n"), "as it came"
        for path in (*NOT_REACHED, *DISGUISED):
            assert not _reaches(service.received, proxy, path), path


def _in_front_of(port: int, changes: dict[str, str] | None = None) -> str:
    return changed(LOGIN, {"server keycloak:8080": f"server 127.0.0.1:{port}", **(changes or {})})


OPENED = {
    "all of it": ({"location / { return 404; }": "location / { proxy_pass http://keycloak; }"}, "/admin/"),
    "another path": ({"location /resources/ {": "location /r {"}, "/realms/support/account/"),
    "disguises": ({'"^[^?]*(%|;|//|\\\\\\\\)"': '"^never$"'}, "/resources/..;/admin/"),
}


@pytest.mark.parametrize("what", OPENED)
def test_a_file_that_lets_more_through_is_found(tmp_path: Path, what: str) -> None:
    """Positive controls."""
    changes, path = OPENED[what]
    with upstream() as service, proxying(tmp_path, free_port(), login=_in_front_of(service.port, changes)) as proxy:
        assert _reaches(service.received, proxy, path)


SAID = {"X_Forwarded_For": "10.9.9.9", "X_Forwarded_Host": "elders.example", "X_Forwarded_Proto": "http"}
SAID |= {"Forwarded": "for=10.9.9.9", "X_Real_IP": "10.9.9.9", "X_Forwarded_Port": "81", "X_Forwarded_Prefix": "/x"}


@pytest.mark.parametrize(
    "changes", [{}, {"X-Forwarded-For $remote_addr": "X-Forwarded-For $proxy_add_x_forwarded_for"}]
)
def test_where_a_call_comes_from_is_said_by_the_proxy_alone(tmp_path: Path, changes: dict[str, str]) -> None:
    """Keycloak counts wrong passwords by it. A file that passes on what callers say is found."""
    with upstream() as service, proxying(tmp_path, free_port(), login=_in_front_of(service.port, changes)) as proxy:
        assert proxy.call("/resources/x", Host=HOST, **SAID).status == 204
        headers = dict(line.split(": ", 1) for line in service.received[0].splitlines()[1:] if ": " in line)
        said = {name: value for name, value in headers.items() if "Forward" in name or name == "X-Real-IP"}
        as_it_is = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": HOST, "X-Forwarded-Proto": "https"}
        assert (said == as_it_is) == (not changes), said


def test_the_service_is_behind_every_other_name(tmp_path: Path) -> None:
    """And no name gets to the one through the other."""
    with upstream() as api, upstream() as keycloak:
        with proxying(tmp_path, api.port, login=_in_front_of(keycloak.port)) as proxy:
            for host in ("support.voorbeeldstad.example", "elders.example", "xlogin.example"):
                assert proxy.call("/v1/me", Host=host).status == 204
            assert proxy.call("/v1/me", Host=HOST).status == 404
        assert (len(api.received), len(keycloak.received)) == (3, 0)


def test_the_proxy_of_compose_is_the_tested_one() -> None:
    """`make proxy` makes it anew. Every other line is that of the file by which the proxy is tested."""
    assert MADE.read_text() == made()
    ours = MADE.read_text().splitlines()
    different = [line.strip() for line in FILE.read_text().splitlines() if line not in ours]
    assert [line.split()[0] for line in different] == ["#", "access_log", "server", "listen"]
