"""What integrators and residents look up: the lists of codes, the words, and what the municipality has registered."""

from support_api.db import directory
from support_api.domain.actions import Action
from support_api.domain.register import Registered
from support_api.services.work import Work


async def look_up(work: Work) -> None:
    """For whoever is known here; the lists are the same for everybody. Raises Hidden for somebody unknown."""
    await work.identify()
    work.record(Action.REFERENCE_READ, None)


async def registered(work: Work) -> tuple[Registered, ...]:
    """The processing activities of this municipality, in the order of their URIs."""
    await look_up(work)
    return tuple(sorted(await directory.activities(work.tx), key=_place))


def _place(one: Registered) -> tuple[str, str, str, str]:
    return one.activity.uri, one.purpose, one.activity.legal_basis, one.client
