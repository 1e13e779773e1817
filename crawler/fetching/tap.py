"""The wire tap: the bytes of a request and its answer as they went over the connection, whatever aiohttp makes of them.

aiohttp's public interface gives parsed headers and de-chunked bodies; its connection's protocol sees the bytes. Putting a
protocol of ours into `TCPConnector._factory`, which is private, is the one liberty taken; a test tells when it moves, and
`asking` then rebuilds heads from `raw_headers`. What aiohttp gets to see of a head is `messages.plain_head`'s reading of
it: its own parser refuses pages that every browser shows (the same length twice), and takes what ends nobody knows where
(chunked twice).
"""

from __future__ import annotations

import asyncio
import re
import ssl
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

from aiohttp import ClientPayloadError, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

from crawler.messages import FramingError, can_begin, plain_head

if TYPE_CHECKING:
    from aiohttp.http import RawResponseMessage
    from aiohttp.streams import StreamReader

_PLACE: Final = "_factory"
_MOST_FRAMES: Final = 1 << 20
_LEAST_PAYLOAD: Final = 4
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_LINE_ENDS: Final = b"\r\n"
_CHUNKS_END: Final = (b"\n\r\n", b"\n\n")
_SLICE: Final = 32 << 10
_MOST_FRAMING: Final = 64 << 10
"""From so many bytes of a chunked body on, a third must be content: a byte a chunk costs 6 us, and the loop is held up."""


class Wire:
    """What one request's answer was, byte for byte, up to a limit; filled while it arrives."""

    def __init__(self, *, most: int, most_head: int, peer: str | None, tls: tuple[str, str] | None) -> None:
        self._received = BytesIO()
        self.size = 0
        """How much was taken."""
        self.over: Literal["head", "length"] | None = None
        """Which limit was reached; from then on nothing is taken."""
        self.answered = False
        """The head of the answer (no interim one) is there."""
        self.closed = False
        """What comes now isn't this answer."""
        self.head_at = 0
        """Where in what was received the answer begins, behind interim ones; once `answered`."""
        self.body_at = 0
        """Where in what was received the body begins, once `answered`."""
        self.length: int | None = None
        """What the head says of the body's length."""
        self.chunked = False
        self.ragged = False
        """Only the connection's end ended the body, and TLS didn't say that it was meant: it may have been cut."""
        self.peer = peer
        self.tls = tls
        """(protocol, cipher suite)."""
        self._most = most
        self._most_head = most_head

    def content(self) -> bytes:
        """All that was taken; no copy, of which there would be 16 MB."""
        return self._received.getvalue()

    def part(self, begin: int, end: int) -> bytes:
        """Some of it."""
        with self._received.getbuffer() as taken:
            return bytes(taken[begin:end])

    def take(self, data: bytes) -> None:
        """Add what has arrived."""
        if self.closed or self.over is not None:
            return
        room = self._most - self.size
        self.size += self._received.write(data[:room])
        if len(data) > room:
            self.over = "length"

    def look_at_the_head(self) -> None:
        """Call it when aiohttp has seen what was taken: a head that still doesn't end may be endless."""
        if not self.answered and self.size > self._most_head:
            self.over = "head"

    def look_at_the_frames(self, payload: int) -> None:
        """Chunks of a byte or two, without end: each costs us a hundred times what it costs the other side."""
        if self.over is None and self.size > _MOST_FRAMES and payload * _LEAST_PAYLOAD < self.size:
            self.over = "length"

    def close(self) -> None:
        """Take no more."""
        self.closed = True

    def forget(self) -> None:
        """Let go of what was taken: a connection that is kept alive holds on to its last wire."""
        self.closed = True
        self._received = BytesIO()
        self.size = 0


class Tap(ResponseHandler):
    """aiohttp's client protocol, with a `Wire` for every request."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, most: int, most_head: int) -> None:
        super().__init__(loop)
        self.wire: Wire | None = None
        self._entity: StreamReader | None = None
        self._beneath: asyncio.BaseTransport | None = None
        self._held = b""
        self._feeding = False
        self._heard_at = 0.0
        self._expecting = False
        self._unparsed = False
        self._peer: str | None = None
        self._tls: tuple[str, str] | None = None
        self._most = most
        self._most_head = most_head

    def set_response_params(self, **params: Any) -> None:
        """Aiohttp's call before each request: from here on what arrives is its answer.

        What arrived before (a server that speaks first) is fed again by aiohttp and counted then.
        """
        self._entity = None
        self._held = b""
        self.wire = Wire(most=self._most, most_head=self._most_head, peer=self._peer, tls=self._tls)
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Take the bytes, then let aiohttp parse them; hang up where a limit is reached.

        Nobody asked for what comes when an answer is over: it must not be taken for the next one on this connection.
        """
        wire = self.wire
        if wire is None or self._feeding:  # aiohttp feeds what follows an upgrade once more from within
            super().data_received(data)
            return
        if not data:
            self._go_on()
            return
        if wire.closed:
            self.force_close()
            self._hang_up()
            return
        wire.take(data)
        self._feed(wire, data)
        wire.look_at_the_head()
        if self._entity is not None:
            wire.look_at_the_frames(self._entity.total_bytes)
        if wire.over is not None or wire.closed or self._goes_on(wire):
            self._hang_up()

    def _goes_on(self, wire: Wire) -> bool:
        """Whether more came than the answer: what it belongs to nobody knows, and nobody may be given the rest of it."""
        if self._entity is None or not self._entity.is_eof():
            return False
        if wire.chunked:
            return not wire.part(max(wire.body_at, wire.size - 3), wire.size).endswith(_CHUNKS_END)
        return wire.size > wire.body_at + (wire.length or 0)

    def pause_reading(self) -> None:
        """Aiohttp's call where too much lies unread; its parser then stops, be it behind the last byte, and knows of no end."""
        self._unparsed = True
        super().pause_reading()

    def resume_reading(self, resume_parser: bool = True) -> None:  # noqa: FBT001, FBT002 - aiohttp's
        """Aiohttp's call behind each reading from a body, whether it was stopped or not."""
        if self._unparsed:
            super().resume_reading(resume_parser)

    def rest(self, wire: Wire) -> None:
        """Let go of what read an answer that is over: of each connection that is kept alive a third, 4 KB.

        Nothing happens where the connection is another request's by now, nor where it wasn't read to its end.
        """
        if wire is self.wire and not self.should_close:
            self._parser = self._payload = self._entity = None

    def hold(self) -> None:
        """Let nothing more arrive for now, nor wait for it: aiohttp lets 768 KB lie unread of each body that waits."""
        if self.transport is not None:
            self.transport.pause_reading()
        self._drop_timeout()

    def unhold(self) -> None:
        """Let it arrive again; unless aiohttp has more than it wants, and will say so itself."""
        if self.transport is not None and not self._reading_paused:
            self.transport.resume_reading()
            self._reschedule_timeout()

    def _go_on(self) -> None:
        """The parser may go on, if it had stopped."""
        if self._unparsed:
            self._unparsed = False
            super().data_received(b"")

    def _feed(self, wire: Wire, data: bytes) -> None:
        """Head by head, each whole and plain, then the rest as it comes."""
        if wire.answered:
            self._feed_body(wire, data)
            return
        self._feeding = True
        data, self._held = self._held + data, b""
        while not wire.answered and self.exception() is None:
            data = data.lstrip(_LINE_ENDS)  # RFC 9112, section 2.2
            end = _HEAD_END.search(data)
            if end is None:
                self._hold(data)
                break
            data = self._feed_head(wire, data, end.end())
        else:
            self._feed_body(wire, data)
        self._feeding = False

    def _feed_body(self, wire: Wire, data: bytes) -> None:
        if not wire.chunked:
            if data and self.exception() is None and wire.over is None:
                super().data_received(data)
            return
        for begin in range(0, len(data), _SLICE):
            if self.exception() is None and wire.over is None:
                super().data_received(data[begin : begin + _SLICE])
                self._weigh(wire, len(data) - begin - _SLICE)

    def _weigh(self, wire: Wire, unfed: int) -> None:
        if self._entity is not None:
            fed = wire.size - wire.body_at - max(0, unfed)
            if fed > _MOST_FRAMING and self._entity.total_bytes * 3 < fed:
                wire.over = "length"

    def _feed_head(self, wire: Wire, data: bytes, size: int) -> bytes:
        """Give aiohttp the head these bytes begin with; returns what follows it."""
        wire.head_at = wire.size - len(data)
        wire.body_at = wire.head_at + size
        try:
            begin = data[:size]
            head = plain_head(begin)
        except FramingError as error:
            self._refuse(str(error))
            return b""
        wire.length, wire.chunked = head.length, head.chunked
        if head.data is begin and begin[9:12] == b"200" and wire.over is None and len(data) - size <= (head.length or -1):
            super().data_received(data)  # nearly every page: one step, and no copy of the body
            return b""
        super().data_received(head.data)
        return data[size:]

    def _hold(self, data: bytes) -> None:
        """Keep what isn't a whole head yet; it is a sign of life all the same."""
        self._held = data
        self._reschedule_timeout()
        if not can_begin(data):
            self._refuse(f"no answer begins like {data[:20]!r}")

    def _reschedule_timeout(self) -> None:
        """Aiohttp's call at each arrival, and when a request was sent. One timer serves many: it is moved when it rings.

        Set and cancelled for each answer, timers lie about in the loop for as long as they would have run.
        """
        self._heard_at = self._loop.time()
        self._expecting = True
        if self._read_timeout and self._read_timeout_handle is None:
            self._read_timeout_handle = self._loop.call_later(self._read_timeout, self._on_read_timeout)

    def _drop_timeout(self) -> None:
        """Aiohttp's call where nothing is waited for any more; the timer runs on for the next answer, unless there is none."""
        self._expecting = False
        if self.transport is None:
            super()._drop_timeout()

    def _on_read_timeout(self) -> None:
        left = self._heard_at + (self._read_timeout or 0) - self._loop.time()
        self._read_timeout_handle = None
        if self._expecting and left > 0:
            self._read_timeout_handle = self._loop.call_later(left, self._on_read_timeout)
        elif self._expecting:
            super()._on_read_timeout()

    def _refuse(self, why: str) -> None:
        self.set_exception(HttpProcessingError(code=400, message=why))
        self._hang_up()

    def eof_received(self) -> None:
        """The other side has said that it has no more to say; inside TLS it may also have been cut off."""
        if self.wire is not None and self._entity is not None and not self._entity.is_eof():
            self.wire.ragged = self._without_goodbye()
        super().eof_received()

    def _without_goodbye(self) -> bool:
        """Whether TLS's stream just stops, as if there were more to come (RFC 8446, section 6.1)."""
        tls = self.transport.get_extra_info("ssl_object") if self.transport else None
        if tls is None:
            return False
        try:
            tls.read(1)
        except ssl.SSLWantReadError:
            return True
        except ssl.SSLError:
            return False
        return False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Aiohttp forgets its transport when it closes it, before it is closed."""
        self._beneath = transport
        name, tls = transport.get_extra_info("peername"), transport.get_extra_info("ssl_object")
        self._peer = str(name[0]).partition("%")[0] if name else None
        self._tls = (str(tls.version()), str(tls.cipher()[0])) if tls else None
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """A body that only the connection's end ends isn't whole where that was a reset (aiohttp takes it for one)."""
        if exc is not None and self._entity is not None and not self._entity.is_eof():
            self._entity.set_exception(ClientPayloadError(str(exc) or type(exc).__name__))
        # Rings, and in them the socket, until Python next looks for such: 3 KB each, up to 1,400 of them in a busy crawl.
        # asyncio's transport keeps a method of its own, which nothing calls any more; other loops' have no such thing.
        getattr(self._beneath, "__dict__", {}).pop("_read_ready_cb", None)
        super().connection_lost(exc)
        self._drop_timeout()
        self._entity = self._beneath = None

    def _hang_up(self) -> None:
        # Closed twice, asyncio's TLS transport forgets what aiohttp asks it at the end.
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Aiohttp's hand-over of a parsed head, interim ones too.

        A second answer in one arrival with a body's end would lie here as the next request's: by then the connection is free.
        """
        if self.wire is not None and self.wire.answered:
            self.wire.close()
            return
        if self.wire is not None and (data[0].code >= 200 or data[0].code == 101):
            self.wire.answered = True
            self._entity = data[1]
        super().feed_data(data, size)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        """Tell the reader of the body too: aiohttp 3.14 forgets it where a chunk is bad, and it would wait for ever."""
        super().set_exception(exc, *cause)
        if self._entity is not None and not self._entity.is_eof() and isinstance(exc, HttpProcessingError):
            self._entity.set_exception(ClientPayloadError(f"not HTTP: {exc}"))


def install(connector: TCPConnector, *, most: int, most_head: int) -> None:
    """Tap all connections a connector will make. Does nothing where aiohttp has no place for it any more."""
    if hasattr(connector, _PLACE):
        setattr(connector, _PLACE, partial(Tap, asyncio.get_running_loop(), most=most, most_head=most_head))
