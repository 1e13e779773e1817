"""A server on loopback, with and without TLS, that sends exactly what a case says and remembers what it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.fidelity.cases import HOLD, RESET, Step

KEYS = Path(__file__).parents[1] / "fetching" / "self-signed.pem"


def trusted() -> ssl.SSLContext:
    """A client's context that trusts this server and nobody else."""
    return ssl.create_default_context(cafile=str(KEYS))


class ExactServer:
    """`scripts[path]` says what is sent for a path; `requests[(scheme, path)]` is what came, byte for byte."""

    def __init__(self, scripts: Mapping[str, Sequence[Step]]) -> None:
        self._scripts = scripts
        self.requests: dict[tuple[str, str], bytes] = {}
        self.bases: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(KEYS)
        plain = await asyncio.start_server(self._take, "127.0.0.1", 0)
        secure = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=context)
        self._servers = (plain, secure)
        for scheme, server in (("http", plain), ("https", secure)):
            self.bases[scheme] = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; True: another may follow on this connection."""
        raw = await reader.readuntil(b"\r\n\r\n")
        path = raw.split(b" ")[1].decode()
        scheme = "https" if writer.get_extra_info("ssl_object") else "http"
        self.requests[scheme, path] = raw
        for step in self._scripts[path]:
            if step is HOLD:
                return True
            if step is RESET:
                writer.transport.abort()
                return False
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            else:
                await asyncio.sleep(step)
        return False
