"""docs/integrating.md shows the code of the clients that the tests run, and nothing else."""

import re

import pytest

from tests.clients.making import ROOT
from tests.clients.snippets import PAGE, filled, shown

TEXT = PAGE.read_text()


def test_the_code_on_the_page_is_that_of_the_clients() -> None:
    assert filled(TEXT) == TEXT, "run `python -m tests.clients.snippets`"


def test_each_block_of_code_says_where_it_comes_from() -> None:
    assert len(re.findall(r"^```(?:python|ts)$", TEXT, re.MULTILINE)) == len(shown(TEXT)) > 12


def test_each_region_of_the_clients_is_on_the_page() -> None:
    files = [*(ROOT / "clients/python").glob("*.py"), *(ROOT / "clients/typescript/src").glob("*.ts")]
    marked = {
        (str(path.relative_to(ROOT)), name)
        for path in files
        for name in re.findall(r"^(?://|#) region (\w+)$", path.read_text(), re.MULTILINE)
    }
    assert marked == shown(TEXT)


def test_control_code_that_is_not_that_of_the_clients_is_seen() -> None:
    changed = TEXT.replace("api.PATCH(", "api.PUT(", 1)
    assert changed != TEXT
    assert filled(changed) == TEXT


def test_control_a_region_that_is_not_there_is_seen() -> None:
    with pytest.raises(ValueError, match="has 0 regions nowhere"):
        filled("<!-- clients/python/steps.py: nowhere -->\n```python\n```\n")
