"""A data folder that is not right gives one line that says what to do, and a failure that a script sees."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support_api.cli import main
from support_api.demo import issuer
from support_api.settings import make_keyring
from tests.processes import finished, free_port

PEOPLE = '[{"name": "teun", "role": "worker", "municipality": "m", "municipality_id": "m", "client_id": "c"}]'


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The demo takes Ctrl-C for itself; the tests want it back."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    yield
    for sign, handler in before.items():
        signal.signal(sign, handler)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What lies in the folder of a demo that was made, as far as it is looked at before PostgreSQL starts."""
    made = tmp_path / "demo"
    (made / "postgres").mkdir(parents=True)
    (made / "postgres" / "PG_VERSION").write_text("17\n")
    (made / "people.json").write_text(PEOPLE)
    (made / "keyring.json").write_text(make_keyring())
    issuer.make(made / "issuer.pem")
    return made


def demo(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--port", str(free_port()), "--data-dir", str(folder), *more])


def complaint(done: Result, folder: Path) -> str:
    """One line, about that folder, without a traceback."""
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code != 0
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    assert str(folder) in lines[0]
    return lines[0]


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff\x00 not what\nwas here\n")


def _nothing(path: Path) -> None:
    path.write_text("[]")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def test_a_folder_whose_files_are_whole(folder: Path) -> None:
    """The control: nothing is wrong with the files, so it gets as far as PostgreSQL's version."""
    assert "was made by PostgreSQL 17" in complaint(demo(folder), folder)


@pytest.mark.parametrize("harm", [_garbage, _nothing, _cut, _folder, Path.unlink])
@pytest.mark.parametrize("name", ["keyring.json", "issuer.pem"])
def test_a_key_that_is_broken(folder: Path, name: str, harm: Callable[[Path], None]) -> None:
    harm(folder / name)
    assert complaint(demo(folder), folder).endswith(f"{name} is missing or broken; start anew with --reset")


@pytest.mark.parametrize("harm", [_garbage, _nothing, _cut, _folder])
def test_a_list_of_people_that_is_broken(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder / "people.json")
    said = complaint(demo(folder), folder)
    assert said.endswith("people.json is missing or broken; start anew with --reset")
    token = CliRunner().invoke(main, ["token", "--as", "teun", "--data-dir", str(folder)])
    assert complaint(token, folder) == said


def test_no_token_without_the_key(folder: Path) -> None:
    (folder / "issuer.pem").unlink()
    token = CliRunner().invoke(main, ["token", "--as", "teun", "--data-dir", str(folder)])
    assert "issuer.pem" in complaint(token, folder)


def test_no_token_where_no_demo_is(tmp_path: Path) -> None:
    token = CliRunner().invoke(main, ["token", "--list", "--data-dir", str(tmp_path)])
    assert "there is no demo" in complaint(token, tmp_path)


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"seventeen\nlines\n", b"", None])
def test_a_data_folder_that_postgresql_did_not_make(folder: Path, text: bytes | None) -> None:
    version = folder / "postgres" / "PG_VERSION"
    version.write_bytes(text) if text is not None else version.unlink()
    assert "is not a PostgreSQL data folder; use --reset" in complaint(demo(folder), folder)


@pytest.mark.slow
def test_data_that_postgresql_can_not_start_on(folder: Path) -> None:
    """As a real process: the exit code and the line are what a shell gets. Here initdb's work is half there."""
    (folder / "postgres" / "PG_VERSION").write_text("18\n")
    (folder / "postgres").chmod(0o777)
    done = finished("demo", "--port", str(free_port()), "--data-dir", str(folder))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: PostgreSQL does not start on {folder}; see {folder}/postgres.log\n"


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_a_file_instead_of_a_folder(tmp_path: Path, more: tuple[str, ...]) -> None:
    path = tmp_path / "demo"
    path.write_text("a file")
    assert "is not a folder" in complaint(demo(path, *more), path)
    assert path.read_text() == "a file"


def test_a_folder_where_none_can_be(tmp_path: Path) -> None:
    path = tmp_path / "file" / "demo"
    path.parent.write_text("a file")
    assert "is not a folder" in complaint(demo(path), path)


def test_a_file_system_that_takes_no_folders() -> None:
    path = Path("/proc/support-api-demo")
    complaint(demo(path), path)


@pytest.fixture
def closed(folder: Path) -> Iterator[Path]:
    """A folder that may only be read. Root may write anywhere, so a test that runs as root goes on as nobody."""
    folder.chmod(0o555)
    if os.geteuid() != 0:
        yield folder
    else:
        for above in folder.parents:
            above.chmod(above.stat().st_mode | 0o011)
        os.seteuid(65534)
        yield folder
        os.seteuid(0)
    folder.chmod(0o755)


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_a_folder_that_may_not_be_written(closed: Path, more: tuple[str, ...]) -> None:
    assert "no permission to write there" in complaint(demo(closed, *more), closed)
    assert (closed / "people.json").exists()
