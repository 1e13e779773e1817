"""Making a segment final. Blocking; every step may be done again after a crash and gives the same files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from crawler.archive import apart, files, manifest, warc
from crawler.archive.files import told
from crawler.archive.segment import Segment
from crawler.model import Millis, Value, WorkerId
from crawler.ports import ArchiveError


class Sealer(Value, frozen=True, kw_only=True):
    """Who makes a segment final, and when; for the manifest."""

    worker: WorkerId | None = None
    now: Millis | None = None


def seal(segment: Segment, root: Path, sealer: Sealer) -> bytes:
    """Sync, rename, index, list; the sha256 of the WARC. An empty segment is removed and gives b"". The lock stays.

    Raises:
        ArchiveError: a step failed, or something in it isn't acknowledged yet.
    """
    if segment.warc.size != segment.warc.kept:
        raise ArchiveError(f"{segment.warc.path}: cannot be sealed, what was written last isn't acknowledged")
    segment.warc.sync()
    segment.records.sync()
    with told(segment.warc.path, "seal it"):
        if segment.empty:
            _remove(segment)
            return b""
        if segment.open:
            _rename(segment)
        return _list(segment, root, sealer)


def _remove(segment: Segment) -> None:
    for grown in (segment.records, segment.warc):
        # Not there: an earlier try got as far as this.
        if grown.path.exists() and (grown is segment.warc or grown.size == 0):
            segment.device.remove(grown.path)
    files.sync_folder(segment.names.folder, segment.device)


def _rename(segment: Segment) -> None:
    names = segment.names
    if names.sealed.exists():
        raise ArchiveError(f"{names.sealed}: is there already")
    segment.device.rename(names.open, names.sealed)
    segment.warc.path = names.sealed
    files.sync_folder(names.folder, segment.device)


def _list(segment: Segment, root: Path, sealer: Sealer) -> bytes:
    names = segment.names
    with apart.indexed(names.sealed) as (told_of_it, pieces):
        files.replace_file(names.index, pieces, segment.device)
    digest = _sha256(names.sealed)
    entry = manifest.SealedFile(
        file=names.sealed.relative_to(root).as_posix(),
        bytes=segment.warc.size,
        sha256=digest.hex(),
        records=told_of_it.records,
        first=told_of_it.first,
        last=told_of_it.last,
        parsed=segment.records.size,
        parsed_sha256=_sha256(names.records).hex(),
        owner=sealer.worker,
        sealed_at=None if sealer.now is None else warc.date(sealer.now),
    )
    manifest.add(root, entry, segment.device)
    return digest


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
