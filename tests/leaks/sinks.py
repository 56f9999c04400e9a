"""What may not stand in a sink: a marker that a test sent, or a BSN.

A sink is a name and its text. To scan another one (the answer of a metrics endpoint, a list of spans), add it to the
mapping that a test gives to `leaks`.
"""

import re
from collections.abc import Iterator, Mapping

from tests.leaks.disguises import undone

MARKER = "kanarie7f3a91"
# Ids, hashes and moments hold digits of their own.
_OURS = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?<![0-9a-f])(?=[0-9]*[a-f])[0-9a-f]{16,}(?![0-9a-f])"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{5,8}(?:[.,][0-9]+)?",
    re.I,
)
_TEST_RANGE = re.compile(r"(?<![0-9])9(?:[ ./_-]?9){4}(?:[ ./_-]?[0-9]){4}(?![0-9])")
_NINE = re.compile(r"(?<![0-9.])[0-9]{9}(?![0-9])")
_GROUPS = re.compile(r"(?<![0-9])(?<![0-9][ .-])[0-9]{3,4}([ .-])[0-9]{2,3}\1[0-9]{3,4}(?![ .-]?[0-9])")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_bsn(digits: str) -> bool:
    products = [int(each) * weight for each, weight in zip(digits, _WEIGHTS, strict=True)]
    return any(products) and sum(products) % 11 == 0


def leaks(sinks: Mapping[str, str]) -> list[str]:
    """The names of the sinks that hold something they may not."""
    return [name for name, text in sinks.items() if any(map(_tells, undone(text)))]


def _tells(text: str) -> bool:
    return MARKER in text.lower() or any(map(is_bsn, _numbers(text)))


def _numbers(text: str) -> Iterator[str]:
    """Nine digits, also written in groups; those of the test range however they are written."""
    rest = _OURS.sub(" ", text)
    for shape in (_TEST_RANGE, _NINE, _GROUPS):
        found = (re.sub("[^0-9]", "", each[0]) for each in shape.finditer(rest))
        yield from (digits for digits in found if len(digits) == 9)
