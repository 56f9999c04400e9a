"""docs/access-matrix.md, made of the tables. `python -m tests.access.matrix.page`"""

from pathlib import Path

from support_api.app import OPERATIONS
from support_api.domain.grounds import RULES, Basis
from support_api.domain.vocabulary import Category, Level
from tests.access.matrix import tables
from tests.access.matrix.callers import COLUMNS

PAGE = Path(__file__).parents[3] / "docs" / "access-matrix.md"
_TOP = """# Access matrix

This page is for whoever has to judge who gets to see and do what, such as a privacy officer.
Its tables are data: `make test` calls every operation as everybody, and compares answers and trail with them.
A new operation or role without a row or a column fails.
What permits, refusals and visibility add to it is in [Consent](consent.md).

"""
_ANSWERS = {
    "yes": ("it is done or shown", "done"),
    "nothing": ("an empty list: there is nothing that this caller may see", "done"),
    "404": ("as if it never existed; the same to the byte for what is hidden, foreign, erased or unknown", "not found"),
    "action": ("403 `action_not_allowed`: visible, but not this caller's to do", "not allowed"),
    "rule": ("409: a rule refuses it, and says what is possible instead", "refused"),
    "purpose": ("403 `purpose_not_allowed`: the register doesn't have it; before anything is looked at", "none"),
    "scope": (
        "403 `scope_missing`: the token of this role doesn't come that far; before anything is looked at",
        "none",
    ),
}


def rendered() -> str:
    return _TOP + "\n".join([_columns(), _answers(), _operations(), _levels()])


def _columns() -> str:
    rows = {each.heading: {"in Dutch": each.dutch, "role": f"`{each.role}`"} for each in COLUMNS}
    return (
        "## Who calls\n\nAll of them about Fien, for the purpose `support`, but for the emergency.\n\n"
        + tables.written(rows, "column")
    )


def _answers() -> str:
    rows = {word: {"means": means, "entry in the trail": entry} for word, (means, entry) in _ANSWERS.items()}
    return "## What they are answered\n\n" + tables.written(rows, "answer")


def _operations() -> str:
    summaries = {each.name: each.summary for each in OPERATIONS}
    found = {f"{summaries[name]} (`{name}`)": cells for name, cells in tables.read("operations").items()}
    return "## Every operation\n\n" + tables.written(found, "operation")


def _levels() -> str:
    """What each ground shows by itself; personal kinds need a decision of the resident on top."""
    grounds = [basis for basis in Basis if basis is not Basis.NONE]
    rows = {
        category.dutch: {
            basis.english: RULES[basis].levels.get(category, Level.NONE).name.lower().replace("none", "–")
            for basis in grounds
        }
        for category in Category
    }
    said = "What a ground shows without a decision of the resident. What is – may still be opened by a permit, on a\n"
    said += "relation or to a system, never on another ground.\n\n"
    return "## How much of which kind of data\n\n" + said + tables.written(rows, "kind of data")


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
