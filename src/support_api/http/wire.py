"""What bodies, views and queries are made of: strict in, complete out, a Dutch term beside every English name."""

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, create_model
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

# The last two of each plane are no characters: U+FFFE, U+FFFF, U+1FFFE and so on.
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    + _NO_CHARACTERS
    + "]"
)
_INVISIBLE = ("Zs", "Zl", "Zp", "Cf", "Cc")
# Letters, marks and symbols by category, or not assigned, yet blank on the screen: Default_Ignorable_Code_Point, and
# those that are named a blank, a filler or a null.
# Not assigned alone says nothing: an emoji that is newer than our tables shows.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
    "\U00013441\U00013442\U00016fe4\U0001d159]"
)
# Moments of our time: what lies further off, databases and clocks can't all hold.
MOMENT = (
    r"^(19[5-9][0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|(?!-00:00)[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
_MOMENT = re.compile(MOMENT.removeprefix("^").removesuffix("$"))
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def said(dutch: str, description: str, example: Any = None, **kwargs: Any) -> Any:
    """A property: its Dutch term, what it means in English, and an example."""
    examples = None if example is None else [example]
    return Field(title=dutch, description=description, examples=examples, **kwargs)


def mistake(field: str, code: str) -> PydanticCustomError:
    """Of fields that don't go together: told at the one to mend. `code` is one of REASONS."""
    return PydanticCustomError("together", "{code} at {field}", {"code": code, "field": field})


def only_if(field: str, value: str, then: dict[str, Any], other: dict[str, Any] | None = None) -> dict[str, Any]:
    """The same in the schema: what holds where a field has this value, and where it has another."""
    made = {"if": {"properties": {field: {"const": value}}, "required": [field]}, "then": then}
    return {**made, "else": other} if other else made


def readable(text: str) -> str:
    """The resident's bytes as they are; refuses what can't be stored, can deceive the eye, or shows nothing."""
    if _FORBIDDEN.search(text):
        raise PydanticCustomError("invalid_text", "holds a character that is not allowed")
    if all(unicodedata.category(c) in _INVISIBLE or _BLANK.match(c) for c in text):
        raise PydanticCustomError("invalid_text", "shows nothing")
    return text


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _MOMENT.fullmatch(value):
        raise ValueError("a moment needs a date, a time and an offset, such as 2026-11-22T10:00:00+01:00")
    return datetime.fromisoformat(value).astimezone(UTC)


def _canonical(value: Any) -> Any:
    if isinstance(value, str) and not _UUID.fullmatch(value):
        raise ValueError("an id is a lower-case UUID with hyphens")
    return value


def text(longest: int) -> Any:
    return Annotated[str, StringConstraints(min_length=1, max_length=longest), AfterValidator(readable)]


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(readable)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(readable)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=280), AfterValidator(readable)]
Story = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(readable)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Id = Annotated[UUID, BeforeValidator(_canonical)]


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True)


class Body(_Model):
    """What a caller sends. Strict types, unknown fields refused; only read from JSON text."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=False)


class Change(Body):
    """A JSON Merge Patch (RFC 7396): absent is unchanged, null clears what may be empty."""

    def changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class View(_Model):
    """What a caller gets: every field present, also when it is empty."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    def json_bytes(self) -> bytes:
        return self.model_dump_json(by_alias=True).encode()


def tag(content: bytes, version: int) -> str:
    """The ETag: the version, and a hash over what this caller gets to see."""
    return f'"{version}.{hashlib.blake2b(content, digest_size=8).hexdigest()}"'


class Query(_Model):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _number(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"0|-?[1-9][0-9]{0,5}", value):
            raise ValueError("a whole number")
        return int(value)
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError("true or false")
        return value == "true"
    return value


class ListQuery(Query):
    """Of a list that is not counted."""

    limit: Annotated[int, BeforeValidator(_number), Field(ge=1, le=100)] = said(
        "aantal", "How many results at the most, 1 to 100.", 25, default=25
    )
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")] | None = said(
        "cursor",
        "Where to go on: from `next` or `previous` of an earlier answer, opaque.",
        "YZnzwnoQfD6bHS9qXQxOgQ",
        default=None,
    )

    def narrowing(self) -> dict[str, str]:
        """The parameters that say which list it is, as they were sent."""
        paging = ("limit", "cursor", "count")
        asked = {name: getattr(self, name) for name in type(self).model_fields if name not in paging}
        return {to_camel(name): str(value) for name, value in asked.items() if value is not None}


class PageQuery(ListQuery):
    count: Annotated[bool, BeforeValidator(_flag)] = said(
        "tellen", "Whether to count all results, up to 1000.", True, default=False
    )


_PAGE = "https://support-api.example.nl/v1/residents/0199f3c2-7a10-7c3e-9b1d-2f6a5d0c4e81/portrait-items"


class PageView(View):
    next: str | None = said("volgende", "Address of the next page, or null.", _PAGE + "?cursor=YZnzwnoQfD6bHS9qXQxOgQ")
    previous: str | None = said("vorige", "Address of the previous page, or null.", _PAGE + "?cursor=YpnzwnoQfD6bHS9q")
    count: int | None = said(
        "totaal", "How many there are that you may see; only if asked for. 1001 means more than 1000.", 2
    )


def page_of(view: type[View]) -> type[PageView]:
    name, title = view.__name__.removesuffix("View"), view.model_config["title"]
    results = Annotated[tuple[view, ...], Field(title="resultaten", description="The results on this page, in order.")]  # type: ignore[valid-type]
    listed = create_model("Results", __base__=View, results=(results, ...))
    return create_model(
        f"{name}PageView",
        __base__=(PageView, listed),  # type: ignore[arg-type]
        __doc__="One page of a list.",
        __cls_kwargs__={"title": f"lijst: {title}"},
    )


def whole_list(name: str, view: type[View], title: str, meaning: str) -> type[View]:
    """A list that is short enough to come whole: the same `results`, and no pages."""
    results = Annotated[tuple[view, ...], Field(title="resultaten", description="All of them, in order.")]  # type: ignore[valid-type]
    return create_model(name, __base__=View, __doc__=meaning, __cls_kwargs__={"title": title}, results=(results, ...))
