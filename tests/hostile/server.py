"""A server on loopback that does what behaviours say: a port each, so that each is a host of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import struct
import warnings
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Self

from tests.hostile.behaviours import CUT, RESET, STAY, Behaviour, Certificate, Does, Flood, Step
from tests.loopback import Loopback

KEYS = Path(__file__).with_name("keys")
_NO_ROBOTS: tuple[Step, ...] = (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",)
_LONGEST = 30.0


def trusted() -> ssl.SSLContext:
    """A client's context that trusts the authority behind the good certificate, and nobody else."""
    return ssl.create_default_context(cafile=str(KEYS / "authority.pem"))


class HostileServer:
    """`url(behaviour)` is where it is done; `asked[name]` are the requests it got, byte for byte, in order."""

    def __init__(self, table: Iterable[Behaviour]) -> None:
        self._table = tuple(table)
        self.asked: dict[str, list[bytes]] = {behaviour.name: [] for behaviour in self._table}
        self._ports: dict[str, int] = {}
        self._loopback = Loopback()

    async def __aenter__(self) -> Self:
        for behaviour in self._table:
            await self._listen(behaviour)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._loopback.close()

    def url(self, behaviour: Behaviour) -> str:
        """The address of the page."""
        scheme = behaviour.asked or ("https" if behaviour.tls else "http")
        return f"{scheme}://127.0.0.1:{self._ports[behaviour.name]}/"

    def paths(self, behaviour: Behaviour, path: str) -> list[str]:
        """How often this path was asked for."""
        asked = (raw.split(b" ")[1].decode() for raw in self.asked[behaviour.name])
        return [one for one in asked if one == path]

    async def _listen(self, behaviour: Behaviour) -> None:
        tls = _context(behaviour.tls, behaviour.newest) if behaviour.tls else None
        self._ports[behaviour.name] = await self._loopback.listen(partial(self._talk, behaviour), tls=tls)

    async def _talk(self, behaviour: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if behaviour.early is not None:
            await self._do(behaviour, behaviour.early, writer)
            return
        while await self._answer(behaviour, reader, writer):
            pass

    async def _answer(self, behaviour: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; True: another may follow."""
        raw = await reader.readuntil(b"\r\n\r\n")
        path = raw.split(b" ")[1].decode()
        self.asked[behaviour.name].append(raw)
        if path == "/robots.txt" and path not in behaviour.more:
            return await self._do(behaviour, _NO_ROBOTS, writer)
        await self._do(behaviour, behaviour.more.get(path) or self._turn(behaviour, path), writer)
        return False

    def _turn(self, behaviour: Behaviour, path: str) -> tuple[Step, ...]:
        before = len(self.paths(behaviour, path)) - 1
        return behaviour.first[before] if before < len(behaviour.first) else behaviour.steps

    async def _do(self, behaviour: Behaviour, steps: Iterable[Step], writer: asyncio.StreamWriter) -> bool:
        port = b"%06d" % self._ports[behaviour.name]  # as long as what it stands for
        for step in steps:
            match step:
                case bytes():
                    writer.write(step.replace(b"{port}", port) if len(step) < 1000 else step)
                    await writer.drain()
                case Flood():
                    await _flood(step, writer)
                case Does():
                    await _end(step, writer)
                case _:
                    await asyncio.sleep(step)
        return True


async def _flood(flood: Flood, writer: asyncio.StreamWriter) -> None:
    said = 0
    while flood.times is None or said < flood.times:
        writer.write(flood.piece)
        await writer.drain()
        await asyncio.sleep(0)  # `drain` doesn't pause while the other side keeps up
        said += 1


async def _end(how: Does, writer: asyncio.StreamWriter) -> None:
    if how == STAY:
        await asyncio.sleep(_LONGEST)
        return
    held = writer.get_extra_info("socket")
    if how == RESET:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    if how == CUT:
        # Below TLS, whose goodbye is never said.
        with socket.socket(fileno=os.dup(held.fileno())) as below:
            below.shutdown(socket.SHUT_WR)
        await asyncio.sleep(0.1)


def _context(certificate: Certificate, newest: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / f"{certificate}.pem")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that old versions are deprecated is why they are here
        if newest < "TLSv1.2":
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion[newest.replace("1.0", "1").replace(".", "_")]
    return context
