"""The archive's list of finished files: `manifest.jsonl`, a line each, only ever added to. Blocking."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Final

import msgspec

from crawler.archive import files
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.model import Value

NAME: Final = "manifest.jsonl"


class SealedFile(Value, frozen=True, kw_only=True, omit_defaults=False, tag_field="what", tag="segment"):
    """One sealed segment. Sealed again after a crash, all but the last two would be the same; the first line stays."""

    file: str
    """The WARC, relative to the archive's folder."""
    bytes: int
    sha256: str
    records: int
    first: str | None
    """WARC-Date of its first record, and of its last."""
    last: str | None
    parsed: int
    """Bytes of the records beside it, when it was sealed."""
    owner: str | None
    """The worker that wrote it last."""
    sealed_at: str | None
    """RFC 3339 with milliseconds, UTC."""


def add(root: Path, entry: SealedFile, device: Device = DISK) -> None:
    """Add a line and make it durable; a file that has its line already gets no second one.

    A last line that was torn by a crash is cut off before: it was never acknowledged.

    Raises:
        ArchiveError: the list can't be written.
    """
    path = root / NAME
    with told(path, "write the list of sealed files"), path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not _listed(path, entry.file):
            device.cut(file.fileno(), _whole(path))
            files.write_all(file.fileno(), [msgspec.json.encode(entry), b"\n"], device)
            device.sync(file.fileno())
            files.sync_folder(root, device)


def _listed(path: Path, name: str) -> bool:
    said = b'"file":' + msgspec.json.encode(name)
    with path.open("rb") as file:
        return any(said in line and line.endswith(b"\n") for line in file)


def _whole(path: Path) -> int:
    """Length up to the end of the last whole line."""
    size = 0
    with path.open("rb") as file:
        for line in file:
            size += len(line) if line.endswith(b"\n") else 0
    return size
