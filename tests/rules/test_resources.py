"""/core/naming-collections, /core/nested-child, /core/resource-operations: how the addresses are built."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from support_api.app import OPERATIONS
from support_api.http.operations import About, Operation
from tests.every_operation import BY_NAME

# One log per resident: its lines have no address of their own, so this names the log and not a collection.
_SINGULAR = {"access-log"}
# Of nobody yet, looked for, or the caller's own list over all residents (read only, as the rule's own example is).
_OF_NO_ONE_RESIDENT = {
    "getHome",
    "createResident",
    "searchResidents",
    "listMyWorkingRelationships",
    "listEmergencyReviews",
}
# What a method says by itself; all else is a command.
_VERBS = ("get", "list", "create", "start", "change", "delete")


def one_of_many(operations: Iterable[Operation]) -> set[str]:
    """Segments that hold others, or that are a list, and that are no plural."""
    found = set()
    for operation in operations:
        segments = operation.path.strip("/").split("/")
        found |= {a for a, b in pairwise(segments) if b.startswith("{")}
        found |= {segments[-1]} if operation.query else set()
    return {segment for segment in found - _SINGULAR if not segment.endswith("s")}


def loose(operations: Iterable[Operation]) -> set[str]:
    """About a resident's data, and not nested under that resident."""
    about = [each for each in operations if each.about is About.RESIDENT and each.name not in _OF_NO_ONE_RESIDENT]
    return {each.name for each in about if not each.path.startswith("/residents/{residentId}")}


def misplaced(operations: Iterable[Operation]) -> set[str]:
    """Commands without a `_resource` of their own, and the other way round; each is sent with POST."""
    found = set()
    for operation in operations:
        own = operation.path.rsplit("/", 1)[-1].startswith("_")
        command = not operation.name.startswith(_VERBS)
        if own != command or (own and operation.method != "POST"):
            found.add(operation.name)
    return found


def but(name: str, **changes: Any) -> list[Operation]:
    return [replace(BY_NAME[name], **changes)]


def test_core_naming_collections() -> None:
    assert one_of_many(OPERATIONS) == set()
    assert one_of_many(but("getWorker", path="/worker/{workerId}")) == {"worker"}
    assert one_of_many(but("listConsents", path="/residents/{residentId}/consent")) == {"consent"}


def test_core_nested_child() -> None:
    assert loose(OPERATIONS) == set()
    assert {name for name in _OF_NO_ONE_RESIDENT if "{" not in BY_NAME[name].path} == _OF_NO_ONE_RESIDENT
    assert loose(but("listConsents", path="/consents")) == {"listConsents"}


def test_core_resource_operations() -> None:
    assert misplaced(OPERATIONS) == set()
    assert misplaced(but("stopBriefing", path="/residents/{residentId}/briefing/stop")) == {"stopBriefing"}
    assert misplaced(but("stopBriefing", method="PATCH")) == {"stopBriefing"}
    assert misplaced(but("changeBriefing", path="/residents/{residentId}/_change")) == {"changeBriefing"}
