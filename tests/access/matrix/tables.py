"""The tables as they are written down: Markdown, read back as data."""

from pathlib import Path

FOLDER = Path(__file__).parent


def read(name: str) -> dict[str, dict[str, str]]:
    """Row by row, column by column. The first column is the name of the row."""
    return parsed((FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def parsed(text: str) -> dict[str, dict[str, str]]:
    lines = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    heading, _, *rows = lines
    return {cells[0]: dict(zip(heading[1:], cells[1:], strict=True)) for cells in rows}


def written(rows: dict[str, dict[str, str]], first: str) -> str:
    heading = [first, *next(iter(rows.values()))]
    lines = [heading, ["---"] * len(heading), *([name, *cells.values()] for name, cells in rows.items())]
    widths = [max(len(line[number]) for line in lines) for number in range(len(heading))]
    return "".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |\n"
        for line in lines
    )
