"""What a municipality says in its register: for which purpose a client processes what, on which legal basis."""

from dataclasses import dataclass

from support_api.domain.vocabulary import Purpose


@dataclass(frozen=True, slots=True, order=True)
class Registered:
    """A processing activity (verwerkingsactiviteit) of one client. `activity` is its URI in the public register."""

    activity: str
    purpose: Purpose
    legal_basis: str
    client: str
