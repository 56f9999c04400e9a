"""What a browser does with the log-in page of the demo, without one."""

import base64
import hashlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from support_api.demo.cast import FRONT_END

BACK = "http://localhost:5173/back?from=demo"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
QUESTION = {
    "response_type": "code",
    "client_id": FRONT_END,
    "redirect_uri": BACK,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "state": "a state & more",
}


class Page(HTMLParser):
    """The one form of a page, and whether something stands in it that the policy would keep from working."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: list[tuple[str, str]] = []
        self.people: list[str] = []
        self.chosen: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.inline += [tag] if tag in ("script", "style") else []
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "form":
            self.action = found["action"]
        elif found.get("type") == "hidden":
            self.hidden.append((found["name"], found["value"]))
        elif found.get("type") == "radio":
            self.people.append(found["value"])
            self.chosen += [found["value"]] if "checked" in found else []


@dataclass
class Browser:
    client: httpx.AsyncClient

    async def opens(self, question: Any = None, **changes: str | None) -> httpx.Response:
        """Goes where a front end sends it; a parameter of None is left out."""
        return await self.client.get("/demo/authorize?" + urlencode(question or asking(**changes)))

    async def chooses(self, page: httpx.Response, person: str | None, **more: str) -> httpx.Response:
        """As the form is sent: its action, its hidden fields, the choice, and where it comes from."""
        form = Page(page.text)
        fields = [*form.hidden, *more.items(), *([("person", person)] if person else [])]
        origin = {"Origin": str(self.client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", **origin}
        return await self.client.post(form.action, content=urlencode(fields), headers=headers)

    async def logs_in(self, person: str, **changes: str | None) -> str:
        """The code with which it comes back."""
        came_back = await self.chooses(await self.opens(**changes), person)
        return answer_of(came_back)["code"]

    async def exchanges(self, code: str, **changes: str | None) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": FRONT_END,
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        return await self.client.post("/demo/token", data={n: v for n, v in form.items() if v is not None})


def asking(**changes: str | None) -> dict[str, str]:
    return {name: value for name, value in {**QUESTION, **changes}.items() if value is not None}


def answer_of(response: httpx.Response) -> dict[str, str]:
    """What the client gets, at its own address and nowhere else."""
    assert response.status_code == 303, response.text
    place = response.headers["location"]
    assert place.startswith(BACK + "&")
    pairs = parse_qsl(urlsplit(place).query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)
