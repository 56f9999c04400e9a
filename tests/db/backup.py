"""Backups as an operator makes them: pg_dump and pg_restore, of the same PostgreSQL as the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from tests.conftest import BACKUP, Cluster


async def dump(cluster: Cluster, database: str, *options: str, user: str = BACKUP) -> bytes:
    return await _run(cluster, "pg_dump", *options, "--dbname", cluster.url(database, user))


@asynccontextmanager
async def restored(cluster: Cluster, archive: bytes) -> AsyncIterator[str]:
    """A new database from an archive (`--format=custom`), as the demo's own."""
    name = f"restored_{uuid4().hex[:12]}"
    await cluster.clone("template0", name)
    try:
        await _run(cluster, "pg_restore", "--exit-on-error", "--dbname", cluster.url(name), said=archive)
        yield name
    finally:
        await cluster.drop(name)


async def _run(cluster: Cluster, tool: str, *options: str, said: bytes | None = None) -> bytes:
    pipe = asyncio.subprocess.PIPE
    path = str(cluster.server.binaries / tool)
    process = await asyncio.create_subprocess_exec(path, *options, stdin=pipe, stdout=pipe, stderr=pipe)
    output, errors = await process.communicate(said)
    assert process.returncode == 0, errors.decode()
    return output
