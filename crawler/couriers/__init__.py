"""Who is told of what was found, besides those who ask: `hooks` and `alerts` of config.yaml."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from crawler.config import Config
from crawler.couriers.courier import Courier, Desk
from crawler.couriers.outlets import Outlet, outlets
from crawler.couriers.watch import Watch
from crawler.model import Seconds
from crawler.outlet.webhook import open_session
from crawler.patience import Patience
from crawler.ports import Clock
from crawler.store.outlet import OutletStore

__all__ = ["Couriers", "open_couriers"]

_ROUNDS: Final = 10_000
"""Of a drain: it ends also where more comes than is taken."""


class Couriers:
    """All of them. Make them with `open_couriers`."""

    def __init__(self, told: list[Outlet], desk: Desk) -> None:
        self._couriers = [Courier(one, desk) for one in told if not one.of_sources]
        self._watches = [Watch(one, desk) for one in told if one.of_sources]

    async def run(self) -> None:
        """Tell what comes, until cancelled; at once where there is nobody to be told.

        Raises:
            ExceptionGroup: the store can't be read or written.
        """
        async with asyncio.TaskGroup() as services:
            for courier in self._couriers:
                services.create_task(courier.run())
            for watch in self._watches:
                services.create_task(watch.run())

    async def drain(self, within: Seconds) -> None:
        """Tell what there is now, and end; who refuses is left for another time."""
        try:
            async with asyncio.timeout(within), asyncio.TaskGroup() as services:
                for courier in self._couriers:
                    services.create_task(_drained(courier))
                for watch in self._watches:
                    services.create_task(watch.look())
        except TimeoutError:
            return


async def _drained(courier: Courier) -> None:
    await courier.begin()
    for _ in range(_ROUNDS):
        if not await courier.more():
            return


@asynccontextmanager
async def open_couriers(config: Config, env: Mapping[str, str], clock: Clock, patience: Patience) -> AsyncIterator[Couriers]:
    """Those that config.yaml names, entered in a store that is open already. Those it names no more are forgotten.

    Raises:
        ConfigError: something secret isn't to be had.
        StoreError: the store can't be read or written.
    """
    path = config.store.path or config.archive.dir / "warraq.db"
    async with open_session() as session:
        told = outlets(config, env, session)
        store = await OutletStore.open(path, patience)
        try:
            await store.enter({one.outlet_id: one.name for one in told})
            desk = Desk(store=store, root=config.archive.dir, clock=clock, chance=random.SystemRandom().random)
            yield Couriers(told, desk)
        finally:
            await store.close()
