"""A server on loopback that says exactly what its script says, and remembers what it was asked."""

import asyncio
import socket
import struct

from tests.loopback import Loopback


class Reset:
    """In a script: end the connection with a RST."""


class Stay:
    """In a script: keep the connection open and silent."""


class Again:
    """In a script: wait for another request on this connection."""


class ScriptedServer:
    """`scripts[path]` is a list of bytes to send and seconds to wait (or Reset, Stay); then the connection is closed.

    A script that ends with Again waits for another request on the same connection.
    """

    def __init__(self):
        self.scripts = {}
        self.requests = []
        """(path, raw request, peer port), in order."""
        self._loopback = Loopback()

    async def __aenter__(self):
        self.port = await self._loopback.listen(self._talk)
        self.base = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_):
        await self._loopback.close()

    def paths(self):
        return [path for path, _, _ in self.requests]

    async def _talk(self, reader, writer):
        while await self._answer(reader, writer):
            pass

    async def _answer(self, reader, writer):
        raw = await reader.readuntil(b"\r\n\r\n")
        path = raw.split()[1].decode()
        self.requests.append((path, raw, writer.get_extra_info("peername")[1]))
        script = self.scripts[path]
        if isinstance(script, dict):  # a script a knock
            script = script[self.paths().count(path)]
        for step in script:
            if step is Reset:
                lingering = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
                writer.transport.abort()
                return False
            if step is Stay:
                await asyncio.sleep(30)
            elif step is Again:
                return True
            elif isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            else:
                await asyncio.sleep(step)
        return False


def answer(*headers, body=b"", status="200 OK", length=True):
    sized = [f"Content-Length: {len(body)}"] if length else []
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, *sized, "", ""]).encode() + body
