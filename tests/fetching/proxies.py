"""Small proxies on loopback: HTTP (plain and CONNECT) and SOCKS5. They remember what they were asked."""

from __future__ import annotations

import asyncio
import struct
from typing import Self


class Proxy:
    """`asked` are the heads of HTTP requests, or `host:port` of SOCKS; `names` maps the hosts it knows to loopback ports."""

    def __init__(self, names: dict[str, int], *, password: bool = False) -> None:
        self.names = names
        self.asked: list[str] = []
        self._password = password
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            first = await reader.readexactly(1)
            await (self._socks(reader, writer) if first == b"\x05" else self._http(first, reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _http(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = first + await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode())
        method, target, _ = head.decode().split("\r\n")[0].split(" ")
        host = (target if method == "CONNECT" else target.split("/")[2]).partition(":")[0]
        if host not in self.names:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        there = await asyncio.open_connection("127.0.0.1", self.names[host])
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            there[1].write(head.replace(target.encode(), b"/" + target.split("/", 3)[3].encode(), 1))
        await _join(reader, writer, *there)

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05" + (b"\x02" if self._password and b"\x02" in methods else b"\xff" if self._password else b"\x00"))
        if self._password and b"\x02" in methods:
            user = await reader.readexactly((await reader.readexactly(2))[1])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            right = (user, password) == (b"salma", b"5ecret")
            writer.write(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                return
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append(f"{host}:{port}")
        if host not in self.names:
            writer.write(b"\x05\x04\x00\x01" + bytes(6))
            return
        there = await asyncio.open_connection("127.0.0.1", self.names[host])
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await _join(reader, writer, *there)


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: asyncio.StreamReader, to: asyncio.StreamWriter
) -> None:
    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
        sink.close()

    try:
        await asyncio.gather(pump(reader, to), pump(there, writer), return_exceptions=True)
    finally:
        to.close()
