"""The page on which one chooses whom to be: plain Dutch, without a script."""

from html import escape
from urllib.parse import urlsplit

from litestar import MediaType, Response

from support_api.demo.load import Person
from support_api.demo.login.asking import CLIENTS, Asked
from support_api.demo.login.claims import FULL_NAMES
from support_api.domain.vocabulary import Role

_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - demo van Support API</title>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def login(asked: Asked, people: list[Person], *, forgotten: bool = False) -> Response[bytes]:
    """`forgotten`: it was sent without a choice."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.parameters
    )
    error = '<p id="fout" role="alert">Kies eerst wie je bent.</p>\n' if forgotten else ""
    described = ' aria-describedby="fout"' if forgotten else ""
    content = (
        f"<p>Dit is een demo. Iedereen hieronder is verzonnen, dus er is geen wachtwoord.</p>\n"
        f"<p>{escape(CLIENTS[asked.client_id])} vraagt wie je bent. "
        f"Daarna ga je terug naar {escape(urlsplit(asked.redirect_uri).netloc)}.</p>\n"
        f'{error}<form method="post" action="/demo/login">\n{hidden}\n'
        f"<fieldset{described}>\n<legend>Wie ben je?</legend>\n"
        f"{_choices(people, asked.hint)}\n</fieldset>\n"
        '<p><button type="submit">Inloggen</button>\n'
        '<button type="submit" name="cancel" value="yes" formnovalidate>Niet inloggen</button></p>\n</form>'
    )
    return _page("Kies wie je bent", content, 400 if forgotten else 200, _way_back(asked.redirect_uri))


def mistake(what: str) -> Response[bytes]:
    """Nobody is sent anywhere."""
    content = f"<p>Er klopt iets niet aan de vraag van de toepassing waar je vandaan komt.</p>\n<p>{escape(what)}</p>"
    return _page("Inloggen kan zo niet", content, 400, "")


def _choices(people: list[Person], hint: str) -> str:
    return "\n".join(
        f'<p><label><input type="radio" name="person" value="{escape(each.name)}" required'
        f"{' checked' if each.name == hint else ''}> {escape(_words(each))}</label></p>"
        for each in people
    )


def _words(person: Person) -> str:
    name = FULL_NAMES.get(person.name, person.name)
    return f"{name}, {Role(person.role).dutch} in {person.municipality.capitalize()}"


def _way_back(redirect_uri: str) -> str:
    """Browsers hold a form to `form-action` through its redirects. The policy has no words for an IPv6 address."""
    netloc = urlsplit(redirect_uri).netloc
    return " http:" if netloc.startswith("[") else f" http://{netloc}"


def _page(title: str, content: str, status: int, form_action: str) -> Response[bytes]:
    policy = f"default-src 'none'; form-action 'self'{form_action}; frame-ancestors 'none'; base-uri 'none'"
    return Response(
        _PAGE.format(title=title, content=content).encode(),
        status_code=status,
        media_type=MediaType.HTML,
        # Without a referrer the form would come from nowhere: its Origin would be null.
        headers={"Content-Security-Policy": policy, "Referrer-Policy": "same-origin", "Content-Language": "nl"},
    )
