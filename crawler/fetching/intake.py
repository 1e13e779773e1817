"""A body while it arrives: counted, digested, its coding tried out; stopped where it is too much or too slow."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Final

from aiohttp import ClientResponse

from crawler.fetching.faults import TooSlowError
from crawler.fetching.limits import Limits
from crawler.messages import STEP, Decoder
from crawler.ports import Clock

_PAUSE_BYTES: Final = 4 * STEP


class Intake:
    """Reads one body. `keep` holds on to it, for an answer that has to be rebuilt."""

    def __init__(self, limits: Limits, clock: Clock, *, keep: bool) -> None:
        self.size = 0
        self.over = False
        """A limit of ours was reached; the rest was left unread."""
        self.early: str | None = None
        """What says that the coding ends before its time."""
        self.corrupt: str | None = None
        self._limits = limits
        self._clock = clock
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._kept: list[bytes] | None = [] if keep else None

    async def read(self, response: ClientResponse) -> None:
        """Read a body to its end, or as far as we may.

        Raises:
            TooSlowError: it drips.
            aiohttp.ClientError: the connection failed.
        """
        codings = response.headers.getall("Content-Encoding", ())
        decoder = Decoder(",".join(codings), self._limits.decoded_bytes) if codings else None
        begun = self._clock.monotonic()
        async for chunk in response.content.iter_any():
            self._count(chunk)
            if decoder is not None:
                await self._decode(decoder, chunk)
            if self.over:
                response.close()
                return
            self._look_at_the_rate(self._clock.monotonic() - begun)
        if decoder is not None:
            self._finish(decoder)

    def kept(self) -> bytes:
        """The body, as it came but for chunk framing; empty unless it was to be kept."""
        return b"".join(self._kept or ())

    def digest(self) -> str | None:
        """`sha1:` + base32 over the de-chunked, still encoded body; None for an empty one."""
        return f"sha1:{base64.b32encode(self._sha1.digest()).decode()}" if self.size else None

    def _count(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._sha1.update(chunk)
        if self._kept is not None:
            self._kept.append(chunk)
        self.over = self.size > self._limits.body_bytes

    async def _decode(self, decoder: Decoder, chunk: bytes) -> None:
        """Only to know how it ends and how large it is; with pauses, since a bomb may hold up nobody else."""
        since_pause = 0
        for piece in decoder.steps(chunk):
            since_pause += len(piece)
            if since_pause >= _PAUSE_BYTES:
                since_pause = 0
                await asyncio.sleep(0)
        self.over = self.over or decoder.flaw == "limit"

    def _finish(self, decoder: Decoder) -> None:
        decoder.finish()
        self.early = decoder.note if decoder.flaw == "early" else None
        self.corrupt = decoder.note if decoder.flaw == "corrupt" else None

    def _look_at_the_rate(self, took: float) -> None:
        if took > self._limits.idle and self.size < took * self._limits.least_rate:
            raise TooSlowError(f"less than {self._limits.least_rate} bytes a second")
