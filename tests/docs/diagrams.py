"""Diagrams in the part of Mermaid that our pages use: each line has one of these forms, naming who was introduced."""

import re

_NAME = r"\w+"
_LABEL = r'(?:\(\([^()\[\]";]+\)\)|\[\([^()\[\]";]+\)\]|\[[^()\[\]";]+\])'
_NODE = rf"{_NAME}(?:{_LABEL})?"
_ARROW = r'(?:-->(?:\|[^|\[\]()";]+\|)?|-- [\w ]+ -->|-\. [\w ]+ \.->)'
_FLOW = re.compile(rf"{_NODE}(?: {_ARROW} ?{_NODE})+")
_PARTICIPANT = re.compile(rf"participant ({_NAME}) as [^;#]+")
_MESSAGE = re.compile(rf"({_NAME})--?>>({_NAME}): [^;#]+")
# A node by this name ends a part of the diagram.
_RESERVED = re.compile(r"\bend\b")


def faults(text: str) -> list[str]:
    kind, *lines = [line.strip() for line in text.splitlines() if line.strip()]
    if re.fullmatch("flowchart (?:LR|TD)", kind):
        return [line for line in lines if not _FLOW.fullmatch(line) or _RESERVED.search(line)]
    if kind == "sequenceDiagram":
        return _unsaid(lines)
    return [kind]


def _unsaid(lines: list[str]) -> list[str]:
    known = {found[1] for line in lines if (found := _PARTICIPANT.fullmatch(line))}
    rest = [line for line in lines if not _PARTICIPANT.fullmatch(line)]
    messages = [(line, _MESSAGE.fullmatch(line)) for line in rest]
    return [line for line, found in messages if not found or not {found[1], found[2]} <= known]
