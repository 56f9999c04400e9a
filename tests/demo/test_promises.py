"""What a demo that runs promises to whoever started it: every line that it prints is true."""

import json
import re
import subprocess
from pathlib import Path
from signal import SIGKILL

import asyncpg
import psutil
import pytest
from click.testing import CliRunner, Result

from support_api.cli import main
from tests.demo.conftest import Demo
from tests.processes import environment, eventually, finished, free_port, status

pytestmark = pytest.mark.slow


def curls(demo: Demo) -> list[str]:
    return [line.strip() for line in demo.process.output.splitlines() if line.strip().startswith("curl ")]


def in_a_shell(command: str, folder: Path) -> tuple[int, str]:
    """Runs a printed command as it stands; answers status and body."""
    asked = command.replace("curl ", "curl --silent --noproxy '*' --write-out '\\n%{http_code}' ", 1)
    done = subprocess.run(asked, shell=True, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60)  # noqa: S602
    body, _, code = done.stdout.rpartition("\n")
    return int(code), body


def token(demo: Demo, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["token", *arguments, "--data-dir", str(demo.folder)])


def listening(processes: list[psutil.Process]) -> list[tuple[str, int]]:
    seen = [c for p in processes for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    return sorted({(c.laddr.ip, c.laddr.port) for c in seen})


def test_it_says_where_it_is_on_a_line_of_its_own(demo: Demo) -> None:
    assert demo.process.output.splitlines().count(f"ready {demo.address}") == 1
    assert status(f"{demo.address}/readyz") == 200
    assert status(f"{demo.address}/livez") == 200


def test_the_three_commands_that_it_prints_work_as_they_stand(demo: Demo, checkout: Path) -> None:
    """What she shares is there for her worker; who read it is there for her; for a worker of elsewhere nothing is."""
    commands = curls(demo)
    assert len(commands) == 3
    teun, fien, noor = (in_a_shell(command, checkout) for command in commands)
    assert teun[0] == fien[0] == 200
    assert "Dat mijn zoon zondag gewoon kan komen eten." in teun[1]
    assert "Ik ben bang dat mijn zoon zich voor mij schaamt." not in teun[1]
    assert json.loads(fien[1])["results"]
    assert (noor[0], json.loads(noor[1])["code"]) == (404, "not_found")


def test_a_command_without_its_token_fails(demo: Demo, checkout: Path) -> None:
    """The control of the test above: the same check sees a command that does not work."""
    broken = re.sub(r"\$\([^)]*\)", "nobody", curls(demo)[1])
    assert in_a_shell(broken, checkout)[0] == 401


def test_it_names_everybody_one_can_be(demo: Demo) -> None:
    listed = token(demo, "--list").stdout.splitlines()
    assert len(listed) == 11
    printed = demo.process.output
    for line in listed:
        name, role, town = line.split()
        assert re.search(rf"^  {name} +{role.replace('_', ' ')}, {town}$", printed, re.MULTILINE)


def test_the_list_as_json(demo: Demo) -> None:
    people = json.loads(token(demo, "--list", "--json").stdout)
    names = {"name", "role", "municipality", "residentId", "workingRelationshipId"}
    assert all(set(person) == names for person in people)
    by_name = {person["name"]: person for person in people}
    fien, abel = by_name["fien"]["residentId"], by_name["abel"]["residentId"]
    assert by_name["teun"]["residentId"] == by_name["sanne"]["residentId"] == fien
    assert by_name["noor"]["residentId"] == abel != fien
    assert by_name["noor"]["municipality"] == "verzonnerdam"
    relations = {by_name[name]["workingRelationshipId"] for name in ("teun", "sanne", "noor")}
    assert len(relations) == 3
    assert None not in relations


def test_a_token_and_nothing_else(demo: Demo) -> None:
    done = token(demo, "--as", "teun")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", done.stdout)
    assert done.stderr == ""
    me = demo.call("teun", "GET", "/v1/me")
    assert (me.status_code, me.json()["role"]) == (200, "worker")


def test_no_token_for_somebody_unknown(demo: Demo) -> None:
    done = token(demo, "--as", "niemand")
    assert done.exit_code != 0
    assert done.stdout == ""
    assert "fien" in done.stderr


async def test_postgresql_is_there_over_its_socket_without_a_password(demo: Demo) -> None:
    connection = await asyncpg.connect(host=str(demo.folder), port=5432, user="postgres", database="support_api")
    try:
        assert await connection.fetchval("show listen_addresses") == ""
        assert await connection.fetchval("select count(*) > 8 from support.portrait_items")
    finally:
        await connection.close()


def test_nothing_but_the_service_listens_on_the_network(demo: Demo) -> None:
    """PostgreSQL and everything else that the demo started is found by nobody over TCP."""
    family = demo.process.family()
    assert any("postgres" in process.name() for process in family)
    assert listening(family) == [("127.0.0.1", demo.port)]


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_a_folder_in_use_is_left_alone(demo: Demo, more: tuple[str, ...]) -> None:
    """A second demo, `--reset` too, says so and takes nothing away from the one that runs."""
    before = sorted(path.name for path in demo.folder.iterdir())
    done = finished("demo", "--port", str(free_port()), "--data-dir", str(demo.folder), *more)
    assert done.returncode != 0
    assert done.stderr == f"Error: {demo.folder} is in use by a demo that is running\n"
    assert sorted(path.name for path in demo.folder.iterdir()) == before
    assert demo.call("fien", "GET", "/v1/me").status_code == 200


def test_a_port_in_use(demo: Demo, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    done = finished("demo", "--port", str(demo.port), "--data-dir", str(folder))
    assert done.returncode != 0
    assert done.stderr == f"Error: port {demo.port} is in use; take another: make demo PORT={demo.port + 1}\n"
    assert not folder.exists()


def test_a_postgresql_that_dies_is_started_again(demo: Demo) -> None:
    """Meanwhile callers are told to come back: 503, never a 500."""
    servers = [process for process in demo.process.family() if "serve-demo" in process.cmdline()]
    eventually(lambda: len([p for p in servers if listening([p])]) == 2, "both workers")
    postmaster = next(p for p in demo.process.family() if p.name() == "postgres" and "-D" in p.cmdline())
    postmaster.send_signal(SIGKILL)
    answers = {503, demo.call("fien", "GET", "/v1/me").status_code}
    demo.process.says("PostgreSQL stopped")
    eventually(lambda: answers.add(last := demo.call("fien", "GET", "/v1/me").status_code) or last == 200, "recovery")
    assert answers == {200, 503}
