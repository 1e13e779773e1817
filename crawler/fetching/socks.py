"""Connections through a SOCKS5 proxy (RFC 1928, user and password by RFC 1929). The proxy looks names up.

A connector of its own and not a package's: those bring a protocol of their own along, and with it goes the wire tap.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

VERSION: Final = 5
_PLAIN, _BY_PASSWORD, _NEITHER = 0, 2, 0xFF
_CONNECT, _BY_NAME = 1, 3
_SAID: Final = {
    1: "it failed",
    2: "it doesn't allow that",
    3: "no way to that network",
    4: "no way to that host",
    5: "connection refused",
    6: "it took too long",
    7: "it can't do that",
    8: "it doesn't know that kind of address",
}
_ADDRESS_BYTES: Final = {1: 4, 4: 16}


class SocksError(OSError):
    """The proxy won't, or isn't one."""


class NoResolver(AbstractResolver):
    """Looks nothing up: names are the proxy's to know."""

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's
    ) -> list[ResolveResult]:
        """A place that stands for the host; nobody connects to it."""
        return [ResolveResult(hostname=host, host="192.0.2.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to let go."""


class SocksConnector(aiohttp.TCPConnector):
    """Makes its connections through one proxy."""

    def __init__(
        self, *, proxy_host: str, proxy_port: int, auth: tuple[str, str] | None, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(limit=0, resolver=NoResolver(), use_dns_cache=False, ssl=tls or True)
        self._place = (proxy_host, proxy_port)
        self._auth = auth

    # aiohttp's own place for this is private, and has no types to speak of; a test tells when it moves.
    async def _wrap_create_connection(
        self, *args: Any, req: aiohttp.ClientRequest, **kwargs: Any
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        wanted = {name: value for name, value in kwargs.items() if name in ("ssl", "server_hostname")}
        try:
            opened = await _opened(self._place)
            try:
                await _greet(opened, self._auth)
                await _ask(opened, req.url.raw_host or "", req.url.port or 0)
                return await self._loop.create_connection(*args, **wanted, sock=opened)
            except BaseException:
                opened.close()
                raise
        except aiohttp.ClientError:
            raise
        except OSError as error:
            raise aiohttp.ClientProxyConnectionError(req.connection_key, error) from error


async def _opened(place: tuple[str, int]) -> socket.socket:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(*place, type=socket.SOCK_STREAM)
    family, kind, proto, _, address = found[0]
    opened = socket.socket(family, kind, proto)
    opened.settimeout(0)  # the loop's sockets never block
    try:
        await loop.sock_connect(opened, address)
    except BaseException:
        opened.close()
        raise
    return opened


async def _greet(opened: socket.socket, auth: tuple[str, str] | None) -> None:
    await _send(opened, bytes([VERSION, 1, _BY_PASSWORD if auth else _PLAIN]))
    version, method = await _read(opened, 2)
    if version != VERSION or method == _NEITHER:
        raise _refusal("it is no SOCKS5 proxy" if version != VERSION else "it wants another way to log in")
    if auth is not None and method == _BY_PASSWORD:
        user, password = (word.encode()[:255] for word in auth)
        await _send(opened, bytes([1, len(user)]) + user + bytes([len(password)]) + password)
        if (await _read(opened, 2))[1]:
            raise _refusal("it doesn't take this password")


async def _ask(opened: socket.socket, host: str, port: int) -> None:
    name = host.encode("idna") if not host.isascii() else host.encode()
    await _send(opened, bytes([VERSION, _CONNECT, 0, _BY_NAME, len(name)]) + name + struct.pack("!H", port))
    _, said, _, kind = await _read(opened, 4)
    if said:
        raise _refusal(_SAID.get(said, f"it answers {said}"))
    size = _ADDRESS_BYTES.get(kind) or (await _read(opened, 1))[0]
    await _read(opened, size + 2)


def _refusal(what: str) -> SocksError:
    return SocksError(what)


async def _send(opened: socket.socket, data: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(opened, data)


async def _read(opened: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = await asyncio.get_running_loop().sock_recv(opened, size - len(found))
        if not piece:
            raise _refusal("it hung up")
        found += piece
    return found
