"""HTML in the house style, under a content security policy that lets in nothing from elsewhere.

Everything that a page shows goes through a template that escapes. There are no inline scripts and styles: the policy
would refuse them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from litestar import Response

from support_api.http.pages.static import STATIC
from support_api.http.shell import API_VERSION

_HERE = Path(__file__).parent / "templates"
_POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What is sent, for whoever sends it."""

    body: bytes
    headers: dict[str, str]

    def response(self) -> Response[bytes]:
        return Response(self.body, media_type="text/html", headers=self.headers)


class Layout:
    """Makes the pages of one service. `folders`: where templates are besides the package's own, which each of them
    may extend (`{% extends "layout.html" %}`)."""

    def __init__(self, public_url: str, *folders: Path) -> None:
        self._root = urlsplit(public_url).path.rstrip("/")
        self._templates = _environment(folders)

    def page(self, template: str, *, language: str = "en", policy: dict[str, str] | None = None, **facts: Any) -> Page:
        """`policy` replaces parts of the content security policy, or adds to them."""
        given = {"language": language, "root": self._root, "version": API_VERSION, "static": self.static, **facts}
        body = self._templates.get_template(template).render(given).encode()
        parts = {**_POLICY, **(policy or {})}
        headers = {
            "Content-Language": language,
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in parts.items()),
        }
        return Page(body, headers)

    def static(self, name: str) -> str:
        """The address of a file of ours: another one when the file changes, so that it may be kept for long."""
        return f"{self._root}/static/{name}?v={STATIC[name].tag}"


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in (*folders, _HERE)])
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
