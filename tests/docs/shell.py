"""Somebody who types what a page says, block after block, in one shell that stops at the first mistake."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.docs.register import Typed
from tests.processes import environment

# Says of each call what its status was, and goes to no proxy of whoever runs the tests.
_CURL = "curl() { command curl --silent --show-error --noproxy '*' --write-out '\\n(status %{http_code})\\n' \"$@\"; }"
_END = "(that was block %d)"
_STATUS = re.compile(r"^\(status (\d+)\)$", re.M)


def calls_in(printed: str) -> list[tuple[int, str]]:
    """Of each call its status and its body, in order."""
    parts = _STATUS.split(printed)
    return [(int(status), body) for body, status in zip(parts[::2], parts[1::2], strict=False)]


def typed(blocks: Sequence[str], folder: Path, port: int) -> list[str]:
    """What each block printed. Raises AssertionError with what the shell said, if a command fails."""
    parts = [f"{text}\necho '{_END % number}'" for number, text in enumerate(blocks)]
    script = "\n".join([_CURL, *parts]).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(MAKEFLAGS="", SUPPORT_API=f"http://127.0.0.1:{port}/v1"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr}"
    found, rest = [], done.stdout
    for number in range(len(blocks)):
        text, _, rest = rest.partition(f"{_END % number}\n")
        found.append(text)
    return found


def unlike(way: Typed, printed: str) -> list[str]:
    """Where it was otherwise than the page promises. No call is left out."""
    found = calls_in(printed)
    if [status for status, _ in found] != [call.status for call in way.calls]:
        return [f"it answered {[status for status, _ in found]}: {printed[-500:]}"]
    pairs = [(call, body) for call, (_, body) in zip(way.calls, found, strict=True)]
    absent = [text for call, body in pairs for text in call.says if text not in body]
    shown = [text for call, body in pairs for text in call.hides if text in body]
    absent += [text for text in way.says if text not in printed]
    return [*(f"it doesn't say {text!r}" for text in absent), *(f"it says {text!r}" for text in shown)]
