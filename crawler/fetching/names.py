"""Names to addresses, by the system's resolver, in threads of its own: a DNS server that never answers holds up nobody else."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.model import Seconds

MOST_AT_ONCE: Final = 16
"""Lookups that are under way; a thread each, until the system's resolver gives up (5 to 30 s)."""

_NUMERIC: Final = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Found = list[ResolveResult]
Look = Callable[[str, int, socket.AddressFamily], Found]
"""Blocks until it knows.

Raises:
    OSError: there is no such name, or nobody answers.
"""


def look(host: str, port: int, family: socket.AddressFamily) -> Found:
    """Ask the system (`getaddrinfo`) for addresses of a kind this machine has itself; none that hold on one link only."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    return [
        ResolveResult(hostname=host, host=str(place[0]), port=port, family=kind, proto=protocol, flags=_NUMERIC)
        for kind, _, protocol, _, place in found
        if len(place) == 2 or not place[3]
    ]


class NameResolver(AbstractResolver):
    """A resolver that gives up after a time, though the system doesn't.

    aiohttp's own looks names up in the loop's default threads, six on two cores: as many dead names, and whatever else needs
    a thread (the archive, the store) waits for DNS.
    """

    def __init__(self, *, patience: Seconds, look: Look = look) -> None:
        self._patience = patience
        self._look = look
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """As the base class says.

        Raises:
            OSError: the name can't be resolved, or not in time.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._slots.acquire()
                return await self._in_a_thread(host, port, family)
        except TimeoutError:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer from DNS in time") from None

    async def close(self) -> None:
        """Nothing is held that wouldn't end by itself."""

    async def _in_a_thread(self, host: str, port: int, family: socket.AddressFamily) -> Found:
        """A daemon thread, which the process's end doesn't wait for; its slot is free when it ends, not when we give up."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()

        def done(found: Found | Exception) -> None:
            self._slots.release()
            if answer.done():
                return
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        def work() -> None:
            found: Found | Exception
            try:
                found = self._look(host, port, family)
            except (OSError, UnicodeError) as error:
                found = error
            with suppress(RuntimeError):  # the loop has ended meanwhile, and with it whoever asked
                loop.call_soon_threadsafe(done, found)

        try:
            Thread(target=work, name="dns", daemon=True).start()
        except RuntimeError as error:
            self._slots.release()
            raise OSError(errno.EAGAIN, f"no thread for DNS: {error}") from None
        return await answer
