"""A server of a test's own in a thread: many loopback addresses, one port, and whatever it says."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Self


class Serving(ABC):
    """Serves `addresses` until the `with` ends. Whoever hangs up is right, and so is the end of the test."""

    backlog = 100

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = tuple(addresses)
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))

    @abstractmethod
    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first request on; it is closed behind it."""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        servers = []
        for address in self._addresses:
            servers.append(await asyncio.start_server(self._talk, address, self.port, backlog=self.backlog))
            self.port = servers[0].sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
