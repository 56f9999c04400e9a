"""Links of the contract: what can be done next with what an answer holds, and with which of its values."""

import re

from support_api.http.contract_schemas import Schema
from support_api.http.operations import Operation

_COMMAND = r"(/_\w+)?"


def links(operations: list[Operation], done: Operation) -> Schema:
    """From what was made or read to what is done with it, and from a list to its first item."""
    if done.creates:
        return _next(operations, done, f"{done.path}/{{}}", "$response.body#/id")
    if done.answer is not None and "results" in done.answer.model_fields:
        return _first(operations, done)
    return _next(operations, done, done.path) if done.method == "GET" else {}


def _next(operations: list[Operation], done: Operation, item: str, new_id: str = "") -> Schema:
    """On the item itself with the ETag of it, or where no answer to making it leads on; below it what needs none."""
    own = re.compile(_pattern(item) + _COMMAND)
    below = re.compile(_pattern(item) + r"/[^{}]+")
    made = any(each.creates and re.fullmatch(_pattern(f"{each.path}/{{}}"), item) for each in operations)
    found = {}
    for each in operations:
        command = each.method == "POST" and not made
        here = own.fullmatch(each.path) and (each.conditional or done.creates or command)
        if here or (done.creates and below.fullmatch(each.path) and not each.conditional):
            found[each.name] = _link(done, each, new_id)
    return found


def _first(operations: list[Operation], done: Operation) -> Schema:
    item, first = re.compile(_pattern(f"{done.path}/{{}}")), "$response.body#/results/0/id"
    return {
        each.name: _link(done, each, first) for each in operations if each.method == "GET" and item.fullmatch(each.path)
    }


def _pattern(path: str) -> str:
    """Any name for the id of the item, which the operation on the list has no name for."""
    return re.escape(path).replace(re.escape("{}"), r"{\w+}")


def _link(done: Operation, each: Operation, new_id: str) -> Schema:
    values = {name: f"$request.path.{name}" for name in done.parameters}
    values |= {name: new_id for name in each.parameters if name not in values}
    if each.conditional:
        values["header.If-Match"] = "$response.header.ETag"
    return {"operationId": each.name, "parameters": values}
