"""One request on its way: what was sent, what came over the wire, and what went wrong; in the end, an outcome."""

from __future__ import annotations

import asyncio
from typing import Final

from crawler import politeness
from crawler.fetching.answers import Answer, Trouble, settle
from crawler.fetching.asking import Headers, Line, Lines, Reply
from crawler.fetching.entrances import PLAIN, Way
from crawler.fetching.faults import RAISED, Fault, NoRoomError, fault, forget_where
from crawler.fetching.intake import Intake
from crawler.fetching.limits import Limits
from crawler.fetching.tap import Wire
from crawler.messages import media_type, read_chunks, split_interim
from crawler.model import Broken, Exchange, Millis, Outcome, Refused, Request, Seconds, Truncated, Unasked, Validators, Value
from crawler.ports import Clock
from crawler.room import Room

_MOST_VALIDATOR: Final = 1024
_BUSY: Final[Millis] = 60_000
"""When to come again for a large answer that there was no room for."""
_ASIDE: Final[Seconds] = 5.0
"""For the body of an answer that is no page: evidence, but a redirect that hangs on it is followed all the same."""
_TAIL: Final = 256
_ENDS: Final = (b">", b"}", b"]")
"""How markup, JSON and the like end."""


class _Ending(Value, frozen=True, kw_only=True):
    """How an answer's body ended."""

    truncated: Truncated | None = None
    trouble: Trouble | None = None
    detail: str = ""


class Call:
    """One GET, from the name to the last byte. `run` it, then ask for its `outcome`."""

    def __init__(
        self, request: Request, limits: Limits, clock: Clock, room: Room, *, verified: bool = True, way: Way = PLAIN
    ) -> None:
        """`verified`: the other side has to prove, inside TLS, who it is. `way` is its source's."""
        self._request = request
        self._limits = limits
        self._clock = clock
        self._verified = verified
        self._way = way
        self._fetched_at = clock.now()
        self._started = clock.monotonic()
        self._sent = b""
        self._wire: Wire | None = None
        self._reply: Reply | None = None
        self._room = room
        self._intake = Intake(limits, clock, room, keep=False)
        self._fault: Fault | None = None
        self._busy = False

    async def run(self, lines: Lines, headers: Headers) -> None:
        """Send it and read the answer, as far as it goes. Raises nothing for what the other side does."""
        try:
            with lines.in_time():
                line = await lines.open(self._request.url, verified=self._verified, way=self._way)
                try:
                    await self._ask(line, headers)
                finally:
                    line.leave()
        except RAISED as error:
            self._fault = fault(error)
            forget_where(error)
            await self._read_again()
        except NoRoomError:
            self._busy = True
        finally:
            if self._wire is not None:
                self._wire.close()

    async def _ask(self, line: Line, headers: Headers) -> None:
        self._wire = line.wire
        self._sent = line.send(self._request.url, headers, self._way.secret)
        self._reply = await line.reply()
        if self._wire is None:  # nothing was tapped: the answer is put together again from its body
            self._intake = Intake(self._limits, self._clock, self._room, keep=True)
        await self._read(self._reply)

    async def _read(self, reply: Reply) -> None:
        if reply.status < 300:
            await self._intake.read(reply)
            return
        async with asyncio.timeout(_ASIDE):
            await self._intake.read(reply)

    async def _read_again(self) -> None:
        """A chunked body that aiohttp stumbled over, but that is all there: line ends of one sign, no line behind the last."""
        if self._wire is None or self._wire.over is not None or self._reply is None:
            return
        if "chunked" not in self._reply.headers.get("Transfer-Encoding", ""):
            return
        body = read_chunks(self._wire.part(self._wire.body_at, self._wire.size))
        if body is not None:
            self._fault = None
            self._intake.leave()
            self._intake = Intake(self._limits, self._clock, self._room, keep=False)
            await self._intake.read_again(self._reply, body)

    def leave(self) -> None:
        """Give back the room that was taken; to be called last, in the step that hands the outcome on."""
        self._intake.leave()
        if self._wire is not None:
            self._wire.forget()

    def outcome(self) -> Outcome:
        """What the answer, or its absence, means."""
        if self._busy:
            return Unasked(due_at=self._clock.now() + _BUSY)
        if self._reply is None:
            return self._no_answer(self._fault or Fault(reason="protocol", detail="no answer"))
        ending = self._ending()
        return settle(
            Answer(
                exchange=self._exchange(self._reply, ending.truncated),
                asked=self._request.validators != Validators(),
                validators=Validators(
                    etag=_validator(self._reply, "ETag"), last_modified=_validator(self._reply, "Last-Modified")
                ),
                location=_only(self._reply, "Location"),
                retry_after=politeness.retry_after(_first(self._reply, "Retry-After"), self._clock.now()),
                trouble=ending.trouble,
                detail=ending.detail,
            )
        )

    def _no_answer(self, found: Fault) -> Outcome:
        if found.address:
            return Refused(reason="address", detail=found.detail)
        if found.ours:
            return Unasked(ours=found.detail)
        if self._wire is None or not self._wire.size:
            return Broken(reason=found.reason, detail=found.detail)
        if self._wire.over is not None:
            found = Fault(reason="too_large", detail=f"the headers are longer than {self._limits.head_bytes} bytes")
        exchange = self._exchange(None, "length" if self._wire.over else _truncated(found))
        return Broken(reason=found.reason, detail=found.detail, exchanges=(exchange,))

    def _ending(self) -> _Ending:
        if self._intake.over or (self._wire is not None and self._wire.over is not None):
            return _Ending(truncated="length")
        if self._fault is not None:
            trouble: Trouble = "time" if self._fault.reason == "timeout" else "cut"
            return _Ending(truncated=_truncated(self._fault), trouble=trouble, detail=self._fault.detail)
        match self._intake.flaw:
            case "early":
                return _Ending(truncated="disconnect", trouble="cut", detail=self._intake.note)
            case "corrupt":
                return _Ending(trouble="cut", detail=self._intake.note)
            case "unknown":
                return _Ending(trouble="unreadable", detail=self._intake.note)
            case "limit" | None:
                return self._end_by_framing()

    def _end_by_framing(self) -> _Ending:
        if self._wire is not None and _goes_on(self._wire):
            return _Ending(trouble="framing", detail=f"more came than the {self._wire.length} bytes of its Content-Length")
        if self._wire is not None and self._wire.ragged:
            return _Ending(truncated="disconnect")
        return _Ending()

    def _exchange(self, reply: Reply | None, truncated: Truncated | None) -> Exchange:
        interim, final, again = self._received(reply)
        tls = self._wire.tls if self._wire is not None else None
        return Exchange(
            url=self._request.url,
            kind=self._request.kind,
            fetched_at=self._fetched_at,
            took=self._clock.monotonic() - self._started,
            request=self._sent,
            response=final,
            interim=interim,
            peer=self._wire.peer if self._wire is not None and self._way.proxy is None else None,
            protocol=_protocol(reply, tls[0] if tls else None),
            cipher=tls[1] if tls else None,
            unverified=tls is not None and not self._verified,
            truncated=truncated,
            rebuilt=again,
            status=reply.status if reply is not None else 0,
            mime=media_type(reply.headers.get("Content-Type")) if reply is not None else None,
            payload_digest=self._intake.digest() if truncated is None else None,
            payload_bytes=self._intake.size,
        )

    def _received(self, reply: Reply | None) -> tuple[bytes, bytes, bool]:
        """Interim answers, the answer, and whether it had to be rebuilt. Where nothing followed an interim one, it is it."""
        if self._wire is not None and self._wire.size:
            received = self._wire.content()
            if self._wire.answered and not self._wire.head_at and self._wire.over is None:
                return b"", received, False
            interim, final = split_interim(received)
            return (interim, final, False) if final else (b"", interim, False)
        return b"", reply.rebuilt(self._intake.kept()) if reply is not None else b"", True


def _truncated(found: Fault) -> Truncated | None:
    match found.reason:
        case "timeout":
            return "time"
        case "cut":
            return "disconnect"
        case _:
            return None


def _protocol(reply: Reply | None, tls: str | None) -> str:
    """`http/1.1`, and after a space `tls/1.3` where it was inside TLS."""
    version = reply.version if reply is not None and reply.version is not None else (1, 1)
    http = f"http/{version[0]}.{version[1]}"
    return f"{http} {tls.lower().replace('tlsv', 'tls/')}" if tls else http


def _goes_on(wire: Wire) -> bool:
    """Whether what came behind the body, by its length, seems to belong to it: then the length lies, and the page is cut.

    Line ends and junk behind a document that has come to its end are common, and harmless.
    """
    if wire.length is None or wire.size <= (end := wire.body_at + wire.length):
        return False
    excess = wire.part(end, end + _TAIL).strip()
    last = wire.part(max(wire.body_at, end - _TAIL), end).rstrip(b" \t\r\n\0")
    return bool(excess) and not last.endswith(_ENDS)


def _only(reply: Reply, name: str) -> str | None:
    """As `_first`; None where several lines of it say different things."""
    said = reply.headers.getall(name, ())
    return _first(reply, name) if said and len(set(said)) == 1 else None


def _first(reply: Reply, name: str) -> str | None:
    """The first value of a header as text: UTF-8, else Latin-1, as raw bytes in headers go."""
    value = reply.headers.get(name)
    if value is None:
        return None
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _validator(reply: Reply, name: str) -> str | None:
    """A header's value, if it can be sent back byte for byte."""
    value = reply.headers.get(name)
    return value if value and value.isprintable() and len(value) <= _MOST_VALIDATOR else None
