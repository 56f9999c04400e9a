"""The tables in docs/running.md that are made from the code. `make tables` writes them."""

import re
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from support_api.management import OF_THE_PARENT
from support_api.metrics import METRICS
from support_api.settings import IssuerSettings, Settings
from tests.deploy.running_page import PAGE


def shown(field: FieldInfo) -> str:
    """A default as the page shows it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), [], {}):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" for each in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def rows(model: type[BaseModel], first: str, prefix: str) -> list[str]:
    found = [f"| {first} | default | meaning |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        if not field.description:
            raise ValueError(f"{name}: say in its description what it means")
        spelled = prefix + name.upper() if prefix else name
        found.append(f"| `{spelled}` | {shown(field)} | {field.description} |")
    return found


def metrics() -> list[str]:
    found = ["| metric | labels | says |", "|---|---|---|"]
    for each in (*METRICS, *OF_THE_PARENT):
        labels = ", ".join(f"`{label}`" for label in each.labels) or "none"
        found.append(f"| `{each.name}` | {labels} | {each.help} |")
    return found


TABLES: dict[str, Callable[[], list[str]]] = {
    "settings": lambda: rows(Settings, "variable", "SUPPORT_API_"),
    "issuers": lambda: rows(IssuerSettings, "field", ""),
    "metrics": metrics,
}


def marked(name: str, text: str) -> re.Match[str]:
    found = re.search(rf"(?<=<!-- {name}: make tables -->\n\n).*?(?=\n\n<!-- end -->)", text, re.S)
    if found is None:
        raise LookupError(f"the page has no place for {name}")
    return found


def written(text: str) -> str:
    """The page with its tables as the settings have them."""
    for name, made in TABLES.items():
        old = marked(name, text)
        text = text[: old.start()] + "\n".join(made()) + text[old.end() :]
    return text


def main(page: Path = PAGE) -> None:
    page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
