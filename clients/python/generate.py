"""Makes `support_api_client` from the contract.

The schemas of the contract have a Dutch term as their title. The generator would call the classes after it, and two
with the same term can't be, so it gets the contract without.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "openapi" / "support-api.yaml"
AS_IT_COMES: dict[str, list[str]] = {
    "post_hooks": []
}  # nobody reads or changes the code, so nothing puts it in a house format
GENERATE = (
    sys.executable,
    "-m",
    "openapi_python_client",
    "generate",
    "--meta",
    "none",
    "--overwrite",
    "--fail-on-warning",
)


def generate() -> int:
    contract = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    for schema in contract["components"]["schemas"].values():
        schema.pop("title", None)
    with TemporaryDirectory() as folder:
        untitled, config = Path(folder, "contract.json"), Path(folder, "config.json")
        untitled.write_text(json.dumps(contract), encoding="utf-8")
        config.write_text(json.dumps(AS_IT_COMES), encoding="utf-8")
        options = ["--path", untitled, "--config", config, "--output-path", HERE / "support_api_client"]
        return subprocess.run([*GENERATE, *map(str, options)], check=False).returncode


if __name__ == "__main__":
    sys.exit(generate())
