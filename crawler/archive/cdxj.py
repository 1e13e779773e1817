"""The index of a segment: a sorted line a capture, as pywb and cdxj-indexer read it (CDXJ). Blocking only in `index`."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from heapq import merge
from itertools import islice, pairwise
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from crawler.archive.member import Member, Placed
from crawler.archive.through import members
from crawler.messages import Headers, read_head
from crawler.model import Value

_ANSWERS: Final = frozenset({"response", "revisit", "resource"})
# No answer of ours has a longer one; of a body no more than this is held to index it.
_MOST_HEAD: Final = 1 << 20
# Of no bytes at all: what the tools write where there is no payload.
_NO_PAYLOAD: Final = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
_PARAMETERS: Final = re.compile(r"[;\s]")
_WWW: Final = re.compile(r"\Awww\d*\.")
_PORT: Final = re.compile(r"(.*):(\d+)")
_PORTS: Final = {"http": 80, "https": 443}
_SESSION: Final = re.compile(r"(?:\A|(?<=&))(?:jsessionid|phpsessid|sid|aspsessionid[a-z]{8})=[0-9a-z]{24,32}(?:&|\Z)")
_NEEDS_NO_ESCAPE: Final = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in "#%")
# Lines that are given at a time.
_TOLD: Final = 1_000
# zlib's, 4 KB back: a line is like the one before it, and sixty runs are unpacked side by side.
_WINDOW: Final = -12
_STEP: Final = 512  # packed bytes of each run at a time: all runs are open at once while they are merged
# Of escapes within escapes; no honest address has more.
_MOST_LAYERS: Final = 8


class Told(Value, frozen=True, kw_only=True):
    """What one pass over a segment tells, besides its answers."""

    records: int
    first: str | None
    """WARC-Date of the first and of the last record, the warcinfo left out."""
    last: str | None


class Index(Value, frozen=True, kw_only=True):
    """All that it tells."""

    told: Told
    lines: SortedLines
    """Of the CDXJ file."""

    @property
    def text(self) -> bytes:
        """The CDXJ file as a whole."""
        return b"".join(self.lines.pieces())


def index(path: Path) -> Index:
    """Read a WARC through and index its answers.

    Raises:
        ArchiveError: it can't be read.
    """
    lines = SortedLines()
    first, last = None, None
    count = 0
    for placed in members(path, _MOST_HEAD):
        count += 1
        if placed.member.kind != "warcinfo":
            date = placed.member.get("WARC-Date") or ""
            first = date if first is None else min(first, date)
            last = date if last is None else max(last, date)
        if placed.member.kind in _ANSWERS:
            lines.add(entry(placed, path.name))
    return Index(told=Told(records=count, first=first, last=last), lines=lines)


class SortedLines:
    """Lines, sorted in runs that are kept packed: a gigabyte of WARC has 60,000, of 20 MB.

    A list of so many left a daemon 44 MB larger for good, runs of 4,096 packed each by itself 5 MB: all of them lie in one
    piece of memory that the system gets back, and of a run no more is unpacked at a time than a few lines.
    """

    def __init__(self, most: int = 1_024) -> None:
        self._most = most
        """In a run."""
        self._run: list[bytes] = []
        self._packed = bytearray()
        self._ends: list[int] = []

    def add(self, line: str) -> None:
        """One more, without its line end."""
        self._run.append(line.encode())
        if len(self._run) == self._most:
            self._end_run()

    def pieces(self) -> Iterator[bytes]:
        """All of them, a thousand at a time; may be asked again."""
        self._end_run()
        runs = pairwise((0, *self._ends))
        lines = merge(*(self._unpacked(begin, end) for begin, end in runs))
        while some := list(islice(lines, _TOLD)):
            yield b"\n".join([*some, b""])

    def _end_run(self) -> None:
        if self._run:
            packer = zlib.compressobj(1, wbits=_WINDOW)
            for line in sorted(self._run):
                self._packed += packer.compress(line + b"\n")
            self._packed += packer.flush()
            self._ends.append(len(self._packed))
            self._run.clear()

    def _unpacked(self, begin: int, end: int) -> Iterator[bytes]:
        inflater, rest = zlib.decompressobj(wbits=_WINDOW), b""
        for at in range(begin, end, _STEP):
            *lines, rest = (rest + inflater.decompress(self._packed[at : min(at + _STEP, end)])).split(b"\n")
            yield from lines


def entry(placed: Placed, filename: str) -> str:
    """The line of one answer, without its line end: `<surt> <14 digits> {json}`."""
    member = placed.member
    url = member.get("WARC-Target-URI") or ""
    told = {"url": url, **dict(_about(member)), "length": placed.length, "offset": placed.offset, "filename": filename}
    moment = re.sub(r"\D", "", member.get("WARC-Date") or "")[:14]
    return f"{surt(url)} {moment} {json.dumps({name: str(value) for name, value in told.items()}, ensure_ascii=False)}"


def _about(member: Member) -> Iterator[tuple[str, str]]:
    """Media type, status and digest, where they are known."""
    head = None if member.kind == "resource" else read_head(member.block[:_MOST_HEAD])
    declared = member.get("Content-Type") if head is None else _first(head.headers, "content-type")
    if member.kind == "revisit":
        yield "mime", "warc/revisit"
    elif declared is not None:
        yield "mime", _PARAMETERS.split(declared, maxsplit=1)[0]
    if head is not None and head.status:
        yield "status", str(head.status)
    yield "digest", member.get("WARC-Payload-Digest") or _NO_PAYLOAD


def _first(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def surt(url: str) -> str:
    """An address in the order archives sort by: `com,example)/path?query`, lower-case, without `www.`; a urn as it is.

    As the `surt` package writes it, whose keys the tools of web archives look up: escapes taken off where they aren't needed,
    slashes not doubled, parameters sorted, the commonest session parameters left out.
    """
    if not url.startswith(("http://", "https://")):
        return url.lower()
    scheme, _, rest = url.partition("#")[0].lower().partition("://")
    netloc, slash, path = rest.partition("/")
    path, _, query = _plain(slash + path).partition("?")
    path = re.sub("/{2,}", "/", path).rstrip("/") or "/"
    query = "&".join(sorted(_SESSION.sub("", query).strip("&").split("&")))
    return f"{_authority(netloc, scheme)}){path}{'?' if query else ''}{query}"


def _plain(text: str) -> str:
    """Escaped only where it must be, in small letters."""
    data = text.encode()
    for _ in range(_MOST_LAYERS):
        once = unquote_to_bytes(data)
        if once == data:
            break
        data = once
    return quote(data, safe=_NEEDS_NO_ESCAPE).lower()


def _authority(netloc: str, scheme: str) -> str:
    found = _PORT.fullmatch(netloc)
    name, port = found.group(1, 2) if found else (netloc, "")
    shown = f":{port}" if port and int(port) != _PORTS[scheme] else ""
    if name.startswith("["):
        return name.strip("[]") + shown
    return ",".join(reversed(_WWW.sub("", name, count=1).rstrip(".").split("."))) + shown
