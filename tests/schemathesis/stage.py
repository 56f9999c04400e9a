"""What the process of Schemathesis needs to know to make real things: who there is, and how they get their tokens."""

import asyncio
import json
import threading
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from support_api.demo import issuer
from support_api.demo.load import Person
from tests.conftest import Cluster, World
from tests.every_operation import Good, good

T = TypeVar("T")


def write(path: Path, cluster: Cluster, base: str, name: str) -> None:
    people = [asdict(person) for person in cluster.people.values()]
    key = str(cluster.server.folder / "issuer.pem")
    path.write_text(json.dumps({"people": people, "key": key, "base": base, "name": name}), encoding="utf-8")


@dataclass
class Stage:
    """Calls the service as its people do, on a thread of its own."""

    world: World
    loop: asyncio.AbstractEventLoop
    name: str
    made: dict[str, Good] = field(default_factory=dict)

    def good(self, name: str) -> Good:
        """The same again until it is used up."""
        if name not in self.made:
            self.made[name] = self._wait(self._good(name))
        return self.made[name]

    async def _good(self, name: str) -> Good:
        """Of what can be read: one that they see, if there is one."""
        made = await good(self.world, name)
        if self.name == made.name or made.method != "GET":
            return made
        if name == "getBriefing":
            own = self.world.person(self.name).working_relationship_id
            return made.but(path=f"{self.world.fien}/working-relationships/{own}/briefing")
        if not made.operation.path.endswith("}"):
            return made
        where = made.path.rpartition("/")[0]
        seen = (await self.world.get(self.name, where)).json().get("results")
        return made.but(path=f"{where}/{seen[0]['id']}") if seen else made

    def used(self, name: str) -> None:
        self.made.pop(name, None)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=60)


def read(path: Path) -> Stage:
    told = json.loads(path.read_text(encoding="utf-8"))
    people = {each["name"]: Person(**each) for each in told["people"]}
    cluster = Cluster(None, issuer.read(Path(told["key"])), people, None)  # type: ignore[arg-type]
    client = httpx.AsyncClient(base_url=told["base"], trust_env=False, timeout=30)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return Stage(World(cluster, "", "", client, None), loop, told["name"])  # type: ignore[arg-type]
