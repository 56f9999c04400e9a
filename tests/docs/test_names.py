"""What the guides name is there by that name."""

import pytest

from tests.docs.names import faults
from tests.docs.pages import ROOT, Page, guides

PAGES = {page.name: page for page in guides()}
HERE = ROOT / "docs" / "running.md"


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_names_is_there(name: str) -> None:
    assert faults(PAGES[name]) == []


RIGHT = [
    "`make demo PORT=8010`",
    "`make`",
    "```sh\nmake check\n```",
    "`support-api token --as teun`",
    "`.venv/bin/support-api demo --reset`",
    '```sh\ncurl -H "$(.venv/bin/support-api token --as teun)" http://127.0.0.1:8000/demo --json x\n```',
    "`support-api client add --municipality x --purpose y`",
    "`SUPPORT_API_PORT`",
    "`GET /v1/me`",
    "`/v1/residents/{id}/consents`",
    "`POST …/briefing/_stop`",
    "```mermaid\nsequenceDiagram\n    W->>A: PATCH …/briefing (leave out)\n```",
    "`src/support_api/app.py`",
    "`requirements/`",
    "`tests/docs/test_names.py::test_what_a_page_names_is_there`",
    "`adr/template.md`",
    "`logs.py`",
    "403 `scope_missing`",
    "`portrait:read` and `portrait_item:create`",
]
WRONG = [
    "`make demonstration`",
    "```sh\nmake chekc\n```",
    "`support-api tokens`",
    "`support-api token --who teun`",
    "`support-api client remove`",
    "```sh\nx=$(.venv/bin/support-api token --for teun)\n```",
    "```sh\nsupport-api client add \\\n  --goal support\n```",
    "`SUPPORT_API_PORTS`",
    "`GET /v1/mine`",
    "`/v1/residents/{id}/consent`",
    "`POST …/briefing/_halt`",
    "```mermaid\nsequenceDiagram\n    W->>A: PATCH …/briefings\n```",
    "`src/support_api/apps.py`",
    "`deploy/apache/`",
    "`tests/docs/test_nothing.py::test_nothing`",
    "`log.py`",
    "403 `scope_lacking`",
    "401 `scope_missing`",
    "`portraits:read`",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_there_is_no_fault(text: str) -> None:
    assert faults(Page(HERE, text)) == []


@pytest.mark.parametrize("text", WRONG)
def test_what_is_not_there_is_found(text: str) -> None:
    assert len(faults(Page(HERE, text))) == 1
