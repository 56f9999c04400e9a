"""Other spellings of an id, and what only looks like one: each thing has one address."""

from collections.abc import Iterator


def spellings(uuid: str) -> list[str]:
    """Of one that may well be there."""
    return [each for each in _spellings(uuid) if each != uuid]


def _spellings(uuid: str) -> Iterator[str]:
    plain = uuid.replace("-", "")
    yield from (
        uuid.upper(),
        uuid.capitalize(),
        plain,
        f"{{{uuid}}}",
        f"urn:uuid:{uuid}",
        f"uuid:{uuid}",
        f"{uuid}-",
        f" {uuid}",
    )
    yield from (
        f"{uuid} ",
        f"{uuid}\n",
        f"{uuid}\x00",
        f"{uuid}.json",
        f"{uuid};v=1",
        f"{uuid},{uuid}",
        f"{uuid[:-1]}",
        f"{uuid}0",
    )
    yield from (
        f"-{plain}",
        "-".join(plain[at : at + 4] for at in range(0, 32, 4)),
        uuid.replace("-", "\u2010"),
        f"(uuid){uuid}",
    )
    yield from (
        uuid.replace("0", "\u0660"),
        uuid.replace("0", "\uff10"),
        uuid.replace("0", "o"),
        uuid.replace("a", "\u0430") + "x",
    )
    yield from (
        str(int(plain, 16)),
        f"0x{plain}",
        "0",
        "-1",
        "1",
        "null",
        "me",
        "*",
        "%",
        "..",
        "' or 1=1 --",
        "00000000",
    )
