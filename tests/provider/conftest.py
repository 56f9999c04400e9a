"""The service, trusting a real provider at which Fien, Teun and the case system can get tokens."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from support_api import app
from support_api.outbound.jwks import IssuerKeys
from support_api.settings import IssuerSettings
from tests.conftest import World, running
from tests.make import log_in, log_in_worker, worker_id
from tests.provider.provider import Provider, jwks

Service = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


class Clock:
    """What the bound of one question a minute is measured with."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="support-api-provider-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def provider(folder: Path) -> Iterator[Provider]:
    """Runs for the whole module."""
    made = Provider(folder)
    with made.running(jwks("k1")):
        yield made


@pytest.fixture
def service(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Service:
    """`async with service(provider) as client`: a service that trusts it and knows who logs in there."""
    monkeypatch.setattr(app, "IssuerKeys", partial(IssuerKeys, clock=clock))

    @asynccontextmanager
    async def trusting(provider: Provider, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        await log_in(world, "fien", world.fien, provider.issuer)
        await log_in_worker(world, "teun", await worker_id(world, "teun"), provider.issuer)
        issuers = [IssuerSettings(**provider.settings())]
        async with running(world.cluster, world.main, world.keys, issuers=issuers, **changes) as client:
            yield client

    return trusting
