"""What may not stand in a sink: a marker that a test sent, or a BSN.

A sink is a name and its text. To scan another one (the answer of a metrics endpoint, a list of spans), add it to the
mapping that a test gives to `leaks`.
"""

import re
from collections.abc import Mapping

MARKER = "kanarie7f3a91"
_NINE = re.compile(r"(?<![0-9a-fA-F.])[0-9]{9}(?![0-9a-fA-F])")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_bsn(digits: str) -> bool:
    return sum(int(each) * weight for each, weight in zip(digits, _WEIGHTS, strict=True)) % 11 == 0


def leaks(sinks: Mapping[str, str]) -> list[str]:
    """The names of the sinks that hold something they may not."""
    return [name for name, text in sinks.items() if MARKER in text.lower() or any(map(is_bsn, _NINE.findall(text)))]
