"""One request over one of aiohttp's connections: its connector finds the connection, its parser reads the answer.

Its session between them isn't used: cookies, redirects, second tries behind our back, and a request that is put together anew
for each page, are nothing we want, and took a tenth of a page's time in the loop.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from multidict import CIMultiDict
from yarl import URL

from crawler import urls
from crawler.fetching.deadlines import Deadline, Deadlines
from crawler.fetching.entrances import PLAIN, Way, basic, proxy_of
from crawler.fetching.faults import LostError
from crawler.fetching.guard import AddressError
from crawler.fetching.limits import Limits
from crawler.fetching.tap import Tap, Wire
from crawler.model import Url

if TYPE_CHECKING:
    from aiohttp.connector import Connection
    from aiohttp.http import RawResponseMessage
    from aiohttp.streams import StreamReader

Headers = Sequence[tuple[str, str]]

_SECRETS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
_SIGNS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What would end a header, or begin another (RFC 9110, section 5.5)."""
_SHORT_BYTES: Final = 256 << 10
"""Half of what aiohttp lets lie unread."""
_HOSTS: Final = 1024
"""To which requests are kept ready: a page costs 40 us less."""


class Reply:
    """An answer whose head could be read; the body comes in `content`."""

    def __init__(self, head: RawResponseMessage, content: StreamReader, connection: Connection, silence: Deadlines) -> None:
        self.version = head.version
        self.status = head.code
        self.reason = head.reason
        self.headers = head.headers
        self.raw_headers = head.raw_headers
        self.content = content
        self._connection = connection
        self._silence = silence

    async def arrive(self, most: int) -> None:
        """Wait until a body is all there, if it is short (and no longer than `most`) and doesn't drip.

        In the world a page comes in ten pieces and more, and to be woken for each takes 13 us.

        Raises:
            OSError, aiohttp.ClientError: the connection failed.
        """
        content, length = self.content, self.length
        if content.is_eof() or content.exception() is not None or length is None or length > min(most, _SHORT_BYTES):
            return
        with suppress(TimeoutError), self._silence.one():
            await content.wait_eof()

    @property
    def length(self) -> int | None:
        """What it says of its body's length; aiohttp's parser has seen that it is a number."""
        said = self.headers.get("Content-Length")
        return None if said is None else int(said)

    def rebuilt(self, body: bytes) -> bytes:
        """The answer put together again from what aiohttp made of it, where it isn't tapped; the framing of chunks is new."""
        head = f"HTTP/{self.version[0]}.{self.version[1]} {self.status} {self.reason or ''}".encode("utf-8", "surrogateescape")
        lines = [name + b": " + value for name, value in self.raw_headers]
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        return b"\r\n".join([head, *lines, b"", body])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Meanwhile nothing arrives: the other side waits."""
        if isinstance(self._connection.protocol, Tap):
            self._connection.protocol.hold()
        yield
        if isinstance(self._connection.protocol, Tap):
            self._connection.protocol.unhold()

    def close(self) -> None:
        """Hang up: no more of it is wanted."""
        self._connection.close()


class Line:
    """A connection, for one request and its answer: `send`, then hear the `reply`; `leave` it in any case."""

    def __init__(self, connection: Connection, door: ClientRequest, limits: Limits, silence: Deadlines) -> None:
        if connection.protocol is None:
            raise AssertionError("it was opened")
        self._connection = connection
        self._protocol = connection.protocol
        self._door = door
        self._silence = silence
        self._replied = False
        self._protocol.set_response_params(
            read_until_eof=True,
            auto_decompress=False,
            read_timeout=limits.idle,
            max_line_size=limits.head_bytes,
            max_field_size=limits.head_bytes,
            max_headers=limits.head_bytes // 4,
        )
        self.wire: Wire | None = self._protocol.wire if isinstance(self._protocol, Tap) else None
        """What comes over it; None where aiohttp has no place for a tap."""

    def send(self, url: Url, headers: Headers, secret: frozenset[str] = frozenset()) -> bytes:
        """Ask for a page. Returns what was sent, the values of our own secrets starred at the same length.

        `secret` are further names of headers, in lower case.

        Raises:
            LostError: the other side has hung up meanwhile.
            ValueError: the address or a header has control characters in it.
        """
        if _SIGNS.search(url):
            raise ValueError(f"an address with control characters in it: {url[:200]!r}")
        door = self._door
        rest, starred = _written(door.headers["Host"], tuple(headers), door.headers.get("Proxy-Authorization"), secret)
        # Through a proxy that sees what we ask the whole address is sent (RFC 9112, section 3.2.2).
        first = f"GET {url if door.proxy and not door.is_ssl() else urls.path(url)} HTTP/1.1\r\n".encode()
        transport = self._protocol.transport
        if transport is None or transport.is_closing():
            raise LostError("the connection was closed before it was used again")
        self._protocol.start_timeout()
        transport.write(first + rest)
        return first + starred

    async def reply(self) -> Reply:
        """The head of the answer, past all interim ones.

        Raises:
            OSError, aiohttp.ClientError, HttpProcessingError: there is none, or none that can be read.
        """
        while True:
            head, content = await self._protocol.read()
            if head.code >= 200 or head.code == 101:
                break
        self._replied = True
        content.on_eof(self._connection.release)
        return Reply(head, content, self._connection, self._silence)

    def leave(self) -> None:
        """Give it back, for the next request; what isn't read to its end is hung up on. Twice does no harm."""
        if self._replied:
            self._connection.release()  # aiohttp's protocol knows whether it may be used again
            if isinstance(self._protocol, Tap) and self.wire is not None:
                self._protocol.rest(self.wire)
        else:
            self._connection.close()


class Lines:
    """Connections of one kind: direct ones, or those through one sort of proxy. They are closed at the end."""

    def __init__(self, connector: TCPConnector, limits: Limits) -> None:
        self._connector = connector
        self._limits = limits
        self._deadlines = Deadlines(limits.total)
        self._silence = Deadlines(limits.idle)
        self._timeout = ClientTimeout(total=None, connect=limits.connect, sock_read=limits.idle)
        # What aiohttp must know of a request to connect is the same for all of a host.
        self._direct = lru_cache(maxsize=_HOSTS)(_door)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connector.close()

    def in_time(self) -> Deadline:
        """`with` it: a request may take so long altogether, from the name to the last byte."""
        return self._deadlines.one()

    async def open(self, url: Url, *, verified: bool, way: Way = PLAIN) -> Line:
        """A line to the host of a URL: one that was kept, or a new one.

        Raises:
            OSError, aiohttp.ClientError: nobody is there, or nobody we may ask.
        """
        origin = urls.origin(url)
        # aiohttp writes into a request what it tells a proxy: such a one isn't kept.
        door = self._direct(origin, verified) if way.proxy is None else _door(origin, verified, way)
        try:
            connection = await self._connector.connect(door, traces=[], timeout=self._timeout)
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError(f"no connection to {origin} in time") from error
        return Line(connection, door, self._limits, self._silence)


def _door(origin: str, verified: bool, way: Way = PLAIN) -> ClientRequest:  # noqa: FBT001 - a key of the cache
    proxy, auth = proxy_of(way)
    by_http = proxy is not None and proxy.startswith("http")
    try:
        # Encoded already, by the one parser: a second one might read another host out of it.
        place = URL(origin, encoded=True)
    except ValueError as error:
        raise AddressError(f"not an address that can be asked: {error}") from None
    return ClientRequest(
        "GET",
        place,
        loop=asyncio.get_running_loop(),
        ssl=verified,
        proxy=URL(proxy) if proxy is not None and by_http else None,
        # aiohttp's own name for what it sends as Proxy-Authorization
        proxy_headers=CIMultiDict({"Authorization": basic(*auth)} if auth else {}) if by_http else None,
    )


@lru_cache(maxsize=_HOSTS)
def _written(host: str, headers: tuple[tuple[str, str], ...], proxy: str | None, secret: frozenset[str]) -> tuple[bytes, bytes]:
    """All lines of a request but its first, as they are sent and as they are kept."""
    said = [("Host", host), *headers]
    if proxy is not None:
        said.append(("Proxy-Authorization", proxy))
    return _lines(said), _lines([(name, _starred(name, value, secret)) for name, value in said])


def _lines(headers: Headers) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers]
    if _SIGNS.search("\t".join(lines)):
        raise ValueError("a header with control characters in it")
    return "\r\n".join((*lines, "", "")).encode()


def _starred(name: str, value: str, secret: frozenset[str]) -> str:
    lower = name.lower()
    return "*" * len(value.encode()) if lower in _SECRETS or lower in secret else value
