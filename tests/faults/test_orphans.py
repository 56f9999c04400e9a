"""Workers whose server is killed end too, at whichever moment; they would answer beside the next server."""

import multiprocessing
import signal
import sys
import time
from pathlib import Path

import pytest

from support_api import processes
from tests.processes import eventually, free_port, gone, running_command
from tests.sites import Site

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("tenths", [0, 2, 5, 10])
def test_killed_while_its_workers_start(light_site: Site, tenths: int) -> None:
    with light_site.serving(free_port()) as process:
        eventually(lambda: len(process.family()) > 1, "a worker that starts")
        time.sleep(tenths / 10)
        family = process.family()
        process.popen.kill()
        process.popen.wait(10)
        eventually(lambda: gone(family), "the end of its workers")


@pytest.mark.parametrize("what", ["killed before the worker asked", "deaf worker"])
def test_a_worker_that_missed_the_signal_ends(tmp_path: Path, what: str) -> None:
    arguments = (sys.executable, "-m", "tests.faults.test_orphans", what)
    root = str(Path(__file__).parents[2])
    with running_command(*arguments, log=tmp_path / "log", PYTHONPATH=f"{root}:{root}/src") as server:
        server.says("it runs")
        family = server.family()
        assert len(family) == 2
        server.popen.kill()
        server.popen.wait(10)
        eventually(lambda: gone(family), "the end of the worker")


def _worker(what: str) -> None:
    processes.GRACE_SECONDS = 0
    if what == "deaf worker":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        processes.end_with_server()
        print("it runs", flush=True)
    else:
        print("it runs", flush=True)
        time.sleep(1)
        processes.end_with_server()
    time.sleep(600)


if __name__ == "__main__":
    child = multiprocessing.get_context("fork").Process(target=_worker, args=sys.argv[1:])
    child.start()
    child.join()
