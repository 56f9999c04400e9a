"""The page on which one chooses whom to be: plain Dutch, without a script."""

from urllib.parse import urlsplit

from litestar import Response

from support_api.demo.house import layout
from support_api.demo.load import Person
from support_api.demo.login.asking import CLIENTS, Asked
from support_api.demo.login.claims import FULL_NAMES
from support_api.domain.vocabulary import Role

_HOUSE = layout("")
# Without a referrer the form would come from nowhere: its Origin would be null.
_HEADERS = {"Referrer-Policy": "same-origin"}


def login(asked: Asked, people: list[Person], *, forgotten: bool = False) -> Response[bytes]:
    """`forgotten`: it was sent without a choice."""
    page = _HOUSE.page(
        "log-in.html",
        language="nl",
        policy={**_STRICT, "form-action": f"'self'{_way_back(asked.redirect_uri)}"},
        client=CLIENTS[asked.client_id],
        place=urlsplit(asked.redirect_uri).netloc,
        parameters=asked.parameters,
        choices=[(each.name, _words(each), each.name == asked.hint) for each in people],
        forgotten=forgotten,
    )
    return page.response(400 if forgotten else 200, _HEADERS)


def mistake(what: str) -> Response[bytes]:
    """Nobody is sent anywhere."""
    page = _HOUSE.page("log-in-mistake.html", language="nl", policy=_STRICT, what=what)
    return page.response(400, _HEADERS)


# No scripts at all.
_STRICT = {"default-src": "'none'", "style-src": "'self'", "img-src": "'self'"}


def _words(person: Person) -> tuple[str, str]:
    name = FULL_NAMES.get(person.name, person.name)
    return name, f"{Role(person.role).dutch} in {person.municipality.capitalize()}"


def _way_back(redirect_uri: str) -> str:
    """Browsers hold a form to `form-action` through its redirects. The policy has no words for an IPv6 address."""
    netloc = urlsplit(redirect_uri).netloc
    return " http:" if netloc.startswith("[") else f" http://{netloc}"
