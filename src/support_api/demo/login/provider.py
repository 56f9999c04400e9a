"""From the question of a front end to its answer: the page, the choice, and the way back."""

from collections.abc import Callable

from litestar import Response

from support_api.demo.issuer import DemoIssuer
from support_api.demo.load import Person
from support_api.demo.login import page
from support_api.demo.login.asking import Asked, SentBack, Unusable, asked, parameters
from support_api.demo.login.codes import Codes

Use = Callable[[Asked, dict[str, str]], Response[bytes]]


class Provider:
    def __init__(self, issuer: DemoIssuer, people: list[Person], codes: Codes) -> None:
        self.issuer = issuer
        self._people = people
        self._codes = codes

    def ask(self, raw: bytes) -> Response[bytes]:
        return self._answered(raw, lambda question, _: page.login(question, self._people))

    def choose(self, raw: bytes) -> Response[bytes]:
        """What the page sends, with the question again: it is looked at as if it were new."""
        return self._answered(raw, self._chosen)

    def _answered(self, raw: bytes, use: Use) -> Response[bytes]:
        try:
            given = parameters(raw)
            return use(asked(given, self.issuer.name), dict(given))
        except Unusable as wrong:
            return page.mistake(str(wrong))
        except SentBack as wrong:
            return _sent(wrong.to)

    def _chosen(self, question: Asked, given: dict[str, str]) -> Response[bytes]:
        if "cancel" in given:
            said = "whoever was asked did not want to log in"
            return _sent(question.back(self.issuer.name, error="access_denied", error_description=said))
        person = given.get("person", "")
        if person not in {each.name for each in self._people}:
            return page.login(question, self._people, forgotten=True)
        return _sent(question.back(self.issuer.name, code=self._codes.new(question, person)))


def _sent(to: str) -> Response[bytes]:
    """303, so that what was posted is not posted on."""
    return Response(b"", status_code=303, headers={"Location": to})
