"""What the catalog knew, read back from a segment: exchanges from its WARC, readings from the lines beside it. Blocking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import field

from crawler import rights, urls
from crawler.archive import tombs, warc
from crawler.archive.files import told
from crawler.archive.member import Member
from crawler.archive.members import Piece, pieces
from crawler.messages import Head, header, media_type, read_head, read_response
from crawler.model import (
    Anchor,
    Capture,
    CaptureKey,
    Context,
    Kind,
    Millis,
    SegmentId,
    SourceId,
    Url,
    Validators,
    Value,
)
from crawler.robots import MOST_BYTES

ANSWERS: Final = frozenset({"response", "revisit", "resource"})

"""What ends whatever stood before it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SUCCESS: Final = range(200, 300)
_MOST_LINE: Final = 256 << 20


class Gap(Value, frozen=True, kw_only=True):
    """Bytes of a file that are damaged, cut, or nothing we know."""

    offset: int
    length: int


class Gone(Value, frozen=True, kw_only=True):
    """A record or a line that a takedown erased."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.offset + self.length


class Begun(Value, frozen=True, kw_only=True):
    """A segment's first record."""

    archive_id: str | None


class Kept(Value, frozen=True, kw_only=True):
    """One archived exchange, as its three records tell it."""

    capture: Capture
    """Whether it was read isn't said in the WARC: `extracted` is always NOTHING."""
    host: str
    job_url: Url
    """What the visit was for; another address than the capture's for robots.txt."""
    context: Context
    depth: int
    outcome: str | None
    """Of the visit this exchange ends: `fetched`, `refused gone` …; None: more of the visit follows."""
    local: bool
    truncated: bool
    refers_to: Url | None = None
    """The address of the capture that a revisit is one of."""
    target: Url | None = None
    """Where a redirect leads."""
    validators: Validators = Validators()
    robots: bytes | None = None
    """The rules, if this is a robots.txt that was answered."""
    rights: dict[str, str] = field(default_factory=dict)
    """What the robots.txt in force said on reuse."""

    @property
    def end(self) -> int:
        """Where the next exchange begins."""
        return self.capture.offset + self.capture.group_length


class Place(Value, frozen=True, kw_only=True):
    """The part of a line's `capture` that is needed."""

    offset: int
    fetched_at: str


class Reading(Value, frozen=True, kw_only=True):
    """The part of a record line that the catalog is made of."""

    id: str
    url: Url
    title: str | None
    published: str | None
    language: str | None
    text: str
    words: int
    capture: Place
    canonical_url: str | None = None
    fingerprint: str | None = None
    anchors: tuple[Anchor, ...] = ()
    given_up: bool = False


class LineAt(Value, frozen=True, kw_only=True):
    """A line of a `.jsonl`, and where it lies."""

    offset: int
    length: int
    reading: Reading


class _Whole(NamedTuple):
    """A member as it was written."""

    offset: int
    length: int
    member: Member


_reading: Final = msgspec.json.Decoder(Reading).decode


def exchanges(path: Path, segment: SegmentId) -> Iterator[Begun | Kept | Gap | Gone]:
    """All of a WARC in order; a gap is what is damaged, cut, or no whole exchange.

    Raises:
        ArchiveError: the file can't be read.
    """
    group: list[_Whole] = []
    with told(path, "read it"), path.open("rb") as file:
        for piece in pieces(file, path.stat().st_size, len):
            found = _found(piece)
            if not isinstance(found, _Whole) or found.member.kind in ANSWERS:
                yield from _lost(group)
                group = []
            if not isinstance(found, _Whole):
                yield found
                continue
            group.append(found)
            if found.member.kind == "metadata":
                kept = _kept(group, segment)
                yield from _lost(group) if kept is None else (kept,)
                group = []
    yield from _lost(group)


def _found(piece: Piece) -> Gap | Gone | Begun | _Whole:
    """What a piece is; a member that is `_Whole` belongs to an exchange."""
    member = piece.member
    if member is None:
        return Gap(offset=piece.offset, length=piece.length)
    if member.get(tombs.FIELD) is not None:
        return Gone(offset=piece.offset, length=piece.length)
    if member.kind == "warcinfo":
        return Begun(archive_id=fields(member.block).get("archiveId"))
    return _Whole(piece.offset, piece.length, member)


def kept(packed: Sequence[bytes], offset: int, segment: SegmentId) -> Kept | None:
    """What members tell that are about to be written from `offset` on: an answer, perhaps its request, its metadata."""
    group: list[_Whole] = []
    for member in packed:
        for piece in pieces(BytesIO(member), len(member), len):
            if piece.member is None:
                return None
            group.append(_Whole(offset, piece.length, piece.member))
        offset += len(member)
    return _kept(group, segment)


def lines(path: Path) -> Iterator[LineAt | Gap | Gone]:
    """All of a `.jsonl` in order; a gap is a line that is torn or no record's.

    Raises:
        ArchiveError: the file can't be read.
    """
    with told(path, "read it"), path.open("rb") as file:
        offset = 0
        while line := file.readline(_MOST_LINE):
            if tombs.is_line(line):
                yield Gone(offset=offset, length=len(line))
            else:
                yield _line(line, offset) or Gap(offset=offset, length=len(line))
            offset += len(line)


def millis(date: str) -> Millis:
    """The time of a WARC-Date or of a record's `fetched_at`.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(date)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(milliseconds=1)


def _line(line: bytes, offset: int) -> LineAt | None:
    try:
        return LineAt(offset=offset, length=len(line), reading=_reading(line)) if line.endswith(b"\n") else None
    except msgspec.DecodeError:
        return None


def _lost(group: Sequence[_Whole]) -> Iterator[Gap]:
    if group:
        yield Gap(offset=group[0].offset, length=group[-1].offset + group[-1].length - group[0].offset)


def _kept(group: Sequence[_Whole], segment: SegmentId) -> Kept | None:
    """The exchange of an answer, perhaps its request, and its metadata; None: the records don't tell one."""
    answer = group[0].member
    if answer.kind not in ANSWERS:
        return None
    facts = fields(group[-1].member.block)
    try:
        return _told(group, answer, facts, segment)
    except (ValueError, KeyError):
        return None


def _told(group: Sequence[_Whole], answer: Member, facts: Mapping[str, str], segment: SegmentId) -> Kept:
    url = Url(answer.get("WARC-Target-URI") or "")
    job_url = Url(facts.get("jobUrl", url))
    host = urls.host(job_url)
    outcome = facts.get("outcome")
    head = _head(answer) if "status" not in facts or outcome in ("redirected", "fetched") else None
    status, mime = _said(facts, answer, head)
    capture = Capture(
        key=_key(host, url, answer.get("WARC-Date")),
        url=url,
        kind=Kind[facts["kind"].upper()],
        status=status,
        mime=mime,
        digest=_digest(answer, facts, status),
        segment=segment,
        offset=group[0].offset,
        length=group[0].length,
        group_length=sum(placed.length for placed in group),
        revisit_of=_original(answer),
    )
    return Kept(
        capture=capture,
        host=host,
        job_url=job_url,
        context=_context(facts),
        depth=int(facts.get("depth", "0")),
        outcome=outcome,
        local=_is_local(answer),
        truncated=answer.get("WARC-Truncated") is not None,
        refers_to=_refers_to(answer),
        target=_target(head, url) if outcome == "redirected" else None,
        validators=_validators(head) if outcome == "fetched" else Validators(),
        robots=_rules(capture, answer),
        rights={key: facts[name] for key, name in rights.FIELDS.items() if name in facts},
    )


def _key(host: str, url: Url, date: str | None) -> CaptureKey:
    return CaptureKey(host_id=urls.host_id(host), h=urls.url_hash(url), fetched_at=millis(date or ""))


def _is_local(answer: Member) -> bool:
    """A file that was read, not an answer: it has no head, and what repeats one has none either."""
    return answer.kind == "resource" or (answer.kind == "revisit" and answer.get("Content-Type") is None)


def _rules(capture: Capture, answer: Member) -> bytes | None:
    if capture.kind is not Kind.ROBOTS or capture.status not in _SUCCESS:
        return None
    return read_response(answer.block, MOST_BYTES).body


def _head(answer: Member) -> Head | None:
    return None if answer.kind == "resource" else read_head(answer.block)


def _said(facts: Mapping[str, str], answer: Member, head: Head | None) -> tuple[int, str | None]:
    """Status and media type: as noted, or for what was archived before they were, as the head has them."""
    if "status" in facts:
        return int(facts["status"]), facts.get("mime")
    if head is None:
        return 200, media_type(answer.get("Content-Type"))
    return (0 if "unparsed" in facts else head.status), media_type(header(head.headers, "content-type"))


def _digest(answer: Member, facts: Mapping[str, str], status: int) -> str | None:
    """What a later identical payload is recognised by; the record's own digest says more: it speaks of cut payloads too."""
    if answer.get("WARC-Profile") == warc.NOT_MODIFIED or answer.get("WARC-Truncated") or "noOriginal" in facts or not status:
        return None
    return answer.get("WARC-Payload-Digest")


def _original(answer: Member) -> CaptureKey | None:
    if answer.kind != "revisit":
        return None
    url = _refers_to(answer) or Url("")
    return _key(urls.host(url), url, answer.get("WARC-Refers-To-Date"))


def _refers_to(answer: Member) -> Url | None:
    return Url(answer.get("WARC-Refers-To-Target-URI") or "") or None


def _target(head: Head | None, url: Url) -> Url | None:
    location = header(head.headers, "location") if head else None
    try:
        return urls.parse(location, url) if location is not None else None
    except urls.UrlError:
        return None


def _validators(head: Head | None) -> Validators:
    if head is None:
        return Validators()
    return Validators(etag=header(head.headers, "etag"), last_modified=header(head.headers, "last-modified"))


def _context(facts: Mapping[str, str]) -> Context:
    source, via, first = facts.get("source"), facts.get("via"), facts.get("firstUrl")
    return Context(
        source=SourceId(source) if source else None,
        via=Url(via) if via else None,
        first_url=Url(first) if first else None,
        hops=int(facts.get("hopsFromSeed", "0")),
        guid=facts.get("feedGuid"),
        pub_date=facts.get("feedPubDate"),
        title=facts.get("feedTitle"),
        revisit="revisit" in facts,
    )


def fields(block: bytes) -> dict[str, str]:
    """A block of `application/warc-fields`."""
    pairs = (line.partition(": ") for line in block.decode("utf-8", "replace").split("\r\n"))
    return {name: value for name, colon, value in pairs if colon}
