"""What stands under `/demo`, in the demo alone."""

from litestar import get
from litestar.handlers import HTTPRouteHandler

from support_api.demo.folder import public
from support_api.demo.here import only_here
from support_api.demo.load import Person


def handlers(people: list[Person]) -> list[HTTPRouteHandler]:
    @get("/demo/people", guards=[only_here])
    async def everybody() -> list[dict[str, str | None]]:
        return [public(person) for person in people]

    return [everybody]
