"""A body while it arrives: counted, digested, its coding tried out; stopped where it is too much or too slow."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Final

from crawler.digests import sha1_name
from crawler.fetching.asking import Reply
from crawler.fetching.faults import NoRoomError, TooSlowError
from crawler.fetching.limits import Limits
from crawler.messages import STEP, Decoder, Flaw, at_once, coding_names, media_type
from crawler.ports import Clock
from crawler.room import Room

_PAUSE_BYTES: Final = 4 * STEP
_GZIP_BEGINS: Final = b"\x1f"


class Intake:
    """Reads one body. `keep` holds on to it, for an answer that has to be rebuilt."""

    def __init__(self, limits: Limits, clock: Clock, room: Room, *, keep: bool) -> None:
        self.size = 0
        self.over = False
        """A limit of ours was reached; the rest was left unread."""
        self.flaw: Flaw | None = None
        """What is wrong with its coding, once it was read to its end; and in words:"""
        self.note = ""
        self._decoder: Decoder | None = None
        self._labels = ""
        self._type: str | None = None
        self._room = room
        self._taken = 0
        self._counted = 0
        self._limits = limits
        self._clock = clock
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._kept: list[bytes] | None = [] if keep else None

    async def read(self, reply: Reply) -> None:
        """Read a body to its end, or as far as we may.

        Raises:
            TooSlowError: it drips.
            NoRoomError: others that are large take up all room; nobody is to blame.
            aiohttp.ClientError: the connection failed.
        """
        self._label(reply)
        begun = self._clock.monotonic()
        await reply.arrive(self._limits.body_bytes)
        content = reply.content
        while not content.at_eof() and (chunk := await content.readany()):
            await self._take(chunk, last=content.at_eof())
            if self.over:
                reply.close()
                return
            self._look_at_the_rate(self._clock.monotonic() - begun)
            if not self._taken and self._is_large(len(chunk)):
                waited = self._clock.monotonic()
                await self._take_room(reply)
                begun += self._clock.monotonic() - waited
        self._finish()

    async def read_again(self, reply: Reply, body: bytes) -> None:
        """The same of a body that is all there; a fresh intake's."""
        self._label(reply)
        await self._take(body, last=True)
        self._finish()

    def _is_large(self, arrived: int) -> bool:
        self._counted += arrived
        self._room.count(arrived)
        return self.size > self._room.free_bytes

    async def _take_room(self, reply: Reply) -> None:
        """As much as it may become, so that those that have some never wait for each other; meanwhile the other side does."""
        size = min(reply.length or self._limits.body_bytes, self._limits.body_bytes)
        try:
            async with asyncio.timeout(self._limits.idle):
                with reply.held():
                    await self._room.take(size)
        except TimeoutError:
            raise NoRoomError from None
        self._taken = size
        self._uncount()

    def _uncount(self) -> None:
        counted, self._counted = self._counted, 0
        self._room.count(-counted)

    def leave(self) -> None:
        """Give back what room was taken: the call is over. Twice does no harm."""
        self._uncount()
        taken, self._taken = self._taken, 0
        if taken:
            self._room.give(taken)

    def kept(self) -> bytes:
        """The body, as it came but for chunk framing; empty unless it was to be kept."""
        return b"".join(self._kept or ())

    def digest(self) -> str | None:
        """`sha1:` + base32 over the de-chunked, still encoded body; None for an empty one."""
        return sha1_name(self._sha1.digest()) if self.size else None

    def _label(self, reply: Reply) -> None:
        self._labels = ",".join(reply.headers.getall("Content-Encoding", ()))
        self._type = reply.headers.get("Content-Type")

    async def _take(self, chunk: bytes, *, last: bool) -> None:
        if self.size == 0 and not (last and self._holds(chunk)):
            # Without a label only what begins like gzip is looked into: most bodies cost nothing here.
            packed = bool(self._labels and coding_names(self._labels)) or chunk.startswith(_GZIP_BEGINS)
            self._decoder = Decoder(self._labels, self._limits.decoded_bytes, media_type(self._type)) if packed else None
        self.size += len(chunk)
        self._sha1.update(chunk)
        if self._kept is not None:
            self._kept.append(chunk)
        self.over = self.size > self._limits.body_bytes
        if self._decoder is not None:
            await self._decode(self._decoder, chunk)

    def _holds(self, body: bytes) -> bool:
        """Whether there is nothing to be said of its coding: so of nearly all pages that came packed."""
        return at_once(body, self._labels.lower(), self._limits.decoded_bytes) is not None

    async def _decode(self, decoder: Decoder, chunk: bytes) -> None:
        """Only to know how it ends and how large it is; with pauses, since a bomb may hold up nobody else."""
        since_pause = 0
        for piece in decoder.steps(chunk):
            since_pause += len(piece)
            if since_pause >= _PAUSE_BYTES:
                since_pause = 0
                await asyncio.sleep(0)
        self.over = self.over or decoder.flaw == "limit"

    def _finish(self) -> None:
        if self._decoder is not None:
            self._decoder.finish()
            self.flaw, self.note = self._decoder.flaw, self._decoder.note or ""
            self.over = self.over or self.flaw == "limit"

    def _look_at_the_rate(self, took: float) -> None:
        if took > self._limits.idle and self.size < took * self._limits.least_rate:
            raise TooSlowError(f"less than {self._limits.least_rate} bytes a second")
