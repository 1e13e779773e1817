"""Servers on loopback in a test's own loop: each connection is a task, and at the end none is left."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Loopback:
    """Some servers. Whoever hangs up is right, and so is the end of the test."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Future[None]] = set()

    async def listen(self, talk: Talk, *, tls: ssl.SSLContext | None = None) -> int:
        """Answer on a port of its own, which is returned; a connection is closed behind its talk."""

        def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(_through(talk, reader, writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=tls)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Answer nobody any more."""
        for server in self._servers:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _through(talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await talk(reader, writer)
    except (OSError, asyncio.IncompleteReadError):  # they hung up
        pass
    finally:
        writer.close()
