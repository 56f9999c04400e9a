"""The realm file has only fields that Keycloak knows, of the right kind. One that it doesn't, and it refuses all.

The types are those of Keycloak's own client, in the version that tests/node/package.json pins; tests/node/realm.d.ts
says where they are narrower. JSON is an expression in TypeScript, and an object that is written out may have no more
fields than its type: so the file is laid in a module, and the compiler reads it.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.keycloak.realm import FILE, ROOT, Realm, named, realm

pytestmark = [pytest.mark.node, pytest.mark.slow]
NODE = ROOT / "tests/node"
COMPILER = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]


def complaints(texts: list[str], folder: Path) -> list[str]:
    """What the compiler says of each; empty if nothing."""
    (folder / "realm.d.ts").write_text((NODE / "realm.d.ts").read_text())
    (folder / "node_modules").symlink_to(NODE / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    modules = [folder / f"file{number}.ts" for number in range(len(texts))]
    for module, text in zip(modules, texts, strict=True):
        literal = f"export const realm = {text.strip()} satisfies Realm;\n"
        module.write_text(f'import type {{ Realm }} from "./realm.js";\n{literal}')
    command = ["node", str(NODE / "node_modules/typescript/bin/tsc"), *COMPILER, *map(str, modules)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (done.stdout == ""), done.stdout + done.stderr
    said = done.stdout.splitlines()
    return ["\n".join(line for line in said if line.startswith(module.name)) for module in modules]


BREAKS: dict[str, Callable[[Realm], object]] = {
    "'\"userProfile\"' does not exist": lambda r: r.update(userProfile={}),
    "'string' is not assignable to type 'number'": lambda r: r.update(accessTokenLifespan="600"),
    "'\"RS256\"' is not assignable": lambda r: r.update(defaultSignatureAlgorithm="RS256"),
    "'\"publicclient\"' does not exist": lambda r: r["clients"][0].update(publicclient=True),
    "'boolean' is not assignable to type 'string'": lambda r: r["clients"][0]["attributes"].update(x=True),
    "'\"mapper\"' does not exist": lambda r: named(r["clientScopes"], "basic")["protocolMappers"][0].update(mapper="x"),
    "'string[]'": lambda r: r["components"]["org.keycloak.keys.KeyProvider"][0]["config"].update(priority="100"),
    "'Requirement'": lambda r: r["authenticationFlows"][0]["authenticationExecutions"][0].update(requirement="MUST"),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Of the file as it is, and of each that is broken: all in one run of the compiler."""
    files = [FILE.read_text()]
    for each in BREAKS.values():
        changed = realm()
        each(changed)
        files.append(json.dumps(changed, indent=1))
    return complaints(files, tmp_path_factory.mktemp("realm"))


def test_keycloak_knows_every_field_of_the_file(said: list[str]) -> None:
    assert said[0] == ""


def test_a_field_that_is_misspelt_or_of_another_kind_is_found(said: list[str]) -> None:
    """Positive controls."""
    missed = {fault: found for fault, found in zip(BREAKS, said[1:], strict=True) if fault not in found}
    assert missed == {}
