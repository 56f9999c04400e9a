"""The demo's service inside the test, on the test's own databases."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import httpx

from support_api.demo import app, folder
from support_api.settings import IssuerSettings
from tests.conftest import Cluster, World, settings_for
from tests.contract.check import WATCHED

HERE = "http://127.0.0.1:8000"


def folder_of(world: World, where: Path) -> Path:
    return folder_on(world.cluster, where, HERE)


def folder_on(cluster: Cluster, where: Path, address: str) -> Path:
    """As a demo leaves it, with the people and the key of the test's own."""
    people = [asdict(person) for person in cluster.people.values()]
    (where / folder.PEOPLE).write_text(json.dumps(people), encoding="utf-8")
    key = cluster.server.folder / folder.ISSUER_KEY
    (where / folder.ISSUER_KEY).write_bytes(key.read_bytes())
    (where / folder.ADDRESS).write_text(address, encoding="utf-8")
    return where


@asynccontextmanager
async def demo_inside(world: World, where: Path, base: str = HERE) -> AsyncIterator[httpx.AsyncClient]:
    issuers = [IssuerSettings(**folder.read_issuer(folder_of(world, where)).settings())]
    shell = app.create(settings_for(world.cluster, world.main, world.keys, public_url=HERE, issuers=issuers), where)
    async with shell.lifespan():
        transport = httpx.ASGITransport(app=shell, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=base, event_hooks=WATCHED) as client:
            yield client
