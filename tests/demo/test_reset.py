"""A demo that runs can be put back as it was loaded: same people, ids and tokens, and nothing of what came after."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGKILL
from threading import Event
from typing import Any
from uuid import uuid4

import httpx
import pytest

from support_api.demo.anew import Wish
from tests.contract.check import watch
from tests.demo.conftest import Demo
from tests.demo.test_stopping import end, portrait, started, texts, write
from tests.processes import eventually

pytestmark = pytest.mark.slow


def posted(demo: Demo, path: str, said: Any = None, **headers: str) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=30, event_hooks={"response": [watch]}) as client:
        return client.post(demo.address + path, json=said, headers=headers)


def put_back(demo: Demo) -> None:
    answer = posted(demo, "/demo/reset")
    assert (answer.status_code, answer.json()["status"], answer.json()["aheadSeconds"]) == (200, "as loaded", 0)


def ids(demo: Demo) -> list[str]:
    return [item["id"] for item in demo.call("fien", "GET", portrait(demo)).json()["results"]]


@pytest.fixture(scope="module")
def own(above: Path) -> Iterator[Demo]:
    with started(above / uuid4().hex) as made:
        yield made


def test_twice_in_a_row_everything_is_as_it_was_loaded(own: Demo) -> None:
    before, address = ids(own), portrait(own)
    for _ in range(2):
        write(own, "Iets wat er straks niet meer is.")
        posted(own, "/demo/clock", {"forward": "30d"})
        assert len(ids(own)) == len(before) + 1
        put_back(own)
        eventually(lambda: own.call("fien", "GET", "/v1/me").status_code == 200, "recovery", 5)
        assert (ids(own), portrait(own)) == (before, address)
    write(own, "En er kan weer geschreven worden.")
    assert len(texts(own)) == len(before) + 1


def test_under_running_requests_nothing_hangs_or_crashes(own: Demo) -> None:
    """Meanwhile callers are told to come back: 503 with `Retry-After`, or what was in progress is 409."""
    address, over, seen, slow = portrait(own), Event(), Counter[int](), []
    headers = {"Authorization": f"Bearer {own.token('fien')}"}

    def call() -> None:
        with httpx.Client(base_url=own.address, trust_env=False, timeout=15, headers=headers) as client:
            client.event_hooks = {"response": [watch]}
            while not over.is_set():
                answers = [client.get(address)]
                key = {"Idempotency-Key": uuid4().hex}
                answers.append(client.post(address, json={"kind": "joy", "text": "Druk."}, headers=key))
                for answer in answers:
                    seen[answer.status_code] += 1
                    slow.extend([answer] if answer.elapsed.total_seconds() > 9 else [])
                    assert answer.status_code != 503 or answer.headers["retry-after"]

    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(call) for _ in range(6)]
        try:
            for _ in range(3):
                put_back(own)
        finally:
            over.set()
        for each in calls:
            each.result()
    assert set(seen) <= {200, 201, 409, 503}
    assert seen[200] > 0
    assert seen[201] > 0
    assert slow == []
    put_back(own)
    assert len(texts(own)) == 9


def test_a_page_from_elsewhere_resets_nothing(own: Demo) -> None:
    write(own, "Dit blijft staan.")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert posted(own, "/demo/reset", **headers).status_code in (403, 404)
    assert "Dit blijft staan." in texts(own)
    assert posted(own, "/demo/reset", Origin="http://localhost:5173").status_code == 200


def test_broken_off_half_way_it_is_done_at_the_next_start(above: Path) -> None:
    """A kill leaves no time for anything. What was asked for is done then, and both databases belong together."""
    folder = above / uuid4().hex
    with started(folder) as demo:
        written = "Van voor het terugzetten."
        write(demo, written)
        Wish(folder).make()
        end(demo, SIGKILL)
    Wish(folder).make()
    with started(folder) as demo:
        assert len(texts(demo)) == 9
        assert not Wish(folder)
        write(demo, "En er kan geschreven worden.")
        assert end(demo, SIGKILL) != 0
