"""The service, kept from starting by an error with a secret in it: `python -m tests.leaks.unstartable WHERE SECRET`."""

import sys
from typing import Any
from unittest.mock import patch

from support_api import app, cli, logs

# What fails, and where that is seen to happen.
PLACES = {"open_pool": "open", "create_app": "started"}

if __name__ == "__main__":
    where, secret, *careless = sys.argv[1:]

    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError(f"can't read postgresql://support_api_server:{secret}@db.example")

    patch.object(app, where, broken).start()
    if careless:
        patch.object(logs, "configure").start()
        patch.object(logs.Cause, "of", lambda error: error).start()
    sys.argv[1:] = ["serve"]
    cli.run()
