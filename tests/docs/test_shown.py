"""What the guides show is what comes: answers, lines of the log, layers, diagrams, code."""

import json

import pytest

from tests.clients.snippets import PAGE as SNIPPETS
from tests.conftest import World
from tests.docs import diagrams
from tests.docs.pages import guides
from tests.docs.shown import LANGUAGES, SHOWN, same

BLOCKS = [(page, block) for page in guides() for block in page.blocks()]
TEXTS = {(page.name, block.heading): block.text for page, block in BLOCKS if block.language in LANGUAGES}
DIAGRAMS = [block.text for _, block in BLOCKS if block.language == "mermaid"]


def test_each_block_that_shows_something_is_made_anew() -> None:
    assert [key for key in TEXTS if key not in SHOWN] == []
    assert [key for key in SHOWN if key not in TEXTS] == []
    assert len(TEXTS) == len([block for _, block in BLOCKS if block.language in LANGUAGES]), "two under one heading"


@pytest.mark.parametrize("place", SHOWN, ids=" ".join)
async def test_a_block_shows_what_comes(world: World, place: tuple[str, str]) -> None:
    made = await SHOWN[place](world)
    assert same(TEXTS[place], made), made
    assert not same(TEXTS[place].replace("e", "a", 1), made)


def test_a_moment_is_of_no_account_and_all_else_is() -> None:
    assert same("2026-10-01T09:30:00.125Z WARNING x", "2027-01-01T00:00:00.000Z WARNING x\n")
    assert not same("2026-10-01T09:30:00.125Z WARNING x", "2027-01-01T00:00:00.000Z ERROR x\n")
    assert same('{"a": [1],\n "b": 2}', json.dumps({"b": 2, "a": [1]}))
    assert not same('{"a": 1, "b": 2}', '{"a": 1}')


def test_code_stands_where_it_is_held_to_the_clients() -> None:
    elsewhere = [page.name for page, block in BLOCKS if block.language in ("python", "ts") and page.path != SNIPPETS]
    assert elsewhere == []


def test_diagrams_are_whole() -> None:
    assert len(DIAGRAMS) > 2
    assert [fault for text in DIAGRAMS for fault in diagrams.faults(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "flowchat LR\na --> b",
        "flowchart LR\na[one --> b",
        "flowchart LR\na -> b",
        "flowchart LR\na -->|yes b",
        "flowchart LR\na --> end",
        "flowchart LR\na((one) --> b",
        "flowchart LR\na -. one --> b",
        'flowchart LR\na["one] --> b',
        "flowchart LR\na[(one)] --> b[(two)",
        "sequenceDiagram\nparticipant A as one\nA->>B: hello",
        "sequenceDiagram\nparticipant A as one\nA->A: hello",
        "sequenceDiagram\nparticipant A as one\nA->>A hello",
        "sequenceDiagram\nparticipant A as one\nA->>A: hello; goodbye",
    ],
)
def test_a_broken_diagram_is_seen(text: str) -> None:
    assert len(diagrams.faults(text)) == 1
