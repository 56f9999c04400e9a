"""Good requests to make mutants of, with marks in their texts, made anew when what they speak of is worn."""

import contextlib
from collections import Counter

from tests.conftest import World
from tests.every_operation import Good, good
from tests.hostile.requests import Request, careful
from tests.leaks.asking import filled, planter

_FRESH = 25  # so often a good request serves, for what it speaks of ends or grows old


class Goods:
    """A good request for each operation, made anew when it has served."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Request] = {}
        self._left: Counter[str] = Counter()
        self.worn: set[str] = set()

    async def of(self, name: str) -> Request:
        if self._left[name] <= 0:
            self._kept[name], self._left[name] = await self._made(name), _FRESH
        self._left[name] -= 1
        return self._kept[name]

    async def _made(self, name: str) -> Request:
        """With marks in its texts. Where mutants changed too much for that, the one before it serves on."""
        for recipe in (filled, self._plain):
            with contextlib.suppress(AssertionError, LookupError):
                return careful(self._world, await recipe(self._world, name))
        self.worn.add(name)
        return self._kept[name]

    async def _plain(self, world: World, name: str) -> Good:
        request = await good(world, name)
        return request if request.body is None else request.but(body=planter(request.operation).planted(request.body))

    def used(self, name: str) -> None:
        """It was done: what it speaks of has changed."""
        self._left[name] = 0
