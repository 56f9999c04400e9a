"""docs/invariants.md, made of the invariants and of the tests that name them. `python -m tests.invariants.page`"""

from collections.abc import Iterable, Mapping

from tests.invariants.proofs import ROOT, Invariant, Proof, proofs, read

PAGE = ROOT / "docs" / "invariants.md"
_TOP = """# Invariants

This page is for whoever has to know whether what the design promises really holds: a privacy officer, an auditor.
It is made by `make tables` from the tests themselves: a test that proves an invariant names it; `make test` runs it.
What is meant by gates, permits and refusals is in [Consent](consent.md).

| | what must always hold | proven by |
|---|---|---|
"""


def rendered(invariants: Iterable[Invariant], found: Mapping[str, list[Proof]]) -> str:
    return _TOP + "".join(f"| {each.id} | {each.says} | {_by(each, found.get(each.id, []))} |\n" for each in invariants)


def _by(invariant: Invariant, proven: list[Proof]) -> str:
    if not proven:
        return f"Nothing yet: it waits for {invariant.waits_for}."
    files: dict[str, list[str]] = {}
    for each in proven:
        files.setdefault(each.path, []).append(each.words)
    said = [f"[{_short(path)}](../{path}){_which(words)}" for path, words in files.items()]
    return "<br>".join([*said, invariant.also] if invariant.also else said)


def _short(path: str) -> str:
    return path.removeprefix("tests/").removesuffix(".py").replace("/test_", "/")


def _which(words: list[str]) -> str:
    """All of a file, or the tests of it that say so."""
    return "" if "" in words else ": " + "; ".join(words)


if __name__ == "__main__":
    PAGE.write_text(rendered(read(), proofs()), encoding="utf-8")
