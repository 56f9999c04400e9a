"""docker-compose.yml is a valid Compose file, closed where it can be, and fits the code beside it.

The schema is the official one of the Compose Specification (compose-spec.json, Apache-2.0, compose-spec.LICENSE), as
check-jsonschema 0.39.0 carries it.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from support_api.db import security
from support_api.demo import postgres
from support_api.processes import GRACE_SECONDS
from support_api.settings import Settings
from tests.deploy.composed import ROOT, Refused, interpolate, mounted, read_env, started
from tests.deploy.running_page import commands, section

SCHEMA = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
TEXT = (ROOT / "docker-compose.yml").read_text()
SQL = (ROOT / "deploy/postgres/10-roles-and-databases.sql").read_text()
WAITS_FOR: dict[str, dict[str, str]] = {
    "postgres": {},
    "migrate": {"postgres": "service_healthy"},
    "api": {"postgres": "service_healthy", "migrate": "service_completed_successfully"},
    "keycloak": {"postgres": "service_healthy"},
    "proxy": {"api": "service_healthy", "keycloak": "service_healthy"},
    "setup": {"migrate": "service_completed_successfully"},
}
LOGINS = {
    "postgres": {
        "POSTGRES_PASSWORD",
        "MIGRATOR_PASSWORD",
        "SERVER_PASSWORD",
        "KEEPER_PASSWORD",
        "ARCHIVER_PASSWORD",
        "KEYCLOAK_PASSWORD",
    },
    "migrate": {"MIGRATOR_PASSWORD"},
    "api": {"SERVER_PASSWORD", "KEEPER_PASSWORD"},
    "keycloak": {"KEYCLOAK_PASSWORD", "KEYCLOAK_ADMIN_PASSWORD"},
    "proxy": set(),
    "setup": {"MIGRATOR_PASSWORD", "KEEPER_PASSWORD"},
}
# Whoever shares a network can reach each other: the proxy no database, the databases nobody outside.
NETWORKS = {
    "postgres": {"database"},
    "migrate": {"database"},
    "api": {"database", "inside", "out", "monitoring"},
    "keycloak": {"database", "inside", "out", "monitoring"},
    "proxy": {"front", "inside"},
    "setup": {"database"},
}


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEXT)
    return found


def faults(file: dict[str, Any]) -> list[str]:
    """In words, so that a failure says what to mend."""
    found = [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(file)]
    if found:
        return found
    for name, service in file["services"].items():
        found += [f"{name}: {fault}" for fault in _service_faults(name, service)]
    for name in ("database", "inside", "monitoring"):
        if file["networks"][name] != {"internal": True}:
            found.append(f"the network {name} is not internal")
    return found


def _service_faults(name: str, service: dict[str, Any]) -> Iterator[str]:
    if str(service.get("user", "root")).split(":")[0] in ("root", "0"):
        yield "runs as root"
    if service.get("read_only") is not True:
        yield "can write to its file system"
    if service.get("cap_drop") != ["ALL"] or "cap_add" in service or "privileged" in service:
        yield "has capabilities"
    if service.get("security_opt") != ["no-new-privileges:true"]:
        yield "can gain privileges"
    if not re.fullmatch(r"[\w./-]+:\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?", service["image"]):
        yield "the image has no exact tag"
    if service.get("restart") == "unless-stopped" and "healthcheck" not in service:
        yield "stays up without a health check"
    waits_for = {other: how["condition"] for other, how in service.get("depends_on", {}).items()}
    if waits_for != WAITS_FOR[name]:
        yield "waits for the wrong things"
    yield from _secret_faults(name, service)
    if set(service["networks"]) != NETWORKS[name]:
        yield "is on the wrong networks"
    if "ports" in service and name != "proxy":
        yield "is published past the proxy"
    for port in service.get("ports", ()):
        if not port.startswith("${HTTPS_ADDRESS:-127.0.0.1}:"):
            yield "is published further than this computer"
    if name == "keycloak" and (
        service["command"][:2] != ["start", "--optimized"] or "KC_HOSTNAME" not in service["environment"]
    ):
        yield "is not in production mode"
    if name == "keycloak" and service["environment"].get("KC_PROXY_HEADERS") != "xforwarded":
        yield "doesn't hear from the proxy who calls"


def _secret_faults(name: str, service: dict[str, Any]) -> Iterator[str]:
    given = json.dumps(service["environment"])
    if set(re.findall(r"\$\{(\w+_PASSWORD):\?", given)) != LOGINS[name]:
        yield "knows the wrong passwords"
    if re.search(r"://\w+:(?!\$\{|\d+/)|_PASSWORD\": \"(?!\$\{\w+:\?)", given):
        yield "a password stands in the file"
    if "SUPPORT_API_KEYRING" in service["environment"]:
        yield "the keyring is in its environment"
    if ("tls_key" in json.dumps(service.get("secrets", ()))) != (name == "proxy"):
        yield "the private key of TLS is not where it belongs"
    if ("keyring" in service.get("secrets", ())) != (name in ("api", "setup")):
        yield "the keyring is not where it belongs"


def test_the_file_is_valid_and_closed() -> None:
    assert faults(compose()) == []


def _environment(file: dict[str, Any], name: str) -> dict[str, str]:
    found: dict[str, str] = file["services"][name]["environment"]
    return found


BREAKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "is not valid under any of the given schemas": lambda f: f["services"]["api"]["depends_on"].update(
        postgres={"restart": True}
    ),
    "Unevaluated properties are not allowed": lambda f: f["services"]["api"].update(health_check={}),
    "migrate: runs as root": lambda f: f["services"]["migrate"].pop("user"),
    "postgres: runs as root": lambda f: f["services"]["postgres"].update(user="0:0"),
    "api: can write to its file system": lambda f: f["services"]["api"].update(read_only=False),
    "api: has capabilities": lambda f: f["services"]["api"].update(cap_add=["NET_ADMIN"]),
    "setup: can gain privileges": lambda f: f["services"]["setup"].pop("security_opt"),
    "postgres: the image has no exact tag": lambda f: f["services"]["postgres"].update(image="postgres:18"),
    "postgres: stays up without a health check": lambda f: f["services"]["postgres"].pop("healthcheck"),
    "api: waits for the wrong things": lambda f: f["services"]["api"]["depends_on"].pop("migrate"),
    "postgres: is published past the proxy": lambda f: f["services"]["postgres"].update(ports=["5432:5432"]),
    "api: is published past the proxy": lambda f: f["services"]["api"].update(ports=["127.0.0.1:8000:8000"]),
    "keycloak: is published past the proxy": lambda f: f["services"]["keycloak"].update(ports=["127.0.0.1:9000:9000"]),
    "proxy: is published further": lambda f: f["services"]["proxy"].update(ports=["443:8443"]),
    "proxy: is on the wrong networks": lambda f: f["services"]["proxy"]["networks"].append("monitoring"),
    "postgres: is on the wrong networks": lambda f: f["services"]["postgres"]["networks"].append("out"),
    "keycloak: is not in production mode": lambda f: f["services"]["keycloak"].update(command=["start-dev"]),
    "keycloak: doesn't hear from the proxy": lambda f: _environment(f, "keycloak").pop("KC_PROXY_HEADERS"),
    "api: the private key of TLS": lambda f: f["services"]["api"]["secrets"].append("tls_key"),
    "the network inside is not internal": lambda f: f["networks"].update(inside={}),
    "the network database is not internal": lambda f: f["networks"].update(database={}),
    "the network monitoring is not internal": lambda f: f["networks"].update(monitoring=None),
    "api: knows the wrong passwords": lambda f: _environment(f, "api").update(X="${MIGRATOR_PASSWORD:?}"),
    "api: a password stands in the file": lambda f: _environment(f, "api").update(X="postgresql://a:b@c/d"),
    "migrate: the keyring is not where it belongs": lambda f: f["services"]["migrate"].update(secrets=["keyring"]),
    "setup: the keyring is in its environment": lambda f: _environment(f, "setup").update(SUPPORT_API_KEYRING="{}"),
}


@pytest.mark.parametrize("fault", BREAKS)
def test_a_file_that_is_open_somewhere_is_refused(fault: str) -> None:
    file = json.loads(json.dumps(compose()))  # without what YAML's anchors share
    BREAKS[fault](file)
    assert any(fault in found for found in faults(file)), faults(file)


def test_each_variable_of_the_services_is_a_setting() -> None:
    given = {
        name for s in compose()["services"].values() for name in s["environment"] if name.startswith("SUPPORT_API")
    }
    known = {f"SUPPORT_API_{name.upper()}" for name in Settings.model_fields}
    assert given - known == set()
    assert {"SUPPORT_API_NO_SUCH"} - known


def test_env_example_names_what_the_file_asks_and_nothing_else() -> None:
    asked = set(re.findall(r"\$\{(\w+):[-?]", TEXT))
    assert asked == set(read_env(ROOT / ".env.example"))
    assert not re.search(r"(?<!\$)\$(\{\w+\}|\w)", TEXT), "a variable without a default or a message"


def test_without_a_password_nothing_starts() -> None:
    with pytest.raises(Refused, match=r"SERVER_PASSWORD: see \.env\.example"):
        interpolate("${SERVER_PASSWORD:?see .env.example}", read_env(ROOT / ".env.example"))
    assert interpolate("${SERVER_PASSWORD:?see .env.example} $$x", {"SERVER_PASSWORD": "x"}) == "x $x"


def test_what_is_mounted_is_there_or_never_leaves_this_computer() -> None:
    file = compose()
    used = {path for name in file["services"] for path in mounted(file, name).values()}
    assert used == {each["file"] for kind in ("secrets", "configs") for each in file[kind].values()}
    local = {path for path in used if not (ROOT / path).exists() or "/local/" in path}
    assert len(local) == 5
    for path in (*local, ".env"):
        assert _ignored(path), f"{path} could be committed"
    assert not _ignored("docker-compose.yml")
    laid = [volume.split(":")[0] for volume in file["services"]["postgres"]["volumes"]]
    assert [path for path in laid if path.startswith(".") and not list((ROOT / path).glob("*.sql"))] == []


def _ignored(path: str) -> bool:
    return subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=ROOT, check=False).returncode == 0


def test_what_is_started_comes_after_what_it_depends_on() -> None:
    order = list(started(compose()))
    assert set(order) == set(WAITS_FOR) - {"setup"}
    assert [
        (first, name) for name in order for first in WAITS_FOR[name] if order.index(first) > order.index(name)
    ] == []
    circle = compose()
    circle["services"]["postgres"]["depends_on"] = {"proxy": {"condition": "service_healthy"}}
    with pytest.raises(Refused, match="wait for each other"):
        list(started(circle))


def test_a_stop_waits_for_the_drain_and_for_who_is_being_served() -> None:
    needed = Settings.model_fields["drain_seconds"].default + GRACE_SECONDS
    given = int(compose()["services"]["api"]["stop_grace_period"].removesuffix("s"))
    assert needed < given
    assert f"{given} seconds with the defaults" in section("Stopping")


def test_the_database_logs_no_more_than_the_demos_does() -> None:
    command = compose()["services"]["postgres"]["command"]
    ours = dict(each.split("=", 1) for each in command if "=" in each)
    demo = dict(re.findall(r"^(log_\w+) = '?(-?\w+)'?$", postgres._SETTINGS, re.M))
    assert ours == {name: value for name, value in demo.items() if name != "log_timezone"}
    assert len(ours) == 6


def test_the_roles_are_those_of_the_code() -> None:
    ours = re.findall(r"^create role (\w+) (nologin.*);$", SQL, re.M)
    needed = [re.search(r"create role (\w+) (.*?);", statement) for statement in security.role_statements()]
    assert ours == [found.groups() for found in needed if found]
    assert len(ours) == 4


def test_the_page_draws_the_log_ins_as_they_are() -> None:
    drawn = set(re.findall(r"^  (\w+) -- (\w+) --> (\w+)", commands("Log-ins and databases", "mermaid"), re.M))
    url = re.compile(r"^postgresql://(\w+):.*/(\w+)$")
    keycloak = compose()["services"]["keycloak"]["environment"]
    used = {("keycloak", keycloak["KC_DB_USERNAME"], keycloak["KC_DB_URL"].rsplit("/", 1)[1] + "_db")} | {
        (name, *found.groups())
        for name, service in compose()["services"].items()
        for value in service["environment"].values()
        if (found := url.match(value))
    }
    assert drawn == used
    assert len(used) == 7
