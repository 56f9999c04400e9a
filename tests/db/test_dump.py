"""Wall 3: whoever gets the whole database, key store included, reads structure and never a word (access.md)."""

import base64
import json
import re

import pytest

from support_api.demo.cast import FIEN_BSN, FIEN_PRIVATE
from tests.conftest import KEYRING, World
from tests.db.backup import dump
from tests.db.words import PUBLIC, found, secret_texts

TOLD = "De taart van Loes was voor iedereen."
pytestmark = pytest.mark.slow


async def _everything(world: World) -> bytes:
    """As the superuser, with all that is in both databases; without the random word that guards each dump."""
    dumps = [await dump(world.cluster, name, user="postgres") for name in (world.main, world.keys)]
    return re.sub(rb"(?m)^\\(un)?restrict .*$", b"", b"".join(dumps))


async def _live(world: World) -> None:
    """What leaves traces: something told, changed, repeated, removed, and looked for in vain."""
    items = f"{world.fien}/portrait-items"
    for name in ("Idempotency-Key-1", "Idempotency-Key-2", "Idempotency-Key-1"):
        made = await world.post("fien", items, {"kind": "joy", "text": TOLD}, headers={"Idempotency-Key": name})
        assert made.status_code == 201
    one = f"{items}/{made.json()['id']}"
    changed = await world.patch("fien", one, {"text": f"Echt: {TOLD}"}, made.headers["etag"])
    assert changed.status_code == 200
    await world.get("noor", one)
    await world.get("teun", items)


async def test_a_dump_of_everything_holds_no_word_of_anybody(world: World) -> None:
    secret = secret_texts() | {TOLD}
    assert {FIEN_PRIVATE, FIEN_BSN, "Fien van Verzonnen", "Teun Demo", "klantmanager"} <= secret
    await _live(world)
    everything = await _everything(world)
    assert found(everything, secret) == set()
    assert found(everything, PUBLIC) == PUBLIC


async def test_a_dump_of_everything_holds_no_key_of_the_keyring(world: World) -> None:
    ring = json.loads(KEYRING)
    keys = [base64.b64decode(key) for key in (*ring["wrapping"].values(), ring["root"])]
    everything = await _everything(world)
    assert not [key for key in keys if key.hex().encode() in everything or base64.b64encode(key) in everything]


@pytest.mark.parametrize(
    "spilled",
    [
        "update support.clients set name = 'Zij zei: ' || $1::text",
        "update support.portrait_items set sealed = sealed || convert_to($1::text, 'UTF8')",
        "update support.clients set name = encode(convert_to('{\"text\":\"' || $1::text || '\"}', 'UTF8'), 'base64')",
        "update support.clients set name = encode(convert_to('.' || $1::text, 'UTF8'), 'base64')",
        "update support.clients set name = upper(encode(convert_to($1::text, 'UTF8'), 'hex'))",
    ],
)
async def test_a_word_that_was_spilled_is_found(world: World, spilled: str) -> None:
    """Positive control, however it is spelled."""
    for text in ("Fien van Verzonnen", FIEN_PRIVATE, FIEN_BSN):
        await world.sql(spilled, text)
        assert text in found(await _everything(world), secret_texts()), text
