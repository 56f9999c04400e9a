"""The words of the contract: Dutch, English, what it means, and where it stands. Made from the contract itself, so that
no word of it can be missing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from support_api.domain.rules import RULES
from support_api.domain.vocabulary import Scope
from support_api.http.contract_schemas import Schema
from support_api.http.problems import KINDS, REASONS

_ERRORS = ("ProblemCode", "InvalidParamCode")  # sentences, no words
_CODES = re.compile(r"\n*- `.*", re.S)


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list."""

    code: str
    dutch: str
    english: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes; `name` is that of its schema in the contract."""

    name: str
    dutch: str
    meaning: str
    source: str
    may_grow: bool
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One word. `name` is how it stands on the wire, `places` are the schemas or lists that have it."""

    dutch: str
    english: str
    name: str
    meaning: str
    places: tuple[str, ...]


def code_lists(document: dict[str, Any]) -> tuple[CodeList, ...]:
    """Every enumeration of the contract, and the lists that stand in its texts alone: scopes and errors."""
    named = document["components"]["schemas"].items()
    return (*(_code_list(name, schema) for name, schema in named if "x-dutch" in schema), *_others())


def entries(document: dict[str, Any]) -> tuple[Entry, ...]:
    """In the order of the Dutch words."""
    found: dict[tuple[str, str, str], Entry] = {}
    for each in (*_schemas(document), *_properties(document), *_codes(code_lists(document))):
        key = (each.name, each.dutch, each.meaning)
        places = found[key].places if key in found else ()
        found[key] = Entry(each.dutch, each.english, each.name, each.meaning, (*places, *each.places))
    return tuple(sorted(found.values(), key=lambda each: (each.dutch.casefold(), each.name, each.meaning)))


def is_page(schema: Schema) -> bool:
    """A page of a list says nothing that its items don't say."""
    return {"results", "next", "previous"} <= set(schema.get("properties", ()))


def words(name: str) -> str:
    """`callName` is "call name", `BaggageNoteView` is "baggage note"."""
    bare = re.sub(r"(?<=[a-z])(View|Body|Output|Input)$", "", name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", bare).lower()


def _code_list(name: str, schema: Schema) -> CodeList:
    dutch, english = schema["x-dutch"], schema["x-english"]
    return CodeList(
        name,
        schema["x-term"],
        _CODES.sub("", schema["description"]),
        schema["x-source"],
        schema.get("x-may-grow", False),
        tuple(Code(code, dutch[code], english[code]) for code in dutch),
    )


def _others() -> Iterator[CodeList]:
    scopes = tuple(Code(scope.value, scope.dutch, scope.english) for scope in Scope)
    yield CodeList(
        "Scope", Scope.list_name, "What a token may be used for; never enough by itself.", "Support API", True, scopes
    )
    kinds = {code: kind.title for code, kind in KINDS.items() if code != "rule"}
    rules = {code: rule.why for code, rule in RULES.items()}
    yield _said("ProblemCode", "soort foutmelding", "`code` of an error.", {**kinds, **rules})
    yield _said("InvalidParamCode", "soort fout in de invoer", "`code` of one mistake in the input.", REASONS)


def _said(name: str, dutch: str, meaning: str, texts: Any) -> CodeList:
    codes = tuple(Code(code, text[0], text[1]) for code, text in texts.items())
    return CodeList(name, dutch, meaning, "Support API", True, codes)


def _schemas(document: dict[str, Any]) -> Iterator[Entry]:
    for name, schema in document["components"]["schemas"].items():
        if not is_page(schema):
            yield Entry(schema["x-term"], words(name), name, _CODES.sub("", schema["description"]), ())


def _properties(document: dict[str, Any]) -> Iterator[Entry]:
    for name, schema in document["components"]["schemas"].items():
        for key, each in schema.get("properties", {}).items():
            yield Entry(each["title"], words(key), key, _CODES.sub("", each["description"]), (name,))


def _codes(lists: Iterable[CodeList]) -> Iterator[Entry]:
    for each in lists:
        for code in each.codes if each.name not in _ERRORS else ():
            yield Entry(code.dutch, code.english, code.code, "", (each.name,))


def as_markdown(document: dict[str, Any]) -> str:
    """The glossary as a page."""
    lines = [_HEAD]
    for each in entries(document):
        places = ", ".join(f"`{place}`" for place in sorted(set(each.places)))
        cells = (each.dutch, each.english, f"`{each.name}`", each.meaning, places)
        lines.append("| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


_HEAD = """\
# Glossary

For whoever meets a word of the contract and wants to know what it means, or how it is called in the other language.
It has every word, in the order of the Dutch ones, and is made from the contract by `make contract`.
A running service gives the same at `/v1/reference/glossary`, and the lists of codes with their sources
at `/v1/reference/code-lists`.

| Dutch | English | on the wire | meaning | in |
|---|---|---|---|---|"""
