"""The files that pages need, each by its own name: nothing is looked up in a folder that a caller names."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

_HERE = Path(__file__).parent
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_FOR_A_YEAR, _ASK_FIRST = "public, max-age=31536000, immutable", "public, no-cache"


@dataclass(frozen=True, slots=True)
class File:
    address: str
    path: Path
    media_type: str
    tag: str


def files(prefix: str, *folders: Path) -> dict[str, File]:
    """By name, what is in these folders now and a page can load."""
    return {path.name: _file(prefix, path) for folder in folders for path in _loadable(folder)}


def _loadable(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.suffix in _TYPES)


def _file(prefix: str, path: Path) -> File:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return File(f"{prefix}/{path.name}", path, _TYPES[path.suffix], digest[:16])


STATIC = files("/static", _HERE / "static", _HERE / "vendor/swagger-ui")


def handlers(found: dict[str, File]) -> list[HTTPRouteHandler]:
    return [_handler(file) for file in found.values()]


def _handler(file: File) -> HTTPRouteHandler:
    @get(file.address, name=file.address, sync_to_thread=True)
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
