"""What each caller needs around the generated client: a token, patience, errors and pages."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar
from uuid import uuid4

import httpx
from support_api_client import AuthenticatedClient
from support_api_client.models.problem import Problem
from support_api_client.models.purpose import Purpose
from support_api_client.types import Response

T = TypeVar("T")
TRIES = 4


# region connect
def connect(base_url: str, token: Callable[[], str], purpose: Purpose | None = None) -> AuthenticatedClient:
    """`purpose` is what all calls of this client are for; a resident needs none."""
    http = httpx.Client(
        base_url=base_url,
        headers={"Processing-Purpose": purpose.value} if purpose else {},
        transport=Patient(token),
        event_hooks={"response": [refuse]},
        timeout=30,
    )
    return AuthenticatedClient(base_url=base_url, token="").set_httpx_client(http)


# endregion


class Patient(httpx.HTTPTransport):
    """A new token after 401, once. After 429 and 503 the same request again, so with the same key."""

    def __init__(self, token: Callable[[], str]) -> None:
        super().__init__()
        self._token, self._bearer = token, ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", str(uuid4()))
        renewed = False
        for tries in range(1, TRIES + 1):
            self._bearer = self._bearer or self._token()
            request.headers["Authorization"] = f"Bearer {self._bearer}"
            answer = super().handle_request(request)
            refused = answer.status_code == 401 and not renewed
            busy = answer.status_code in (429, 503)
            if not (refused or busy) or tries == TRIES:
                break
            answer.close()
            if refused:
                renewed, self._bearer = True, ""
            else:
                seconds = answer.headers.get("Retry-After", "")
                time.sleep(int(seconds) if seconds.isdigit() else 1)
        return answer


class Refused(Exception):
    """Without a problem it was something on the way that answered, in a form of its own."""

    def __init__(self, status: int, problem: Problem | None) -> None:
        super().__init__(problem.detail if problem else f"the answer was {status}")
        self.status = status
        self.code = problem.code if problem else "unknown"
        self.next_step = (problem and problem.next_step) or ""
        self.invalid_params = (problem and problem.invalid_params) or []


def refuse(answer: httpx.Response) -> None:
    """Raises Refused for any answer that is not a good one."""
    if answer.status_code >= 400:
        answer.read()
        raise Refused(answer.status_code, _problem(answer))


def _problem(answer: httpx.Response) -> Problem | None:
    try:
        return Problem.from_dict(answer.json())
    except (KeyError, TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Answer(Generic[T]):
    body: T
    tag: str
    replayed: bool


def answered(response: Response[T | Problem]) -> Answer[T]:
    """The body of a good answer, with its tag."""
    if response.parsed is None or isinstance(response.parsed, Problem):
        raise Refused(response.status_code, response.parsed)
    replayed = response.headers.get("Idempotent-Replayed") == "true"
    return Answer(response.parsed, response.headers.get("ETag", ""), replayed)


# region pages
class Page(Protocol):
    @property
    def next_(self) -> str | None: ...

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self: ...


P = TypeVar("P", bound=Page)


def pages(api: AuthenticatedClient, first: Response[P | Problem]) -> Iterator[P]:
    """`next` is called as it is, and only where the token may go."""
    http = api.get_httpx_client()
    page = answered(first).body
    yield page
    while page.next_ is not None:
        if not page.next_.startswith(str(http.base_url)):
            raise ValueError(f"{http.base_url} is not where its lists go on")
        page = page.from_dict(http.get(page.next_).json())
        yield page


# endregion
