"""An archive with what may be in one, and what a store says of it; and ways to damage it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from crawler.archive.case import Counts
from crawler.archive.expected import Said, look
from crawler.archive.names import Names
from crawler.archive.verify import verify
from crawler.model import (
    Article,
    Capture,
    Context,
    Finding,
    LinePlace,
    SegmentId,
    Shelved,
    Url,
    Visit,
)
from crawler.records import page_record
from tests.archive.samples import NOW, PAGE, WORKER, archive, exchange, job, name, not_modified, pages, state, visit

ARTICLE = Article(title="وصل الرئيس", text="صوت العقل هو ما تبقى من الخبر، ثم انتهى الكلام.", language="ar")


@dataclass
class Kept:
    """An archive's folder, and the rows of its store."""

    root: Path
    shelved: dict[SegmentId, Shelved] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    lines: list[LinePlace] = field(default_factory=list)

    def said(self) -> Said:
        return Said(
            archive_id="test-archive",
            shelved=tuple(row for _, row in sorted(self.shelved.items())),
            captures=iter(sorted(self.captures, key=lambda row: (row.segment, row.offset))),
            lines=iter(sorted(self.lines, key=lambda row: (row.segment, row.offset))),
        )

    def look(self, *, deep: bool = True, alone: bool = False) -> list[Finding]:
        """What verify says, notes left out."""
        found = verify(look(self.root), None if alone else self.said(), Counts(), deep=deep)
        return [finding for finding in found if finding.what != "note"]

    def notes(self, *, alone: bool = False) -> list[Finding]:
        found = verify(look(self.root), None if alone else self.said(), Counts(), deep=True)
        return [finding for finding in found if finding.what == "note"]

    def names(self, serial: int = 1) -> Names:
        return Names(self.root, name(serial))


def visits(number: int, *, at: int, filler: bytes = b"") -> list[Visit]:
    """Pages, a local document, a repeated payload, an answer cut short, one that said nothing new."""
    fresh = pages(number, start=at)
    local = exchange(b"<p>given</p>", url=Url("urn:sha256:00"), at=NOW + at + 500, head=b"", request=b"", peer=None, status=0)
    body = f"<p>{at}</p>".encode() + filler
    first = exchange(body, at=NOW + at + 501)
    again = exchange(body, url=Url("https://news.example/again"), at=NOW + at + 502)
    cut = exchange(body[:2], at=NOW + at + 503, truncated="length", payload_digest=None)
    context = Context(via="https://news.example/rss", guid="خ", title="عنوان")
    return [
        *fresh,
        visit(local),
        visit(first, job_=job(PAGE, context=context)),
        visit(again),
        visit(cut),
        not_modified(NOW + at + 504),
    ]


async def fill(root: Path, serials: Sequence[int], *, seal: bool, number: int = 4, filler: bytes = b"", **more: object) -> Kept:
    """Segments with visits and records, sealed or not; all in them is acknowledged."""
    kept = Kept(root)
    made = archive(root, **more)
    for serial in serials:
        await made.create(name(serial), WORKER, NOW)
        written = await made.write(visits(number, at=serial * 1000, filler=filler), {}, {})
        made.keep()
        receipts = [receipt for receipts in written.receipts for receipt in receipts]
        readable = [receipt for receipt in receipts if receipt.capture.status == 200]
        lines = await made.write_records(name(serial), [page_record(receipt, ARTICLE, "t/1") for receipt in readable])
        kept.captures += [receipt.capture for receipt in receipts]
        kept.lines += [
            LinePlace(
                segment=name(serial),
                offset=offset,
                length=length,
                article_id=page_record(receipt, ARTICLE, "t/1").id,
                version=1,
            )
            for receipt, (offset, length) in zip(readable, lines.spans, strict=True)
        ]
        row = Shelved(state=state(name(serial), written.size, lines.size), captures=len(receipts))
        if seal:
            digest = await made.seal(name(serial), WORKER, NOW)
            row = replace(row, state=replace(row.state, state="sealed"), sha256=digest, sealed_at=NOW)
        kept.shelved[name(serial)] = row
    await made.close()
    return kept


@contextmanager
def changed(path: Path, at: int, mask: int) -> Iterator[None]:
    """One byte is another for a while."""
    before = path.read_bytes()
    after = bytearray(before)
    after[at] ^= mask
    path.write_bytes(after)
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def cut(path: Path, size: int) -> Iterator[None]:
    """The file is shorter for a while."""
    before = path.read_bytes()
    path.write_bytes(before[:size])
    try:
        yield
    finally:
        path.write_bytes(before)
