"""Every command of the guides works as it stands, next to a demo that `make demo` started."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.docs import commands
from tests.docs.checkout import copied
from tests.docs.pages import Page, guides
from tests.docs.register import REGISTER, Call, Same, Typed, Untyped
from tests.docs.shell import typed, unlike
from tests.processes import free_port, running_command

PAGES = {page.name: page for page in guides()}


TRIED = [name for name in PAGES if any(each.page == name and isinstance(each.way, Typed) for each in REGISTER)]
NEEDS_NODE = [name for name in TRIED if "\nnode " in "\n".join(commands.texts([PAGES[name]]).values())]


@contextmanager
def beside_a_demo() -> Iterator[tuple[Path, int]]:
    """A checkout in which somebody typed `make demo`, on a port of its own."""
    port = free_port()
    with copied() as checkout:
        log = checkout / "demo.log"
        with running_command("make", "demo", f"PORT={port}", log=log, MAKEFLAGS="") as process:
            process.says("ready ")
            yield checkout, port


def faults(page: Page, checkout: Path, port: int) -> list[str]:
    """Types the page from top to bottom."""
    found = commands.texts([page])
    ways = [(each, each.way) for each in REGISTER if each.page == page.name and isinstance(each.way, Typed)]
    printed = typed([found[each.page, each.heading, each.first] for each, _ in ways], checkout, port)
    pairs = zip(ways, printed, strict=True)
    return [f"{each.first}: {fault}" for (each, way), said in pairs for fault in unlike(way, said)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "names",
    [
        pytest.param([name for name in TRIED if name not in NEEDS_NODE], id="without Node.js"),
        pytest.param(NEEDS_NODE, id="with Node.js", marks=pytest.mark.node),
    ],
)
def test_the_commands_of_a_page_do_what_it_says(names: list[str]) -> None:
    assert len(names) > 1
    with beside_a_demo() as (checkout, port):
        assert [fault for name in names for fault in faults(PAGES[name], checkout, port)] == []


@pytest.mark.slow
def test_a_command_that_fails_is_seen(tmp_path: Path) -> None:
    """The control of the test above, with a port at which nobody answers."""
    (tmp_path / "here").touch()
    assert typed(["name=here", "ls $name"], tmp_path, 1) == ["", "here\n"]
    for wrong in ("lss", "ls there", "ls $nane", "curl http://127.0.0.1:8000/", "false | cat"):
        with pytest.raises(AssertionError):
            typed([wrong, "ls here"], tmp_path, 1)


def test_what_is_otherwise_than_promised_is_seen() -> None:
    printed = '{"state":"open"}\n(status 200)\n{"code":"not_found"}\n(status 404)\ndone\n'
    right = Typed((Call(200, says=("open",)), Call(404, hides=("open",))), says=("done",))
    assert unlike(right, printed) == []
    wrong = [
        Typed(right.calls[:1]),
        Typed((*right.calls, Call(200))),
        Typed((right.calls[0], Call(200))),
        Typed((Call(200, says=("stopped",)), Call(404))),
        Typed((Call(200), Call(404, says=("open",)))),
        Typed((Call(200, hides=("open",)), Call(404))),
        Typed(right.calls, says=("ready",)),
    ]
    assert [len(unlike(way, printed)) for way in wrong] == [1] * len(wrong)


def test_each_block_of_commands_is_in_the_register_once_and_in_order() -> None:
    assert commands.missing(PAGES.values(), REGISTER) == []
    assert commands.unproved(PAGES.values(), REGISTER) == []
    assert [fault for page in PAGES.values() for fault in commands.unknown_languages(page)] == []


def mistyped(text: str) -> bool:
    """Whether a shell can't read it."""
    return subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False).returncode != 0


def test_a_shell_can_read_each_block_also_those_that_are_not_typed_here() -> None:
    assert [key for key, text in commands.texts(PAGES.values()).items() if mistyped(text)] == []
    assert mistyped("x=$(support-api token")
    assert mistyped("if true; then make demo")


README = PAGES["README.md"]


@pytest.mark.parametrize(
    "changed",
    [
        Page(README.path, README.text + "\n```sh\nmake more\n```\n"),
        Page(README.path, README.text + "\n```sh\nmake test\n```\n"),
        README.changed("```sh\nmake test\n```", ""),
        README.changed("```sh\nmake test\n", "```sh\nmake tests\n"),
        README.changed("## Test it", "## Prove it"),
    ],
)
def test_a_block_without_an_entry_and_an_entry_without_a_block_are_seen(changed: Page) -> None:
    pages = {**PAGES, "README.md": changed}
    assert commands.missing(pages.values(), REGISTER) != []


def test_blocks_in_another_order_and_an_entry_too_many_are_seen() -> None:
    assert commands.missing(PAGES.values(), [*REGISTER, REGISTER[0]]) != []
    assert commands.missing(PAGES.values(), [*REGISTER[1:], REGISTER[0]]) == ["README.md"]


@pytest.mark.parametrize("start", ["```", "```console", "   ", "```bash"])
def test_a_block_of_which_nobody_knows_what_it_is_is_seen(start: str) -> None:
    end = "```\n" if start.startswith("`") else ""
    text = f"{start}\nmake test\n{end}" if end else "# A\n\n    make test\n"
    assert commands.unknown_languages(Page(README.path, text)) == ["README.md: make test"]


def test_a_test_that_does_something_else_is_no_proof() -> None:
    first = next(each for each in REGISTER if isinstance(each.way, Untyped) and each.way.by)
    same = next(each for each in REGISTER if isinstance(each.way, Same))
    wrong = [
        replace(first, way=Untyped("Docker", by="tests/deploy/nothing.py")),
        replace(first, way=Untyped("Docker", by="tests/docs/pages.py")),
        replace(same, way=Same("README.md", "Try it")),
    ]
    assert [len(commands.unproved(PAGES.values(), [each])) for each in wrong] == [1, 1, 1]
