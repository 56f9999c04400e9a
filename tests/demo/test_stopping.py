"""However a demo ends, nothing of it stays behind, and what was written is there the next time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM
from uuid import uuid4

import pytest

from tests.demo.conftest import Demo
from tests.processes import eventually, free_port, gone, listens, running

pytestmark = pytest.mark.slow


@contextmanager
def started(folder: Path, *more: str) -> Iterator[Demo]:
    port, log = free_port(), folder.parent / f"{uuid4().hex}.log"
    with running("demo", "--port", str(port), "--data-dir", str(folder), *more, log=log) as process:
        process.says("ready ")
        yield Demo(folder, port, process)


def portrait(demo: Demo) -> str:
    return f"/v1/residents/{demo.call('fien', 'GET', '/v1/me').json()['residentId']}/portrait-items"


def write(demo: Demo, text: str) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    answer = demo.call("fien", "POST", portrait(demo), json={"kind": "joy", "text": text}, headers=headers)
    assert answer.status_code == 201


def texts(demo: Demo) -> list[str]:
    return [item["text"] for item in demo.call("fien", "GET", portrait(demo)).json()["results"]]


def end(demo: Demo, sign: int) -> int:
    """Sends the signal, and waits until nothing that the demo started is left; answers the exit code."""
    family = demo.process.family()
    assert len(family) > 5
    code = demo.process.interrupt(sign)
    eventually(lambda: gone(family), "everything that the demo started is gone", 20)
    assert not listens(demo.port)
    return code


def test_it_takes_everything_with_it_and_keeps_what_was_written(above: Path) -> None:
    """Ctrl-C reaches the whole process group, as in a terminal. A kill leaves no time for anything, and still no
    server of ours outlives the one that started it. `--reset` starts anew, and spares what is not the demo's."""
    folder, written = above / "kept", []
    for sign, code in ((SIGINT, 0), (SIGTERM, 0), (SIGKILL, -SIGKILL)):
        with started(folder) as demo:
            assert ("making the demo" in demo.process.output) is (not written)
            assert texts(demo)[9:] == written
            written.append(f"Op dag {sign} zing ik in het koor.")
            write(demo, written[-1])
            assert end(demo, sign) == code
            assert "Traceback" not in demo.process.output
    (folder / "notes.txt").write_text("not the demo's")
    with started(folder, "--reset") as demo:
        assert len(texts(demo)) == 9
        assert (folder / "notes.txt").exists()


def test_interrupted_while_it_is_made(above: Path) -> None:
    """It is whole or not there: broken off half-way, the next start makes it anew."""
    folder, log = above / "broken off", above / "broken-off.log"
    with running("demo", "--port", str(free_port()), "--data-dir", str(folder), log=log) as process:
        process.says("making the demo")
        family = process.family()
        assert process.interrupt(SIGINT) == 0
        eventually(lambda: gone(family), "everything that the demo started is gone", 20)
        assert "Traceback" not in process.output
        assert not (folder / "people.json").exists()
    with started(folder) as demo:
        assert "making the demo" in demo.process.output
        assert len(texts(demo)) == 9
