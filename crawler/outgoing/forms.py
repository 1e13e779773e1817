"""One export in each form, written into a folder that nobody looks at yet. Blocking."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from crawler import messages
from crawler.archive import handing, wacz
from crawler.archive.files import told
from crawler.archive.places import Places
from crawler.archive.reading import MemberError, read_member
from crawler.archive.recorded import RecordReader
from crawler.export import csv, jsonl, markdown_files
from crawler.model import Record, Span
from crawler.outgoing.stamp import LICENCE, Tally, software
from crawler.ports import ArchiveError, LocalError
from crawler.showing import many
from crawler.store.outgoing import Chosen, Outgoing, Place

_record: Final = msgspec.json.Decoder(Record).decode
_MOST_MEMBER: Final = 1 << 30


class Job(NamedTuple):
    """What is given out, and where to."""

    root: Path
    folder: Path
    outgoing: Outgoing
    tally: Tally
    step: Callable[[], None]
    """Called for each article or capture done."""
    licence: str

    def records(self) -> Iterator[tuple[Chosen, Record]]:
        """The articles in order, each counted; one that a takedown erases meanwhile is passed over.

        Raises:
            ArchiveError: a record can't be read, or isn't as it was written.
        """
        with RecordReader(self.root) as reader:
            for chosen in self.outgoing.articles():
                line = reader.read(*chosen.record)
                if line == "changed":
                    place = chosen.record
                    raise ArchiveError(f"{place.segment} at {place.offset}: the record isn't as it was written")
                if isinstance(line, bytes):
                    yield chosen, self.tally.see(_record(line))
                    self.step()

    def plain(self) -> Iterator[Record]:
        """As `records`, without their places."""
        return (record for _, record in self.records())


def write_jsonl(job: Job) -> None:
    """`articles.jsonl`."""
    _write(job.folder / "articles.jsonl", jsonl.lines(job.plain()))


def write_csv(job: Job) -> None:
    """`articles.csv`."""
    _write(job.folder / "articles.csv", csv.lines(job.plain()))


def write_parquet(job: Job) -> None:
    """`articles.parquet`.

    Raises:
        LocalError: pyarrow isn't installed.
    """
    try:
        parquet = import_module("crawler.export.parquet")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("pyarrow"):
            raise
        raise LocalError("parquet needs pyarrow: pip install 'warraq[parquet]'") from None
    path = job.folder / "articles.parquet"
    with told(path, "write it"):
        parquet.write(path, job.plain())


def write_md(job: Job) -> None:
    """A file an article, in folders by the beginning of its id."""
    places = Places(job.root)
    for chosen, record in job.records():
        path = job.folder / markdown_files.name(record)
        path.parent.mkdir(exist_ok=True)
        _write(path, [markdown_files.document(record, _sha256(chosen.payload, places)).encode()])


def write_warc(job: Job) -> int:
    """WARCs with an index each, and the records as JSON lines; how many captures."""
    spans = (handing.Span(one.segment, one.offset, one.length) for one in job.outgoing.captures())
    for handed in handing.copy(job.root, spans, job.folder, job.step):
        index = handed.path.with_name(handed.path.name.replace(".warc.gz", ".cdxj"))
        _write(index, (f"{line}\n".encode() for line in handed.lines))
    write_jsonl(job)
    return job.outgoing.capture_count()


def write_wacz(job: Job) -> int:
    """`warraq.wacz`; how many captures."""
    spans = (handing.Span(one.segment, one.offset, one.length) for one in job.outgoing.captures())
    with closing(wacz.Packing(job.folder / "warraq.wacz")) as packing:
        for handed in handing.copy(job.root, spans, job.folder, job.step):
            packing.add(handed)
            handed.path.unlink()
        packing.pages(map(_page, job.plain()))
        packing.end(_about(job, job.outgoing.capture_count()))
    return job.outgoing.capture_count()


def _about(job: Job, captures: int) -> wacz.About:
    return wacz.About(
        title="Articles archived by Warraq",
        description=f"{many(len(job.tally.ids), 'article')}, {many(captures, 'capture')}",
        created=job.tally.last or "1970-01-01T00:00:00.000Z",
        software=software(),
        more=_more(job),
    )


def _more(job: Job) -> dict[str, object]:
    licence = {"licenses": [{"name": "other-at", "title": job.licence}]} if job.licence != LICENCE else {}
    return {**licence, "rights": job.licence, "rightsStated": job.tally.rights()}


def _page(record: Record) -> wacz.Page:
    return wacz.Page(id=record.id, url=record.url, ts=record.capture.fetched_at, title=record.title, text=record.text)


def _sha256(place: Place | None, places: Places) -> str | None:
    """Of the payload as it was received, without chunk framing and still content-encoded; None: it can't be read."""
    path = places.names(place.segment).there() if place else None
    if place is None or path is None:
        return None
    try:
        member = read_member(Span(path=str(path), offset=place.offset, length=place.length), _MOST_MEMBER)
    except MemberError:
        return None
    total = hashlib.sha256()
    for piece in messages.entity(member.block) if member.kind == "response" else (member.block,):
        total.update(piece)
    return total.hexdigest()


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with told(path, "write it"), path.open("wb") as file:
        file.writelines(pieces)


FORMS: Final[dict[str, Callable[[Job], int | None]]] = {
    "wacz": write_wacz,
    "warc": write_warc,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "md": write_md,
    "parquet": write_parquet,
}
"""Name -> what writes it; captures are counted where they go out."""
