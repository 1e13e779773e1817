"""Members back to exchanges: an answer, its request, its metadata, each belonging to the other. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crawler import messages
from crawler.archive import tombs, warc
from crawler.archive.member import Member
from crawler.archive.members import Piece
from crawler.model import SegmentId, Value

ANSWERS: Final = frozenset({"response", "revisit", "resource"})


class Answer(Value, frozen=True, kw_only=True):
    """What a capture points to."""

    offset: int
    length: int
    group_length: int | None
    """None: a member of the exchange is damaged, and where it ends isn't known."""
    record_id: str
    url: str
    digest: str | None
    refers_to: str | None


class Wrong(Value, frozen=True, kw_only=True):
    """A record that isn't as it should be."""

    offset: int
    detail: str


class Exchanges:
    """Takes the pieces of one segment in order; gives what is wrong with them, and the answers when they are whole."""

    def __init__(self, segment: SegmentId, archive_id: str | None, erased: frozenset[int] = frozenset()) -> None:
        """`erased`: where takedowns erased records, as the manifest says."""
        self._erased = erased
        self._segment = segment
        self._archive_id = archive_id
        self._info = warc.warcinfo_id(archive_id, segment) if archive_id else None
        self._answer: Piece | None = None
        self._request: str | None = None
        self._lost = False
        """A member of this exchange, or of the one before, is damaged: what follows may lack what it refers to."""

    def take(self, piece: Piece) -> Iterator[Answer | Wrong]:
        """The next piece."""
        if piece.member is None:
            yield from self._close(None)
            self._lost = True
            return
        for detail in self._record(piece.member):
            yield Wrong(offset=piece.offset, detail=detail)
        if piece.member.get(tombs.FIELD) is not None:
            yield from self._tomb(piece)
        elif piece.member.kind == "warcinfo":
            yield from self._begin(piece, piece.member)
        elif piece.member.kind in ANSWERS:
            yield from self._close(piece.offset)
            self._answer, self._request, self._lost = piece, None, False
        else:
            yield from self._belonging(piece, piece.member)

    def end(self) -> Iterator[Answer | Wrong]:
        """There are no more."""
        yield from self._close(None)

    @property
    def whole(self) -> bool:
        """No exchange is begun and not ended."""
        return self._answer is None

    def _tomb(self, piece: Piece) -> Iterator[Answer | Wrong]:
        """What stands for an erased record. Of an exchange all is erased, so it ends whatever stood before it."""
        if self._answer is not None:
            yield from self._close(piece.offset)
        self._lost = True
        if piece.offset not in self._erased:
            yield Wrong(offset=piece.offset, detail="erased, but no takedown in the manifest says so")

    def _begin(self, piece: Piece, member: Member) -> Iterator[Wrong]:
        if piece.offset:
            yield Wrong(offset=piece.offset, detail="a second warcinfo")
        for detail in info_faults(member, self._segment, self._archive_id):
            yield Wrong(offset=piece.offset, detail=detail)
        self._info = self._info or member.get("WARC-Record-ID")

    def _belonging(self, piece: Piece, member: Member) -> Iterator[Answer | Wrong]:
        """A request or the metadata: the latter ends its exchange."""
        answer = self._answer
        if answer is None or answer.member is None:
            if not self._lost:
                yield Wrong(offset=piece.offset, detail=f"a {member.kind} record without an answer before it")
            return
        if member.get("WARC-Concurrent-To") != answer.member.get("WARC-Record-ID"):
            yield Wrong(offset=piece.offset, detail=f"the {member.kind} record names another answer than the one before it")
        if member.kind == "request":
            self._request = member.get("WARC-Record-ID")
            return
        if answer.member.get("WARC-Concurrent-To") != self._request:
            yield Wrong(offset=answer.offset, detail="the answer names another request than the one behind it")
        self._answer = None
        yield _told(answer, answer.member, piece.offset + piece.length - answer.offset)

    def _close(self, next_at: int | None) -> Iterator[Answer | Wrong]:
        """An exchange that didn't end by itself."""
        answer, self._answer = self._answer, None
        if answer is None or answer.member is None:
            return
        if next_at is not None:
            yield Wrong(offset=answer.offset, detail="no metadata record follows the answer")
        yield _told(answer, answer.member, None if next_at is None else next_at - answer.offset)

    def _record(self, member: Member) -> Iterator[str]:
        if member.get("WARC-Block-Digest") != warc.digest(member.block):
            yield "the block digest is wrong"
        if not _payload_fits(member):
            yield "the payload digest is wrong"
        if not member.get("WARC-Record-ID"):
            yield "the record has no id"
        if self._info and member.kind != "warcinfo" and member.get("WARC-Warcinfo-ID") != self._info:
            yield "the record belongs to another file"


def _payload_fits(member: Member) -> bool:
    """A revisit's is of what it repeats, which isn't here to be compared with."""
    said = member.get("WARC-Payload-Digest")
    if said is None or member.kind not in ("response", "resource"):
        return True
    return said == warc.digest_of(messages.entity(member.block) if member.kind == "response" else (member.block,))


def info_faults(info: Member, segment: SegmentId, archive_id: str | None) -> Iterator[str]:
    """What is wrong with a segment's first record."""
    if info.kind != "warcinfo":
        yield "the file doesn't begin with a warcinfo"
        return
    named = info.get("WARC-Filename")
    if named != f"{segment}.warc.gz":
        yield f"the file says that it is {named}"
    elif archive_id and info.get("WARC-Record-ID") != warc.warcinfo_id(archive_id, segment):
        yield "the file belongs to another archive"


def _told(piece: Piece, member: Member, group_length: int | None) -> Answer:
    return Answer(
        offset=piece.offset,
        length=piece.length,
        group_length=group_length,
        record_id=member.get("WARC-Record-ID") or "",
        url=member.get("WARC-Target-URI") or "",
        digest=member.get("WARC-Payload-Digest"),
        refers_to=member.get("WARC-Refers-To"),
    )
