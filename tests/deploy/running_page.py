"""docs/running.md as data: its tables and its commands."""

import re

from tests.docs.pages import ROOT, page

__all__ = ["PAGE", "ROOT", "commands", "section", "table"]
PAGE = ROOT / "docs/running.md"


def section(title: str, text: str | None = None) -> str:
    """From a heading to the next of any level."""
    text = PAGE.read_text(encoding="utf-8") if text is None else text
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", _without_comments(text), re.M | re.S)
    if found is None:
        raise LookupError(f"no section {title}")
    return found[1]


def _without_comments(text: str) -> str:
    """A line that starts with # inside a block of commands is no heading."""
    return re.sub(r"^```.*?^```", lambda block: re.sub(r"^#", " #", block[0], flags=re.M), text, flags=re.M | re.S)


def table(title: str, text: str | None = None, column: int = 1) -> dict[str, str]:
    """The first table of a section: its first column with another one."""
    lines = [line for line in section(title, text).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    return {row[0].strip("`"): row[column].strip() for row in rows}


def commands(title: str, language: str = "sh") -> str:
    """The blocks of commands of a section, one after the other, as somebody would type them."""
    blocks = page("docs/running.md").blocks()
    return "\n".join(block.text for block in blocks if (block.heading, block.language) == (title, language))
