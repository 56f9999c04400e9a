"""The pages of the demo, in the house style of the package's own."""

from pathlib import Path

from support_api.http.pages.layout import Layout
from support_api.http.pages.static import files

_HERE = Path(__file__).parent / "pages"
STATIC = files("/demo/static", _HERE / "static")


def layout(public_url: str) -> Layout:
    return Layout(public_url, _HERE / "templates", files=STATIC)
