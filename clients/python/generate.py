"""Makes `support_api_client` from the contract, but for two things that the generator makes too much of.

The title of a schema is a Dutch term, and not a name for a class. A list of codes that may grow is plain text to a
reader that has to bear new ones.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "openapi" / "support-api.yaml"
AS_IT_COMES: dict[str, list[str]] = {"post_hooks": []}  # nobody reads or changes the code
GENERATE = (sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite")


# region readable
def readable(contract: dict[str, Any]) -> dict[str, Any]:
    for schema in contract["components"]["schemas"].values():
        schema.pop("title", None)
        if schema.get("x-may-grow"):
            schema.pop("enum")
    return contract


# endregion


def generate() -> int:
    contract = readable(yaml.safe_load(CONTRACT.read_text(encoding="utf-8")))
    with TemporaryDirectory() as folder:
        plain, config = Path(folder, "contract.json"), Path(folder, "config.json")
        plain.write_text(json.dumps(contract), encoding="utf-8")
        config.write_text(json.dumps(AS_IT_COMES), encoding="utf-8")
        options = [
            "--fail-on-warning",
            "--path",
            plain,
            "--config",
            config,
            "--output-path",
            HERE / "support_api_client",
        ]
        return subprocess.run([*GENERATE, *map(str, options)], check=False).returncode


if __name__ == "__main__":
    sys.exit(generate())
