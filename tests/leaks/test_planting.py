"""The planter reaches every text of a body, and breaks every field of it."""

from typing import Literal
from uuid import UUID

from support_api.http.wire import Body, Code, Line, said
from tests.leaks.planting import Planter


class Inner(Body):
    kind: Literal["a", "b"] = said("soort", "A list of words.", "b")
    note: Line | None = None


class Outer(Body):
    name: Line
    id: UUID | None = None
    code: Code = "a"
    words: tuple[Line, ...] = ()
    inner: Inner | None = None
    more: tuple[Inner, ...] = ()


PLANTER = Planter(Outer.model_json_schema(by_alias=True), "woord")


def test_each_text_gets_the_words_also_where_it_was_left_out() -> None:
    inner = {"kind": "b", "note": "woord"}
    assert PLANTER.planted({"name": "Fien", "code": "b"}) == {
        "name": "woord",
        "code": "b",
        "words": ["woord"],
        "inner": inner,
        "more": [inner],
    }


def test_each_field_is_broken_once_and_an_unknown_one_added_everywhere() -> None:
    broken = list(PLANTER.broken({"name": "Fien"}))
    assert len(broken) == 6 + 2 * 2 + 3
    for made in (
        {"id": "woord"},
        {"words": ["woord\u0000"]},
        {"more": [{"kind": "woord"}]},
        {"inner": {"woord": "woord"}},
    ):
        assert {"name": "Fien", **made} in broken
