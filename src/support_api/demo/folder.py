"""The data folder of a demo: what lies in it, and who is in the demo."""

import json
import os
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm

from support_api.demo import issuer
from support_api.demo.load import Person

PEOPLE, ISSUER_KEY, KEYRING, ADDRESS = "people.json", "issuer.pem", "keyring.json", "address"
CODES = "codes"  # of log-ins that were used
VARIABLE = "SUPPORT_API_DEMO_FOLDER"


class DemoError(Exception):
    """One clear line for whoever starts the demo."""


def of_this_process() -> Path:
    """The folder of the demo that this server process belongs to. Raises DemoError if it belongs to none."""
    named = os.environ.get(VARIABLE)
    if not named:
        raise DemoError("this is not a demo; start one with `make demo`, or name its folder: --data-dir")
    return Path(named)


def read_people(folder: Path) -> list[Person]:
    """Raises DemoError if there is no demo in that folder."""
    try:
        people = [Person(**entry) for entry in json.loads((folder / PEOPLE).read_text(encoding="utf-8"))]
        if not people:
            raise ValueError
        return people
    except (FileNotFoundError, NotADirectoryError):
        raise DemoError(
            f"there is no demo in {folder}; start one with `make demo`, or name its folder: --data-dir"
        ) from None
    except (OSError, ValueError, TypeError):
        raise broken(folder, PEOPLE) from None


def read_address(folder: Path) -> str:
    """Where the demo runs, or ran last: written when it starts."""
    try:
        found = (folder / ADDRESS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return address_of(8000)
    except (OSError, ValueError):
        raise broken(folder, ADDRESS) from None
    if not re.fullmatch(re.escape(address_of(0)[:-1]) + "[0-9]{1,5}", found):
        raise broken(folder, ADDRESS)
    return found


def address_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def read_issuer(folder: Path) -> issuer.DemoIssuer:
    """Of the address at which the demo runs. Raises DemoError if its key is not there or not one."""
    name = read_address(folder) + "/demo"
    try:
        return issuer.read(folder / ISSUER_KEY, name)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise broken(folder, ISSUER_KEY) from None


def broken(folder: Path, name: str) -> DemoError:
    return DemoError(f"{folder}: {name} is missing or broken; start anew with --reset")


def public(person: Person) -> dict[str, str | None]:
    """Somebody one can be, as JSON tells it: `/demo/people`, `support-api token --list --json`, the start page."""
    return {
        "name": person.name,
        "role": person.role,
        "municipality": person.municipality,
        "residentId": person.resident_id,
        "workingRelationshipId": person.working_relationship_id,
    }
