"""The Markdown of the repository as data: blocks, links, images, headings, and words in backticks."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
_OTHERS = {"node_modules", "build", "dist", "__pycache__", "generated", "support_api_client", "local"}
_PARSER = MarkdownIt("commonmark").enable("table")
_ATTRIBUTE = re.compile(r"""<(a|img)\b[^>]*?\b(?:href|src)=["']([^"']*)["'][^>]*>""")


@dataclass(frozen=True)
class Block:
    """A fenced block, with the heading that it stands under."""

    heading: str
    language: str
    text: str

    @property
    def first(self) -> str:
        return self.text.splitlines()[0]


@dataclass(frozen=True)
class Link:
    to: str
    image: bool = False
    alt: str = ""


@dataclass(frozen=True)
class Page:
    """A file, or a text as if it stood at that path."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def shown_at(self) -> Path:
        """Where its links start from: a fragment of the changelog is read in the changelog."""
        return ROOT / "CHANGELOG.md" if self.path.match("changelog.d/+*.md") else self.path

    @cached_property
    def tokens(self) -> list[Token]:
        return _PARSER.parse(self.text)

    def changed(self, old: str, new: str) -> "Page":
        """The page with a mistake in it, for controls."""
        assert old in self.text
        return Page(self.path, self.text.replace(old, new))

    def headings(self) -> list[str]:
        tokens = self.tokens
        return [_plain(after) for token, after in pairwise(tokens) if token.type == "heading_open"]

    def blocks(self) -> list[Block]:
        found, heading, before = [], "", ""
        for token in self.tokens:
            if before == "heading_open":
                heading = _plain(token)
            before = token.type
            if token.type in ("fence", "code_block"):
                found.append(Block(heading, token.info.strip(), token.content))
        return found

    def links(self) -> list[Link]:
        return [link for token in self._inline() for link in _links(token)]

    def code(self) -> list[str]:
        """What stands in backticks, in running text and tables."""
        return [token.content for token in self._inline() if token.type == "code_inline"]

    def prose(self) -> str:
        """What is read as running text: nothing in backticks or blocks."""
        return "\n".join(token.content for token in self._inline() if token.type == "text")

    def anchors(self) -> set[str]:
        """As GitHub makes them: of each heading, numbered where it comes again."""
        found: dict[str, int] = {}
        for heading in self.headings():
            name = slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            while name in found:
                found[slug] += 1
                name = f"{slug}-{found[slug]}"
            found[name] = 0
        return set(found)

    def _inline(self) -> Iterator[Token]:
        for token in self.tokens:
            yield from token.children or ()
            if token.type == "html_block":
                yield token


def _plain(inline: Token) -> str:
    """Without marks: of code and links, what is seen."""
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline")).strip()


def _links(token: Token) -> list[Link]:
    match token.type:
        case "link_open":
            return [Link(str(token.attrs["href"]))]
        case "image":
            return [Link(str(token.attrs["src"]), image=True, alt=token.content)]
        case "html_inline" | "html_block":
            return [_of_html(match) for match in _ATTRIBUTE.finditer(token.content)]
    return []


def _of_html(match: "re.Match[str]") -> Link:
    alt = re.search(r"""\balt=["']([^"']*)["']""", match[0])
    return Link(match[2], image=match[1] == "img", alt=alt[1] if alt else "")


def page(name: str) -> Page:
    return Page(ROOT / name, (ROOT / name).read_text(encoding="utf-8"))


def every_file() -> list[Path]:
    """Of the repository; what was made or installed here is left out, and so are folders that are hidden."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name == ".ci" or not (name.startswith(".") or name in _OTHERS)]
        found += [Path(folder) / name for name in names]
    return sorted(found)


def every_page() -> list[Page]:
    return [page(str(path.relative_to(ROOT))) for path in every_file() if path.suffix == ".md"]


def guides() -> list[Page]:
    """The pages that somebody follows: what they say holds for the present state, and is tried."""
    docs = (f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))
    return [page(name) for name in ("README.md", "CONTRIBUTING.md", "clients/README.md", *docs)]
