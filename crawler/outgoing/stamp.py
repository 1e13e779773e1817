"""What an export says of itself: `export.json` beside it. Nothing of the moment is in it, so twice is the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Final

import msgspec

from crawler.archive.files import told
from crawler.model import Record, Value
from crawler.version import VERSION

NAME: Final = "export.json"
LICENCE: Final = (
    "No licence is given with this export. Texts and pictures belong to their publishers; what these say on reuse stands with "
    "each article and is counted under `rights`."
)
_MOST_RIGHTS: Final = 200  # hosts that reserve rights, the most frequent first; a stamp is read by people


class Listed(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A file of an export."""

    path: str
    bytes: int
    sha256: str


class Stamp(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What is in it, of what, and under which terms."""

    form: str
    software: str
    archive: str
    """The archive's id."""
    chosen: dict[str, str]
    articles: int
    captures: int | None
    first: str | None
    """When the first page was fetched, and the last."""
    last: str | None
    licence: str
    rights: dict[str, int]
    """What publishers say on reuse, with the number of articles."""
    files: tuple[Listed, ...] | None
    """None: too many to be named."""


class Tally:
    """Counts what goes out."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.first: str | None = None
        self.last: str | None = None
        self._rights: Counter[str] = Counter()

    def see(self, record: Record) -> Record:
        """Take a record in, and hand it on."""
        at = record.capture.fetched_at
        self.ids.append(record.id)
        self.first = min(self.first or at, at)
        self.last = max(self.last or at, at)
        self._rights.update(f"{signal}: {said}" for signal, said in record.rights.items())
        return record

    def rights(self) -> dict[str, int]:
        """The commonest first, then by name."""
        return dict(sorted(self._rights.items(), key=lambda one: (-one[1], one[0]))[:_MOST_RIGHTS])


def software() -> str:
    """Who made it."""
    return f"Warraq/{VERSION}"


def listed(folder: Path, most: int = 1_000) -> tuple[Listed, ...] | None:
    """The files of a folder with their sums; None: there are more than `most`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(paths) > most:
        return None
    found = []
    for path in paths:
        with told(path, "read it"), path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found.append(Listed(path=path.relative_to(folder).as_posix(), bytes=path.stat().st_size, sha256=digest))
    return tuple(found)


def text(stamp: Stamp) -> bytes:
    """As a file."""
    return msgspec.json.format(msgspec.json.encode(stamp), indent=2) + b"\n"
