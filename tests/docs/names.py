"""Names on a page that have to be those of the code: commands, settings, addresses, files, codes."""

import re
from collections.abc import Callable, Iterator
from functools import cache

import click
import yaml

from support_api.cli import main
from support_api.demo import folder
from support_api.domain.access import Action
from support_api.domain.vocabulary import Scope
from support_api.http.problems import KINDS
from support_api.settings import Settings
from tests.docs.pages import ROOT, Page, every_file

# Of the demo and the tests alone; no setting of a service.
_VARIABLES = {"SUPPORT_API_POSTGRES_BIN", folder.VARIABLE}
# Files that the reader makes, or that a running service gives.
_NOT_OURS = {"index.html", "openapi.json", "nginx.conf"}
_FILE = re.compile(r"[\w-][\w.-]*\.(?:py|ts|md|ya?ml|toml|json|conf|sql|mako|in|txt|html)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
_CALL = re.compile(r"(?:GET|HEAD|POST|PATCH|DELETE) ((?:/|…/)[^\s,;)]+)|(?<!\S)(/v1/[^\s,;)]+)")
_OPTION = re.compile(r"--[a-z][a-z-]*")
_REST = r"([^`|\n]*)"
_FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
_FILES = {path.name for path in every_file()}


def faults(page: Page) -> list[str]:
    return [f"{page.name}: {name}: no such {kind}" for kind, names in _KINDS.items() for name in names(page)]


def _unknown_targets(page: Page) -> Iterator[str]:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for text in _typed(page):
        yield from (f"make {name}" for name in re.findall(r"^make ([a-z][a-z-]*)", text, re.M) if name not in known)


def _typed(page: Page) -> list[str]:
    return [*page.code(), *(block.text.replace("\\\n", "") for block in page.blocks() if block.language == "sh")]


def _unknown_commands(page: Page) -> Iterator[str]:
    for text in _typed(page):
        for said in re.findall(rf"(?:^|[/ (])support-api (?=[a-z]){_REST}", text, re.M):
            if not _is_command(said.split("#")[0].split(")")[0]):
                yield f"support-api {said}"


def _is_command(said: str) -> bool:
    """Each word names a command of the one before, until there is none below; each option is one of the last."""
    command: click.Command = main
    for word in said.split():
        if not isinstance(command, click.Group):
            break
        if word not in command.commands:
            return False
        command = command.commands[word]
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {"--help"}
    return set(_OPTION.findall(said)) <= options


def _unknown_variables(page: Page) -> Iterator[str]:
    prefix = Settings.model_config["env_prefix"].upper()
    known = {f"{prefix}{name}".upper() for name in Settings.model_fields} | _VARIABLES
    yield from sorted(set(re.findall(rf"\b{prefix}[A-Z_]*[A-Z]\b", page.text)) - known)


def _unknown_addresses(page: Page) -> Iterator[str]:
    known = _paths()
    diagrams = [line for block in page.blocks() if block.language == "mermaid" for line in block.text.splitlines()]
    for text in [*page.code(), *diagrams]:
        for found in _CALL.findall(text):
            address = next(filter(None, found)).removeprefix("/v1").split("?")[0]
            if address and not address.startswith("/demo") and not any(_same(address, path) for path in known):
                yield address


@cache
def _paths() -> list[str]:
    return list(yaml.safe_load((ROOT / "openapi/support-api.yaml").read_text(encoding="utf-8"))["paths"])


def _same(said: str, path: str) -> bool:
    """`…` at the start is the address of something, and any name in braces will do."""
    pattern = re.sub(r"\\{[^/]*\\}", r"{[^/]+}", re.escape(said)).replace("…", r"/.+")
    return re.fullmatch(pattern, path) is not None


def _unknown_files(page: Page) -> Iterator[str]:
    for name in page.code():
        path = name.split("::")[0]
        if "/" in path and path.split("/")[0] in _FOLDERS and _PATH.fullmatch(path):
            there = (ROOT / path).exists() or (page.path.parent / path).exists()
        else:
            there = name in _FILES | _NOT_OURS or not _FILE.fullmatch(name)
        if not there:
            yield name


def _unknown_codes(page: Page) -> Iterator[str]:
    """Of a problem, where its status stands before it."""
    for status, code in re.findall(r"\b([45]\d\d) `([a-z_]+)`", page.text):
        if code not in KINDS or KINDS[code].status != int(status):
            yield f"{status} {code}"


def _unknown_words(page: Page) -> Iterator[str]:
    known = {each.value for kind in (Scope, Action) for each in kind}
    yield from (name for name in page.code() if re.fullmatch(r"(?!nlgov:)[a-z_-]+:[a-z]+", name) and name not in known)


_KINDS: dict[str, Callable[[Page], Iterator[str]]] = {
    "target of make": _unknown_targets,
    "command": _unknown_commands,
    "setting": _unknown_variables,
    "address": _unknown_addresses,
    "file": _unknown_files,
    "code": _unknown_codes,
    "scope or action": _unknown_words,
}
