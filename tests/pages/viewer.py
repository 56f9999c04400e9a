"""The viewer that the package carries: fetched anew from node_modules by `python -m tests.pages.viewer`, as its makers
publish it, with a manifest of what it is."""

import hashlib
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests/node/node_modules/swagger-ui-dist"
CARRIED = ROOT / "src/support_api/http/pages/vendor/swagger-ui"
MANIFEST = "manifest.json"
FILES = ("LICENSE", "NOTICE", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css")


def manifest(folder: Path, package: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": package["name"],
        "version": package["version"],
        "license": package["license"],
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
    }


def carry(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (target / name).write_bytes((source / name).read_bytes())
    made = manifest(target, json.loads((source / "package.json").read_text()))
    (target / MANIFEST).write_text(json.dumps(made, indent=2) + "\n")


def faults(carried: Path, source: Path | None = None) -> list[str]:
    """What is not as the manifest says, or, with `source`, as its makers publish it."""
    told = json.loads((carried / MANIFEST).read_text())
    names = {path.name for path in carried.iterdir()}
    found = [f"{name}: not in the manifest" for name in sorted(names - {*told["sha256"], MANIFEST})]
    found += [f"{name}: not there" for name in sorted(told["sha256"].keys() - names)]
    if not found and manifest(carried, told) != told:
        found.append("not the files of the manifest")
    if source and manifest(source, json.loads((source / "package.json").read_text())) != told:
        found.append("not what its makers publish")
    return found


if __name__ == "__main__":
    carry(PACKAGE, CARRIED)
    print(f"{json.loads((CARRIED / MANIFEST).read_text())['version']} in {CARRIED.relative_to(ROOT)}")
