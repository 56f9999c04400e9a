"""A service that can't start, or has a URL that leads nowhere, never repeats what is in the URL."""

import re
import subprocess
import sys
import tomllib

import pytest

from tests.deploy.running_page import ROOT
from tests.leaks.sinks import MARKER, leaks
from tests.leaks.unstartable import PLACES
from tests.processes import SOURCE, Running, environment, eventually, free_port, running_command, status
from tests.sites import Site

NOWHERE = "postgresql://support_api_server:{}@127.0.0.1:9/support_api"
ODD = "postgresql://support_api_server:x@127.0.0.1:9/support_api?{}="


@pytest.mark.parametrize(
    "url", [NOWHERE, *(ODD.format(name) + "{}" for name in ("sslmode", "sslrootcert", "passfile"))]
)
async def test_a_url_is_not_repeated(site: Site, url: str) -> None:
    port, place = free_port(), url.format(MARKER)
    urls = {f"SUPPORT_API_{name}DATABASE_URL": place for name in ("", "KEYS_")}
    with site.serving(port, SUPPORT_API_LOG_LEVEL="debug", **urls) as process:
        eventually(lambda: status(f"http://127.0.0.1:{port}/livez") == 200, "a service that lives")
        async with site.calling(port) as world:
            answer = await world.get("fien", "/v1/me")
        assert answer.status_code in (500, 503)
        assert answer.headers["X-Request-Id"] in process.output
        assert leaks({"log": process.output, "answer": f"{answer.headers.raw} {answer.text}"}) == []


def started(site: Site, *words: str) -> Running:
    environ = {**site.settings(free_port()), "SUPPORT_API_LOG_LEVEL": "debug", "PYTHONPATH": f"{SOURCE}:{ROOT}"}
    command = (sys.executable, "-m", "tests.leaks.unstartable", *words)
    log = site.logs / "start.log"
    with running_command(*command, log=log, **environ) as process, process.log.telling("what the caller judges"):
        eventually(lambda: process.popen.poll() is not None, "its end")
    return process


@pytest.mark.parametrize("where", PLACES)
def test_what_keeps_it_from_starting_is_told_by_its_kind_and_place(site: Site, where: str) -> None:
    output = started(site, where, MARKER).output
    assert re.search(rf"ERROR support_api failed to start or stop: ValueError at app\.py:\d+ {PLACES[where]}\b", output)
    assert leaks({"log": output}) == []


@pytest.mark.parametrize("where", PLACES)
def test_without_our_logs_it_is_told_in_full(site: Site, where: str) -> None:
    """The positive control."""
    assert leaks({"log": started(site, where, MARKER, "careless").output}) == ["log"]


@pytest.mark.parametrize(("run", "told"), [("cli.run()", []), ("cli.main()", ["output"])])
def test_a_command_that_breaks_does_not_say_on_what(run: str, told: list[str]) -> None:
    """As it is installed; the control is the command without the logs around it."""
    script = f"from support_api import cli\ncli.read_settings = lambda: int({MARKER!r})\n{run}"
    command = [sys.executable, "-c", script, "migrate"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert leaks({"output": done.stdout + done.stderr}) == told


def test_the_command_is_installed_with_its_logs() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["scripts"] == {"support-api": "support_api.cli:run"}
