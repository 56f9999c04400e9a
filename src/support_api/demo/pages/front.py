"""The start page of the demo: who one can be, and what to try."""

from collections.abc import Iterator
from pathlib import Path

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from support_api.demo.folder import read_people
from support_api.demo.here import only_here
from support_api.demo.house import layout
from support_api.demo.load import Person
from support_api.demo.login.claims import FULL_NAMES
from support_api.demo.ready import ready_made
from support_api.domain.vocabulary import Role

_CAN: dict[Role, str] = {
    Role.RESIDENT: "reads who looked, and decides who may read what",
    Role.WORKER: "reads the briefings of the residents whom they work with now",
    Role.TEAM_LEAD: "records residents, and assigns workers to them",
    Role.PRIVACY_OFFICER: "sees who works with whom, the decisions and the access log; no stories",
    Role.EXTERNAL_SYSTEM: "reads for a worker, as far as that worker may",
}
_ALSO = {
    "fien": "She told her story 24 times.",
    "teun": "Is Fien’s 25th worker, since yesterday.",
    "sanne": "Stopped working with Fien, and sees nothing of her any more.",
}
# Whoever has a screen here, in the order in which they are worth a visit.
_SCREENS = ("teun", "fien", "sanne", "noor", "abel")


def front(public_url: str, folder: Path) -> HTTPRouteHandler:
    house = layout(public_url)

    @get("/", name="start page of the demo", guards=[only_here], sync_to_thread=True)
    def start() -> Response[bytes]:
        people = read_people(folder)
        by_name = {person.name: person for person in people}
        return house.page(
            "demo-start.html",
            flagship=by_name["teun"],
            people=list(_told(people)),
            requests=[(each, by_name[each.person], each.curl(public_url, folder)) for each in ready_made(people)],
        ).response()

    return start


def _told(people: list[Person]) -> Iterator[dict[str, str | bool]]:
    order = {name: place for place, name in enumerate(_SCREENS)}
    for person in sorted(people, key=lambda each: order.get(each.name, len(order))):
        role = Role(person.role)
        yield {
            "name": person.name,
            "full_name": FULL_NAMES.get(person.name, person.name),
            "role": role.english,
            "municipality": person.municipality.capitalize(),
            "can": _CAN[role],
            "also": _ALSO.get(person.name, ""),
            "screen": person.name in order,
        }
