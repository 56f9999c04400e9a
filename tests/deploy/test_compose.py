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
from support_api.settings import Settings
from tests.deploy.running_page import commands, section
from tests.deploy.without_docker import ROOT, Refused, interpolate, read_env

SCHEMA = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
TEXT = (ROOT / "docker-compose.yml").read_text()
SQL = (ROOT / "deploy/postgres/10-roles-and-databases.sql").read_text()
WAITS_FOR = {
    "postgres": {},
    "migrate": {"postgres": "service_healthy"},
    "api": {"postgres": "service_healthy", "migrate": "service_completed_successfully"},
    "setup": {"migrate": "service_completed_successfully"},
}
LOGINS = {
    "postgres": {"POSTGRES_PASSWORD", "MIGRATOR_PASSWORD", "SERVER_PASSWORD", "KEEPER_PASSWORD", "ARCHIVER_PASSWORD"},
    "migrate": {"MIGRATOR_PASSWORD"},
    "api": {"SERVER_PASSWORD", "KEEPER_PASSWORD"},
    "setup": {"MIGRATOR_PASSWORD", "KEEPER_PASSWORD"},
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
    for name in ("database", "monitoring"):
        if file["networks"][name] != {"internal": True}:
            found.append(f"the network {name} is not internal")
    if "9464" in json.dumps([service.get("ports") for service in file["services"].values()]):
        found.append("the metrics are published")
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
    if name == "postgres" and ("ports" in service or service["networks"] != ["database"]):
        yield "can be reached from outside"
    for port in service.get("ports", ()):
        if not port.startswith("${HTTP_ADDRESS:-127.0.0.1}:"):
            yield "is published further than this computer"


def _secret_faults(name: str, service: dict[str, Any]) -> Iterator[str]:
    given = json.dumps(service["environment"])
    if set(re.findall(r"\$\{(\w+_PASSWORD):\?", given)) != LOGINS[name]:
        yield "knows the wrong passwords"
    if re.search(r"://\w+:(?!\$\{)|_PASSWORD\": \"(?!\$\{\w+:\?)", given):
        yield "a password stands in the file"
    if "SUPPORT_API_KEYRING" in service["environment"]:
        yield "the keyring is in its environment"
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
    "postgres: can be reached from outside": lambda f: f["services"]["postgres"].update(ports=["5432:5432"]),
    "api: is published further": lambda f: f["services"]["api"].update(ports=["8000:8000"]),
    "the network database is not internal": lambda f: f["networks"].update(database={}),
    "the network monitoring is not internal": lambda f: f["networks"].update(monitoring=None),
    "the metrics are published": lambda f: f["services"]["api"]["ports"].append("${HTTP_ADDRESS:-127.0.0.1}:9464:9464"),
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
    assert not re.search(r"\$\{\w+\}|\$\w", TEXT), "a variable without a default or a message"


def test_without_a_password_nothing_starts() -> None:
    with pytest.raises(Refused, match=r"SERVER_PASSWORD: see \.env\.example"):
        interpolate("${SERVER_PASSWORD:?see .env.example}", read_env(ROOT / ".env.example"))
    assert interpolate("${SERVER_PASSWORD:?see .env.example}", {"SERVER_PASSWORD": "x"}) == "x"


def test_what_is_mounted_is_there_or_never_leaves_this_computer() -> None:
    file = compose()
    local = [each["file"] for kind in ("secrets", "configs") for each in file[kind].values()]
    for path in (*local, ".env"):
        assert _ignored(path), f"{path} could be committed"
    assert not _ignored("docker-compose.yml")
    mounted = [volume.split(":")[0] for volume in file["services"]["postgres"]["volumes"]]
    assert [path for path in mounted if path.startswith(".") and not list((ROOT / path).glob("*.sql"))] == []


def _ignored(path: str) -> bool:
    return subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=ROOT, check=False).returncode == 0


def test_a_stop_waits_for_the_drain_and_for_who_is_being_served() -> None:
    code = (ROOT / "src/support_api/server.py").read_text()
    served = re.search(r"workers_kill_timeout=(\d+)", code)
    assert served is not None
    needed = Settings.model_fields["drain_seconds"].default + int(served[1])
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
    used = {
        (name, *found.groups())
        for name, service in compose()["services"].items()
        for value in service["environment"].values()
        if (found := url.match(value))
    }
    assert drawn == used
    assert len(used) == 6
