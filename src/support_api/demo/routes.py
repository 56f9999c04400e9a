"""What stands under `/demo`, in the demo alone."""

from pathlib import Path

from litestar import get
from litestar.handlers import HTTPRouteHandler

from support_api.demo import controls
from support_api.demo.anew import Wish
from support_api.demo.clock import Clock
from support_api.demo.folder import CODES, public, read_issuer, read_people
from support_api.demo.here import only_here
from support_api.demo.load import Person
from support_api.demo.login import routes as login
from support_api.demo.login.codes import Codes
from support_api.demo.login.exchanging import Exchange
from support_api.demo.login.provider import Provider
from support_api.demo.pages import screens
from support_api.domain.vocabulary import Role


def handlers(folder: Path, clock: Clock) -> list[HTTPRouteHandler]:
    people = read_people(folder)

    @get("/demo/people", guards=[only_here])
    async def everybody() -> list[dict[str, str | None]]:
        return [public(person) for person in people]

    return [everybody, *screens.handlers(folder), *controls.handlers(clock, Wish(folder)), *_login(folder, people)]


def _login(folder: Path, people: list[Person]) -> list[HTTPRouteHandler]:
    """Systems don't log in here, and programs have `support-api token`."""
    issuer = read_issuer(folder)
    codes = Codes(issuer, folder / CODES)
    persons = [each for each in people if each.role != Role.EXTERNAL_SYSTEM]
    return login.handlers(Provider(issuer, persons, codes), Exchange(issuer, persons, codes))
