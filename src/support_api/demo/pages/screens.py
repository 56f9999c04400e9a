"""/demo/screen: an example of a front end, which calls the API from the browser as the person who logged in."""

from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from support_api.demo.folder import read_address, read_people
from support_api.demo.here import only_here
from support_api.demo.house import STATIC, layout
from support_api.http.pages import static
from support_api.http.problems import Problem


def handlers(folder: Path) -> list[HTTPRouteHandler]:
    house = layout(read_address(folder))

    @get("/demo/screen", guards=[only_here], sync_to_thread=True)
    def screen(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Whose: `as`. Without it, whoever comes back from the log-in."""
        asked = request.query_params.get("as")
        people = {person.name: person for person in read_people(folder)}
        if asked is not None and asked not in people:
            raise Problem("not_found")
        return house.page("screen.html", language="nl", person=people.get(asked or "")).response()

    return [screen, *static.handlers(STATIC)]
