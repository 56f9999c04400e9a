"""The files that pages need, each by its own name: nothing is looked up in a folder that a caller names."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "static", _HERE / "vendor/swagger-ui")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_FOR_A_YEAR, _ASK_FIRST = "public, max-age=31536000, immutable", "public, no-cache"


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    media_type: str
    tag: str


def _found() -> Iterator[tuple[str, File]]:
    for path in sorted(path for folder in _FOLDERS for path in folder.iterdir() if path.suffix in _TYPES):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield path.name, File(path, _TYPES[path.suffix], digest[:16])


STATIC = dict(_found())


def handlers() -> list[HTTPRouteHandler]:
    return [_handler(name, file) for name, file in STATIC.items()]


def _handler(name: str, file: File) -> HTTPRouteHandler:
    @get(f"/static/{name}", name=f"static {name}", sync_to_thread=True)
    def static(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _answer(file, request)

    return static


def _answer(file: File, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Whoever names the version that it wants may keep it; others ask again whether it changed."""
    tag = f'"{file.tag}"'
    kept = _FOR_A_YEAR if request.query_params.get("v") == file.tag else _ASK_FIRST
    headers = {"ETag": tag, "Cache-Control": kept}
    if tag in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")):
        return Response(b"", status_code=304, headers=headers)
    return Response(file.path.read_bytes(), media_type=file.media_type, headers=headers)
