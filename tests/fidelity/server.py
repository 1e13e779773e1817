"""A server on loopback, with and without TLS, that sends exactly what a case says and remembers what it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.fidelity.cases import HOLD, RESET, Step
from tests.loopback import Loopback

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
        self._loopback = Loopback()

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(KEYS)
        for scheme, tls in (("http", None), ("https", context)):
            self.bases[scheme] = f"{scheme}://127.0.0.1:{await self._loopback.listen(self._talk, tls=tls)}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._loopback.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await self._answer(reader, writer):
            pass

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
