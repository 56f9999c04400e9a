"""docs/api-design-rules.md names every rule of the standard, and proof that is there."""

import re
from pathlib import Path

import pytest
import yaml

from tests.deploy.running_page import table
from tests.rules.linter import ROOT, RULES

PAGE = ROOT / "docs" / "api-design-rules.md"
TEXT = PAGE.read_text(encoding="utf-8")
# The standard's own list, version 2.2.0: the ruleset of the linter has only those that a machine can check.
_STANDARD = """
naming-resources naming-collections interface-language no-trailing-slash path-segments-kebab-case query-keys-camel-case
hide-implementation date-time/format date-time/timezone date-time/date-omit-time-portion http-methods http-safety
http-response-code stateless nested-child resource-operations error-handling/problem-details
error-handling/invalid-input error-handling/all-errors doc-openapi doc-openapi-contact doc-language publish-openapi
deprecation-schedule transition-period uri-version changelog semver version-header transport/tls
transport/no-sensitive-uris transport/security-headers transport/cors modules/geospatial modules/signing
modules/encryption
"""
CORE = {f"/core/{each}" for each in _STANDARD.split()}
LINTER = set(yaml.safe_load(RULES.read_text(encoding="utf-8"))["rules"])
_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.M)


def _tests(path: Path) -> list[str]:
    return _TEST.findall(path.read_text(encoding="utf-8")) if path.is_file() else []


def of_the_rules() -> set[str]:
    """Each test that bears the name of a rule."""
    files = (ROOT / "tests" / "rules").glob("test_*.py")
    found = {f"{path.relative_to(ROOT)}::{name}" for path in files for name in _tests(path)}
    return {each for each in found if "::test_core_" in each}


def faults(page: str, core_tests: set[str]) -> list[str]:
    held, kept = table("The rules", page, column=4), table("The rules", page, column=3)
    names = {rule: set(re.findall("`([^`]+)`", proof)) for rule, proof in held.items()}
    tests = {name for each in names.values() for name in each if "::" in name}
    found = [f"{rule}: not on the page" for rule in CORE - held.keys()]
    found += [f"{rule}: no rule" for rule in held.keys() - CORE]
    found += [f"{rule}: not on the page" for rule in LINTER if f"`{rule}`" not in page]
    found += [f"{name}: not in the ruleset" for each in names.values() for name in each - tests - LINTER]
    found += [f"{test}: no such test" for test in tests if not _is_there(test)]
    found += [f"{test}: not at its rule" for test in core_tests if not any(_about(test, rule, names) for rule in names)]
    unproven = [rule for rule in held if not names[rule] and "*Review*" not in held[rule] and "*Not " not in kept[rule]]
    return sorted(found + [f"{rule}: neither proof nor reason" for rule in unproven])


def _is_there(test: str) -> bool:
    path, name = test.split("::")
    return name in _tests(ROOT / path)


def _about(test: str, rule: str, names: dict[str, set[str]]) -> bool:
    return test in names[rule] and re.sub(r"\W", "_", rule.strip("/")) in test


def test_the_page_names_every_rule_and_proof_that_is_there() -> None:
    assert len(of_the_rules()) > 20
    assert faults(TEXT, of_the_rules()) == []


def test_the_linter_speaks_of_no_rule_that_the_list_lacks() -> None:
    named = set(re.findall(r"#(/core/[\w/-]+)", RULES.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert named <= CORE


PLANTED = [
    (r"^\| `/core/stateless`.*\n", "", ["/core/stateless: not on the page"]),
    (r"^\| `/core/stateless`", "| `/core/state`", ["/core/state: no rule", "/core/stateless: not on the page"]),
    (r"`nlgov:semver`", "", ["nlgov:semver: not on the page"]),
    (r"`nlgov:http-methods`", "`nlgov:http-methods`, `nlgov:x`", ["nlgov:x: not in the ruleset"]),
    (
        r"`tests/proxy/test_own_answers.py::test_old_tls",
        "`tests/proxy/none.py::test_old_tls",
        ["none.py::test_old_tls"],
    ),
    (r"::test_the_newest_release_of", "::test_a_release_of", ["::test_a_release_of"]),
    (r"\*Not used\*: no resource", "no resource", ["/core/modules/geospatial: neither proof nor reason"]),
    (r"\*Review\* of each change", "people", ["/core/changelog: neither proof nor reason"]),
    (
        r"`tests/rules/test_publishing.py::test_core_transport_cors`",
        "*Review*",
        ["test_core_transport_cors: not at its rule"],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), PLANTED)
def test_a_page_that_is_behind_is_found(old: str, new: str, expected: list[str]) -> None:
    """Positive controls."""
    changed, count = re.subn(old, new, TEXT, flags=re.M)
    assert count == 1
    found = faults(changed, of_the_rules())
    assert all(any(each in fault for fault in found) for each in expected), found


def test_a_test_of_a_rule_that_the_page_forgets_is_found() -> None:
    new = "tests/rules/test_new.py::test_core_stateless"
    assert faults(TEXT, {*of_the_rules(), new}) == [f"{new}: not at its rule"]
