"""The commands for Keycloak on the operators' page: what they would ask, of a `docker` that only takes notes.

Whether Keycloak does what it is asked is not proved here. That the shell passes on what is meant, and that the realm
has a place for it, is.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.running_page import commands
from tests.keycloak.realm import named, realm
from tests.keycloak.test_realm import profile_of

TOWN, ID = "0199aaaa-0000-7000-8000-000000000001", "8f0f6f8e-0f43-4f6b-9d0a-3c2a4f0c9d11"
NOTES = f"""
import json, sys
said = sys.stdin.read() if "-" in sys.argv else ""
with open("notes", "a") as file:
    print(json.dumps([sys.argv[1:], said]), file=file)
print("{ID}")
"""
KCADM = "/opt/keycloak/bin/kcadm.sh"


@dataclass
class Asked:
    words: list[str]
    said: str


def type_section(title: str, folder: Path, *, before: str = "") -> tuple[list[Asked], str]:
    """What `docker` was asked, and what came out."""
    (folder / "docker.py").write_text(NOTES)
    docker = folder / "docker"
    docker.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder}/docker.py" "$@"\n')
    docker.chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "municipality": TOWN}
    shell = ["bash", "-euo", "pipefail", "-c", f"{before}\n{commands(title)}"]
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    notes = [json.loads(line) for line in (folder / "notes").read_text().splitlines()]
    return [Asked(*note) for note in notes], done.stdout


def test_a_user_gets_what_the_realm_lets_an_administrator_write(tmp_path: Path) -> None:
    (log_in, user, password), printed = type_section("A user at Keycloak", tmp_path)
    assert log_in.words[:5] == ["compose", "exec", "-T", "keycloak", "bash"]
    assert "KC_CLI_PASSWORD=$KC_BOOTSTRAP_ADMIN_PASSWORD" in log_in.words[-1], "filled in inside, not outside"
    created = json.loads(user.said)
    assert user.words[3:7] == ["keycloak", KCADM, "create", "users"]
    assert user.words[-2:] == ["-r", realm()["realm"]]
    described = profile_of(realm())["attributes"]
    for name, (value,) in created["attributes"].items():
        rules = named(described, name)["validations"]
        assert value in rules.get("options", {}).get("options", [value])
        assert re.fullmatch(rules.get("pattern", {}).get("pattern", ".*"), value)
    assert set(created["attributes"]) == {"municipality", "role"}
    assert ID in printed.splitlines()
    assert password.words[-2:] == [created["username"], "--temporary"]


def test_a_system_gets_its_municipality(tmp_path: Path) -> None:
    kcadm = re.search(r"^kcadm\(\).*$", commands("A user at Keycloak"), re.M)
    assert kcadm is not None
    (client, account, update), _ = type_section("Keycloak", tmp_path, before=kcadm[0])
    asked_for = next(word for word in client.words if word.startswith("clientId=")).removeprefix("clientId=")
    assert named(realm()["clients"], asked_for, "clientId")["serviceAccountsEnabled"]
    assert f"clients/{ID}/service-account-user" in account.words
    assert update.words[4:8] == [KCADM, "update", f"users/{ID}", "-s"]
    assert update.words[8] == f'attributes.municipality=["{TOWN}"]'
