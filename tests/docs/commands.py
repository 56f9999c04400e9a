"""The blocks of commands of the guides, held against the register."""

from collections import Counter
from collections.abc import Iterable

from tests.docs.pages import ROOT, Block, Page
from tests.docs.register import Entry, Same, Untyped

# What a block may be. Without a language nobody can tell commands from the rest.
LANGUAGES = {"sh", "json", "yaml", "python", "ts", "html", "mermaid", "text"}
_COMMANDS = "sh"


def of(page: Page) -> list[Block]:
    return [block for block in page.blocks() if block.language == _COMMANDS]


def unknown_languages(page: Page) -> list[str]:
    return [f"{page.name}: {block.first}" for block in page.blocks() if block.language not in LANGUAGES]


def missing(pages: Iterable[Page], register: Iterable[Entry]) -> list[str]:
    """Blocks that are not in the register, entries without a block, and what is there twice or in another order."""
    blocks = [(page.name, block.heading, block.first) for page in pages for block in of(page)]
    entries = [(entry.page, entry.heading, entry.first) for entry in register]
    unlike = (Counter(blocks) - Counter(entries)) + (Counter(entries) - Counter(blocks))
    twice = Counter(blocks) - Counter(set(blocks))
    names = {name for name, *_ in blocks}
    order = [name for name in names if _of(name, blocks) != _of(name, entries)]
    return sorted(" | ".join(each) for each in {*unlike, *twice}) or order


def _of(name: str, found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [each for each in found if each[0] == name]


def texts(pages: Iterable[Page]) -> dict[tuple[str, str, str], str]:
    return {(page.name, block.heading, block.first): block.text for page in pages for block in of(page)}


def unproved(pages: Iterable[Page], register: Iterable[Entry]) -> list[str]:
    """Entries that lean on a test which doesn't speak of that heading, or on a block that isn't the same."""
    found = texts(pages)
    return [f"{entry.page} | {entry.heading} | {entry.first}" for entry in register if not _proved(entry, found)]


def _proved(entry: Entry, found: dict[tuple[str, str, str], str]) -> bool:
    match entry.way:
        case Untyped(by=by):
            return not by or _speaks(by, entry.heading)
        case Same(page, heading):
            return found.get((page, heading, entry.first)) == found[entry.page, entry.heading, entry.first]
    return True


def _speaks(test: str, heading: str) -> bool:
    path = ROOT / test
    return path.is_file() and f'"{heading}"' in path.read_text(encoding="utf-8")
