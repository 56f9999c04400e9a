"""The official linter of the NL API Design Rules, on our own copy of its rules: no network."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RULES = ROOT / "openapi" / "rules" / "nl-api-design-rules-2.2.0.yaml"
_SPECTRAL = ROOT / "tests" / "node" / "node_modules" / ".bin" / "spectral"


def installed() -> bool:
    return _SPECTRAL.exists()


def complaints(*documents: Path) -> dict[str, set[str]]:
    """Errors, warnings and hints: the names of the rules that each file breaks."""
    options = ["--ruleset", str(RULES), "--format", "json", "--quiet", "--fail-severity", "hint"]
    run = subprocess.run(
        [str(_SPECTRAL), "lint", *options, *map(str, documents)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode in (0, 1), run.stderr
    found: dict[str, set[str]] = {each.name: set() for each in documents}
    for each in json.loads(run.stdout or "[]"):
        found[Path(each["source"]).name].add(each["code"])
    return found


def written(folder: Path, name: str, document: dict[str, Any]) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document))
    return path
