"""The code on docs/integrating.md is that of the example clients, to the letter.

A comment above a block names the file and the region. `python -m tests.clients.snippets` puts it on the page.
"""

import re

from tests.clients.making import ROOT

PAGE = ROOT / "docs" / "integrating.md"
_BLOCK = re.compile(r"(<!-- (\S+): (\w+) -->\n```(?:python|ts)\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)
_REGION = r"^(?://|#) region {}\n(.*?)^(?://|#) endregion$"


def region(file: str, name: str) -> str:
    """Raises ValueError if there is none, or more than one."""
    found = re.findall(_REGION.format(name), (ROOT / file).read_text(), re.DOTALL | re.MULTILINE)
    if len(found) != 1:
        raise ValueError(f"{file} has {len(found)} regions {name}")
    return str(found[0]).strip() + "\n"


def filled(page: str) -> str:
    """The page with the code as it is now."""
    return _BLOCK.sub(lambda block: f"{block[1]}{region(block[2], block[3])}{block[5]}", page)


def shown(page: str) -> set[tuple[str, str]]:
    return {(block[2], block[3]) for block in _BLOCK.finditer(page)}


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
