"""The pictures of the documentation are there, small, and told in words."""

import re
from pathlib import Path

import pytest

from tests.pages.viewer import ROOT

IMAGES = ROOT / "docs/images"
MOST_BYTES = 150_000
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/running.md")}


def faults(texts: dict[str, str], images: Path) -> list[str]:
    found, shown = [], set()
    for name, text in texts.items():
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text):
            picture = images / Path(target).name
            shown.add(picture.name)
            found += [f"{name}: {target} is not there"] if not picture.exists() else []
            found += [f"{name}: {target} has no words"] if len(words) < 20 else []
    pictures = sorted(images.glob("*.png"))
    found += [f"{each.name} is too large" for each in pictures if each.stat().st_size > MOST_BYTES]
    return found + [f"{each.name} is shown nowhere" for each in pictures if each.name not in shown]


def test_each_picture_is_shown_small_and_told_in_words() -> None:
    assert faults(TEXTS, IMAGES) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("![Words that tell what one sees.](docs/images/x.png)", "README.md: docs/images/x.png is not there"),
        ("![](docs/images/large.png)", "README.md: docs/images/large.png has no words"),
        ("", "large.png is shown nowhere"),
        ("", "large.png is too large"),
    ],
)
def test_a_picture_that_is_not_is_noticed(text: str, found: str, tmp_path: Path) -> None:
    """Positive controls."""
    (tmp_path / "large.png").write_bytes(b"x" * (MOST_BYTES + 1))
    assert found in faults({"README.md": text}, tmp_path)
