"""Every operation, called by everybody about Fien, answers what the table says, and the trail has what goes with it."""

from dataclasses import replace

import pytest

from support_api.domain import access
from support_api.domain.actions import Action
from support_api.domain.grounds import RULES, Basis
from support_api.domain.vocabulary import Role
from tests.access.matrix import page, tables
from tests.access.matrix.callers import COLUMNS
from tests.access.matrix.run import NAMES, OUTCOMES, Seen, row
from tests.conftest import World

TABLE = tables.read("operations")
Row = dict[str, Seen]


def differences(name: str, found: Row, table: dict[str, dict[str, str]]) -> list[str]:
    if name not in table:
        line = tables.written({name: {heading: seen.cell for heading, seen in found.items()}}, "operation")
        return [f"tests/access/matrix/operations.md has no row for it. If this is what you mean, it is:\n{line}"]
    wrong = [
        f"{heading}: the table says {table[name].get(heading)}, the answer is {seen.cell}"
        for heading, seen in found.items()
        if seen.cell != table[name].get(heading)
    ]
    return wrong + [
        f"{heading}: answered {seen.cell}, and the trail says {seen.outcome}"
        for heading, seen in found.items()
        if seen.outcome != OUTCOMES.get(seen.cell, "a word that tests/access/matrix/run.py knows")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
async def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    """INV-01, INV-04."""
    wrong = differences(name, await row(world, name), TABLE)
    assert not wrong, "\n".join(wrong)


def test_the_table_has_every_operation_every_role_and_nothing_else() -> None:
    lacking = sorted(set(NAMES) ^ set(TABLE))
    assert not lacking, (
        f"tests/access/matrix/operations.md: rows too few or too many: {lacking}. A good request for each is in"
        " tests/every_operation.py, or about Fien in tests/access/matrix/requests.py; the row that the service"
        " answers now is printed by: pytest tests/access/matrix -k NAME"
    )
    for cells in TABLE.values():
        assert list(cells) == [each.heading for each in COLUMNS]
        assert set(cells.values()) <= OUTCOMES.keys()
    assert {each.role for each in COLUMNS} == set(Role), "a role without a column in tests/access/matrix/callers.py"


@pytest.mark.slow
async def test_a_rule_that_opens_more_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: as if oversight ever came to confirm what is told about somebody."""
    rule = RULES[Basis.OVERSIGHT]
    more = replace(rule, actions=rule.actions | {Action.RECALL_LIST, Action.HOME_READ, Action.RESIDENT_CHANGE})
    relation = replace(RULES[Basis.RELATION], actions=RULES[Basis.RELATION].actions - {Action.RESIDENT_READ})
    monkeypatch.setattr(access, "RULES", {**RULES, Basis.OVERSIGHT: more, Basis.RELATION: relation})
    assert differences("getResident", await row(world, "getResident"), TABLE) == [
        "supports: the table says yes, the answer is action",
        "stands in: the table says yes, the answer is action",
    ]


def test_a_wrong_or_missing_row_is_seen() -> None:
    """Positive control."""
    right = {heading: Seen(cell, OUTCOMES[cell]) for heading, cell in TABLE["getBriefing"].items()}
    assert differences("getBriefing", right, TABLE) == []
    assert differences("getBriefing", {**right, "system": Seen("yes", "done")}, TABLE) == [
        "system: the table says 404, the answer is yes"
    ]
    assert differences("getBriefing", {**right, "system": Seen("404", None)}, TABLE) == [
        "system: answered 404, and the trail says None"
    ]
    [missing] = differences("getBriefing", right, {})
    assert "| getBriefing | yes" in missing


def test_the_page_shows_these_tables() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.rendered(), "run: make tables"
    assert set(page._ANSWERS) >= {cell for cells in TABLE.values() for cell in cells.values()}
