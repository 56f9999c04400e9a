"""The Dockerfile puts the service in the image, pinned and unprivileged; the wheel that it installs is whole."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from tests.deploy.composed import ROOT
from tests.pages.viewer import CARRIED

TEXT = (ROOT / "Dockerfile").read_text()


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction with its arguments; continued lines joined, comments left out."""
    lines = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ").splitlines()
    return [(words[0], words[1].strip()) for line in lines if len(words := line.split(maxsplit=1)) == 2]


def faults(text: str) -> list[str]:
    steps = instructions(text)
    bases = [rest.split()[0] for name, rest in steps if name == "FROM"]
    found = [f"{base}: no exact tag" for base in bases if not re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+(@.*)?", base)]
    if len(bases) != 2 or len(set(bases)) != 1:
        found.append("the stages differ: what one builds must run in the other")
    last = steps[[name for name, _ in steps].index("FROM", 1) :]
    if [rest for name, rest in last if name == "USER"][-1:] != ["10001:10001"]:
        found.append("runs as root")
    if any(re.search(r"\b(pip|apt-get|curl)\b", rest) for name, rest in last if name == "RUN"):
        found.append("installs in the final stage")
    for command in (each.split() for name, rest in steps if name == "RUN" for each in rest.split("&&")):
        pinned = {"--require-hashes", "--only-binary"} <= set(command) or "--no-deps" in command
        if "install" in command and not pinned:
            found.append("installs what is not pinned by hash")
    return found + [f"{path}: not there" for path in copied(steps) if not (ROOT / path).exists()]


def copied(steps: list[tuple[str, str]]) -> Iterator[str]:
    """What comes from this repository."""
    for name, rest in steps:
        words = [word for word in rest.split() if not word.startswith("--chmod")]
        if name == "COPY" and not words[0].startswith("--from"):
            yield from words[:-1]


def test_the_dockerfile_is_pinned_and_unprivileged() -> None:
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("USER 10001:10001\n", "", "runs as root"),
        ("USER 10001:10001", "USER root", "runs as root"),
        ("--require-hashes --only-binary :all:", "", "installs what is not pinned by hash"),
        ("python:3.12.14-slim-bookworm AS", "python:3-slim AS", "python:3-slim: no exact tag"),
        ("COPY migrations", "COPY migration", "migration: not there"),
        ("USER", "RUN pip install debugpy\nUSER", "installs in the final stage"),
    ],
)
def test_a_dockerfile_that_is_not_is_refused(old: str, new: str, fault: str) -> None:
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    assert fault in faults(changed)


def sent(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore lets a path into the build: the last rule that fits decides."""
    allowed = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        if fnmatch(path, pattern.removeprefix("**/")) or path.startswith(f"{pattern}/") or fnmatch(path, pattern):
            allowed = rule.startswith("!")
    return allowed


def test_the_build_gets_what_it_copies_and_no_secret() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    needed = list(copied(instructions(TEXT)))
    assert len(needed) == 7
    assert [path for path in needed if not sent(path, rules)] == []
    for path in (".env", "deploy/local/keyring.json", ".git/config", ".demo/people.json", "src/__pycache__/a.pyc"):
        assert not sent(path, rules), f"{path} would be in the image"
    assert not sent("migrations", [rule for rule in rules if rule != "!migrations"])


def unhashed(requirements: str) -> list[str]:
    joined = requirements.replace("\\\n", " ").splitlines()
    return [line for line in joined if line.strip() and not re.match(r"[\w.\[\]-]+==\S+.*--hash=sha256:", line)]


def test_every_requirement_is_pinned_by_hash() -> None:
    text = (ROOT / "requirements/run.txt").read_text()
    assert unhashed(text) == []
    assert unhashed(text + "left-pad==1.0\n") == ["left-pad==1.0"]


def test_what_the_image_leaves_out_was_in_it() -> None:
    """A name that is no longer required would make `pip uninstall` a silent nothing."""
    removed = re.search(r"pip uninstall --yes ([\w -]+)$", TEXT, re.M)
    assert removed is not None
    required = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements/run.txt").read_text(), re.M)) | {"pip"}
    assert set(removed[1].split()) <= required


def test_the_image_starts_a_command_that_exists_and_asks_its_health_as_compose_does() -> None:
    steps = dict(instructions(TEXT))
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert json.loads(steps["ENTRYPOINT"])[0] in scripts
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    check = compose["services"]["api"]["healthcheck"]["test"]
    assert json.loads(steps["HEALTHCHECK"].split(" CMD ")[1]) == check[1:]
    assert f" deploy/healthy.py {check[-1]}" in TEXT
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {s["image"] for s in compose["services"].values() if s.get("build") == "."} == {f"support-api:{version}"}


KEYCLOAK = (ROOT / "deploy/keycloak/Dockerfile").read_text()


def keycloak_faults(text: str) -> list[str]:
    """Built for production beforehand: it could not build itself on a file system that is read-only."""
    steps, service = (
        instructions(text),
        yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["keycloak"],
    )
    found = []
    bases = {rest.split()[0] for name, rest in steps if name == "FROM"}
    if bases != {service["image"].replace("support-api-keycloak", "quay.io/keycloak/keycloak")}:
        found.append("another version than the image's name says")
    if [rest for name, rest in steps if name == "USER"][-1:] != [service["user"]]:
        found.append("runs as root")
    built = dict(each.split("=") for name, rest in steps if name == "ENV" for each in rest.split())
    if built != {"KC_DB": "postgres", "KC_CACHE": "local", "KC_HEALTH_ENABLED": "true", "KC_METRICS_ENABLED": "true"}:
        found.append("built for something else")
    if set(built) & set(service["environment"]):
        found.append("decided twice")
    if ("RUN", "/opt/keycloak/bin/kc.sh build") not in steps or service["command"][1] != "--optimized":
        found.append("builds itself when it starts")
    return found


def test_keycloaks_image_is_built_for_what_compose_asks() -> None:
    assert keycloak_faults(KEYCLOAK) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (":26.7.4", ":latest", "another version than the image's name says"),
        ("USER 1000:0", "USER root", "runs as root"),
        ("KC_HEALTH_ENABLED=true", "KC_HEALTH_ENABLED=false", "built for something else"),
        ("KC_CACHE=local", "KC_CACHE=local KC_HTTP_ENABLED=true", "decided twice"),
        ("RUN /opt/keycloak/bin/kc.sh build", "", "builds itself when it starts"),
    ],
)
def test_another_image_of_keycloak_is_refused(old: str, new: str, fault: str) -> None:
    changed = KEYCLOAK.replace(old, new)
    assert changed != KEYCLOAK
    assert fault in keycloak_faults(changed)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_module_and_every_migration(wheel: Path) -> None:
    ours = {f"support_api/{path.relative_to(ROOT / 'src/support_api')}" for path in _files(ROOT / "src/support_api")}
    ours |= {f"support_api/_migrations/{path.relative_to(ROOT / 'migrations')}" for path in _files(ROOT / "migrations")}
    names = zipfile.ZipFile(wheel).namelist()
    assert {name for name in names if ".dist-info/" not in name} == ours
    assert sum("/_migrations/" in name for name in names) >= 4
    assert f"support_api/{CARRIED.relative_to(ROOT / 'src/support_api')}/LICENSE" in names
    suffixes = {Path(name).suffix for name in ours if "/vendor/" not in name}
    assert suffixes <= {".py", ".mako", ".html", ".css", ".js", ".svg"}, "what is left behind in src is installed too"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_an_installed_package_finds_its_own_migrations(wheel: Path, tmp_path: Path) -> None:
    """And not those of a checkout that happens to be above it."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "from support_api.db import migrate; print(migrate.scripts())"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == tmp_path / "support_api/_migrations"
    assert (tmp_path / "support_api/_migrations/env.py").exists()
