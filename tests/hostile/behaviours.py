"""What a behaviour is: what a server does when it is asked, and what is right for a crawler to make of it."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Final, Literal

from msgspec import field

from crawler.model import Value

Right = Literal["stored", "refused", "marked"]
"""`stored`: the whole page is kept. `refused`: nothing is kept as a page. `marked`: the part that came, and it says so."""

Certificate = Literal["good", "expired", "self-signed", "wrong-host", "untrusted", "not-yet"]

MARK: Final = "مرساة-4711"
"""Stands in the last paragraph of every page: who shows it has read the page to its end."""


class Flood(Value, frozen=True, kw_only=True):
    """A step: the same bytes again and again, `times` or until the other side hangs up."""

    piece: bytes
    times: int | None = None


class Does(Value, frozen=True, kw_only=True):
    """A step without bytes."""

    what: Literal["reset", "stay", "cut"]
    """End with a RST; say no more and hang on; end the connection below TLS, without its goodbye."""


RESET: Final = Does(what="reset")
STAY: Final = Does(what="stay")
CUT: Final = Does(what="cut")

Step = bytes | float | Flood | Does
"""Bytes to send, seconds to wait, or more."""


class Behaviour(Value, frozen=True, kw_only=True):
    """One thing a server may do."""

    name: str
    right: Right
    steps: tuple[Step, ...]
    """What follows a request for the page; then the connection is closed."""
    reason: str = ""
    """Of what is refused: our word for it, where it matters."""
    more: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    """The same for other paths."""
    first: tuple[tuple[Step, ...], ...] = ()
    """What follows the first requests for the page, before it comes to `steps`."""
    never: tuple[str, ...] = ()
    """Paths that must not be asked for."""
    tls: Certificate | None = None
    newest: Literal["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"] = "TLSv1.3"
    """The newest version the server speaks."""
    asked: Literal["http", "https"] | None = None
    """None: as the server speaks."""
    early: tuple[Step, ...] | None = None
    """Said at once on connect, in place of all else."""
    bounded: bool = False
    """A bomb: memory is looked at."""
    mark: str = MARK

    @property
    def waits(self) -> bool:
        """Whether it keeps who asks waiting."""
        answers = (self.steps, *self.more.values(), *self.first, self.early or ())
        return any(step is STAY or isinstance(step, float) for steps in answers for step in steps)


def good(name: str, *steps: Step, **more: object) -> Behaviour:
    """Odd, but a page."""
    return Behaviour(name=name, right="stored", steps=steps, **more)  # type: ignore[arg-type]


def bad(name: str, reason: str, *steps: Step, **more: object) -> Behaviour:
    """No page, or no whole one."""
    return Behaviour(name=name, right="refused", reason=reason, steps=steps, **more)  # type: ignore[arg-type]


def marked(name: str, *steps: Step, **more: object) -> Behaviour:
    """More than we take."""
    return Behaviour(name=name, right="marked", steps=steps, **more)  # type: ignore[arg-type]


PARAGRAPHS: Final = (
    (
        "The harbour master said on Tuesday that the old breakwater will be rebuilt before the winter storms arrive, after "
        "three years in which the council, the fishermen and the insurers could not agree on who should pay for the stone."
    ),
    (
        "افتتحت المدينة صباح اليوم المكتبة الجديدة بعد أعمال ترميم استمرت أربع سنوات، وحضر الافتتاح مئات من سكان الحي القديم "
        "الذين رووا ذكرياتهم مع قاعاتها ومخطوطاتها، وقال المدير إن الأبواب ستبقى مفتوحة حتى المساء."
    ),
    f"Work begins in March, and the ferry will use the eastern pier until it is done, the council added. {MARK}",
)


def html(*paragraphs: str, head: str = '<meta charset="utf-8">', title: str = "The old breakwater is rebuilt") -> str:
    """A page of news with these paragraphs."""
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs or PARAGRAPHS)
    return (
        f"<!DOCTYPE html>\n<html><head>{head}<title>{title}</title></head>\n"
        f"<body><article><h1>{title}</h1>\n{text}</article></body></html>\n"
    )


PAGE: Final = html().encode()
PACKED: Final = gzip.compress(PAGE, mtime=0)
SHORTENED: Final = PAGE[: len(PAGE) * 2 // 3]
"""Without its end and the mark."""


def head(*lines: str, status: str = "HTTP/1.1 200 OK", mime: str | None = "text/html; charset=utf-8") -> bytes:
    """The head of an answer; these lines are its headers, besides the type."""
    typed = [f"Content-Type: {mime}"] if mime is not None else []
    return "\r\n".join([status, *typed, *lines, "", ""]).encode("utf-8", "surrogateescape")


def answer(
    *lines: str, body: bytes = PAGE, status: str = "HTTP/1.1 200 OK", mime: str | None = "text/html; charset=utf-8"
) -> bytes:
    """An answer with a length."""
    return head(*lines, f"Content-Length: {len(body)}", status=status, mime=mime) + body


def coded(coding: str, body: bytes, *lines: str, mime: str | None = "text/html; charset=utf-8") -> bytes:
    """An answer with a length and a content coding."""
    return answer(f"Content-Encoding: {coding}", *lines, body=body, mime=mime)


def chunks(
    body: bytes = PAGE, size: int = 400, *, extension: bytes = b"", end: bytes = b"0\r\n\r\n", line: bytes = b"\r\n"
) -> bytes:
    """A body in chunks."""
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x%b%b%b%b" % (len(part), extension, line, part, line) for part in parts) + end


CHUNKED: Final = head("Transfer-Encoding: chunked")


def chunked(body: bytes) -> bytes:
    """An answer with this body, framed already."""
    return CHUNKED + body
