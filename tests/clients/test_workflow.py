"""The workflow of each client against a service that runs, with a server in between that stumbles."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.clients.between import Between, Stumble, between
from tests.clients.making import Copy
from tests.conftest import World
from tests.processes import environment
from tests.sites import Site, served

pytestmark = pytest.mark.slow
LANGUAGES = ["python", pytest.param("typescript", marks=pytest.mark.node)]
TOLD = """recorded once: yes
Fien says: confirmed
changed after 412: version 3
Je bent de 25e medewerker die Fien ontmoet.
Teun reads it: yes
more than a page of lines: yes; the last: Teun Demo las je briefing. Doel: begeleiding.
409 already_decided Wijzig de notitie zelf, of verwijder haar.
404 not_found
400 invalid_input /shortVersion too_short
"""
_TOKENS = """import json, pathlib, sys
here, who = pathlib.Path(__file__).parent, sys.argv[1]
with (here / "asked").open("a") as asked:
    asked.write(who + "\\n")
print(json.loads((here / "tokens.json").read_text())[who])
"""


@dataclass(frozen=True)
class Setting:
    """A service, what stands between, and who prints the tokens."""

    folder: Path
    between: Between

    async def run(self, copy: Copy, language: str) -> "subprocess.CompletedProcess[str]":
        command = {
            "python": (sys.executable, str(copy.python / "workflow.py")),
            "typescript": ("node", str(copy.typescript / "dist" / "workflow.js")),
        }[language]
        environ = environment(
            SUPPORT_API=f"{self.between.address}/v1", TOKEN_COMMAND=f"{sys.executable} {self.folder / 'tokens.py'}"
        )
        return await asyncio.to_thread(
            subprocess.run, command, env=environ, capture_output=True, text=True, timeout=60, check=False
        )

    @property
    def tokens(self) -> list[str]:
        """For whom one was asked, in order."""
        return (self.folder / "asked").read_text().split()


@asynccontextmanager
async def setting(site: Site, *stumbles: Stumble, public: str = "") -> AsyncIterator[Setting]:
    with between(*stumbles) as made:
        async with served(site, SUPPORT_API_PUBLIC_URL=public or made.address) as (_, world):
            made.service = str(world.client.base_url).rstrip("/")
            yield Setting(with_tokens(site.logs, world), made)


def with_tokens(folder: Path, world: World) -> Path:
    (folder / "tokens.json").write_text(json.dumps({who: world.token(who) for who in ("teun", "fien")}))
    (folder / "tokens.py").write_text(_TOKENS)
    return folder


@pytest.fixture
def copy(request: pytest.FixtureRequest, language: str) -> Copy:
    made: Copy = request.getfixturevalue(language)
    return made


def keys(setting: Setting) -> list[str]:
    return [each.headers["idempotency-key"] for each in setting.between.of("POST", "/baggage-notes")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_workflow_comes_through_whatever_stumbles_once(light_site: Site, copy: Copy, language: str) -> None:
    """A token that is refused is renewed once, what is busy is asked again when it said, with the same key."""
    busy = Stumble("POST", "/baggage-notes", 503, {"Retry-After": "1"})
    often = Stumble("GET", "/working-relationships", 429, {"Retry-After": "0"}, times=2)
    refused = Stumble("POST", "/_search", 401)
    async with setting(light_site, busy, often, refused) as here:
        done = await here.run(copy, language)
        assert (done.stdout, done.stderr) == (TOLD, "")
        first, second, third, other = keys(here)
        assert first == second == third != other, "the same note has the same key, each time"
        notes = here.between.of("POST", "/baggage-notes")
        assert [each.status for each in notes] == [503, 201, 201, 400]
        assert notes[1].at - notes[0].at >= 1, "not before Retry-After"
        assert [each.status for each in here.between.of("GET", "/working-relationships")] == [429, 429, 200]
        searches = here.between.of("POST", "/_search")
        assert [each.status for each in searches] == [401, 200]
        assert searches[0].headers["idempotency-key"] == searches[1].headers["idempotency-key"]
        assert here.tokens == ["teun", "teun", "fien"], "a token is used until it is refused"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_pages_by_the_addresses_that_it_is_given(light_site: Site, copy: Copy, language: str) -> None:
    async with setting(light_site) as here:
        assert (await here.run(copy, language)).stdout == TOLD
        pages = here.between.of("GET", "/access-log")
        assert len(pages) > 1
        assert "cursor" not in pages[0].path
        assert all("cursor=" in each.path and "limit=10" in each.path for each in pages[1:])
        workers = [each for each in here.between.passed if each.headers.get("processing-purpose")]
        assert {each.headers["processing-purpose"] for each in workers} == {"support"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("stumble", "calls", "tokens", "told"),
    [
        (Stumble("POST", "/_search", 503, {"Retry-After": "0"}, times=99), 4, 1, "503 unknown"),
        (Stumble("POST", "/_search", 401, times=99), 2, 2, "401 unknown"),
        (Stumble("POST", "/_search", 502, times=99), 1, 1, "502 unknown"),
        (
            Stumble("POST", "/_search", 403, {"Content-Type": "application/problem+json"}, times=99, body=b"{}"),
            1,
            1,
            "403 unknown",
        ),
    ],
    ids=["busy", "refused", "broken", "no problem"],
)
async def test_it_gives_up_in_time_and_says_why(
    copy: Copy, language: str, tmp_path: Path, stumble: Stumble, calls: int, tokens: int, told: str
) -> None:
    with between(stumble) as made:
        (tmp_path / "tokens.json").write_text('{"teun": "t"}')
        (tmp_path / "tokens.py").write_text(_TOKENS)
        here = Setting(tmp_path, made)
        done = await here.run(copy, language)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(told)
        assert (len(made.passed), len(here.tokens)) == (calls, tokens)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_token_goes_nowhere_else(light_site: Site, copy: Copy, language: str) -> None:
    """The address of the next page is of another host: it is not called."""
    with between() as elsewhere:
        async with setting(light_site, public=elsewhere.address) as here:
            done = await here.run(copy, language)
            assert done.returncode == 1
            assert f"{here.between.address}/v1" in done.stderr
            assert "is not where its lists go on" in done.stderr
            assert elsewhere.passed == []


# --- controls: clients that do it wrong


def broken(copy: Copy, folder: Path, file: str, right: str, wrong: str) -> Copy:
    made = replace(copy, python=folder / "python")
    shutil.copytree(copy.python, made.python)
    code = (made.python / file).read_text()
    assert code.count(right) == 1
    (made.python / file).write_text(code.replace(right, wrong))
    return made


@pytest.mark.parametrize(
    ("file", "right", "wrong", "seen"),
    [
        (
            "workflow.py",
            "again = steps.record_note(teun, resident, SAID, key)",
            "again = recorded",
            "recorded once: no",
        ),
        ("calling.py", "TRIES = 4", "TRIES = 1", "503"),
        ("steps.py", "refused.status != 412", "True", "412 stale"),
    ],
    ids=["not repeated", "no patience", "no second look"],
)
async def test_control_a_client_that_gives_up_is_seen(
    light_site: Site, python: Copy, tmp_path: Path, file: str, right: str, wrong: str, seen: str
) -> None:
    copy = broken(python, tmp_path, file, right, wrong)
    async with setting(light_site, Stumble("POST", "/baggage-notes", 503, {"Retry-After": "0"})) as here:
        done = await here.run(copy, "python")
        assert done.stdout != TOLD
        assert seen in done.stdout + done.stderr


async def test_control_a_client_that_follows_anywhere_is_seen(light_site: Site, python: Copy, tmp_path: Path) -> None:
    copy = broken(python, tmp_path, "calling.py", "if not page.next_.startswith(str(http.base_url))", "if False")
    with between(Stumble("GET", "/access-log", 404)) as elsewhere:
        async with setting(light_site, public=elsewhere.address) as here:
            await here.run(copy, "python")
            assert "authorization" in elsewhere.passed[0].headers
