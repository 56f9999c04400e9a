"""HTML in the house style, under a content security policy that lets in nothing from elsewhere.

Everything that a page shows goes through a template that escapes. There are no inline scripts and styles: the policy
would refuse them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from litestar import Response

from support_api.http.pages.static import STATIC, File
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

    def response(self, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
        told = {**self.headers, **(headers or {})}
        return Response(self.body, status_code=status, media_type="text/html", headers=told)


class Layout:
    """Makes the pages of one service. `templates`: where some are besides the package's own, which each of them may
    extend (`{% extends "layout.html" %}`); `files`: what these load besides the package's own."""

    def __init__(self, public_url: str, *templates: Path, files: Mapping[str, File] | None = None) -> None:
        self._root = urlsplit(public_url).path.rstrip("/")
        self._templates = _environment(templates)
        self._files = {**STATIC, **(files or {})}

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
        file = self._files[name]
        return f"{self._root}{file.address}?v={file.tag}"


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
