"""Where a segment's files lie: all of it follows from the segment's id."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from crawler.model import Millis, SegmentId, WorkerId
from crawler.ports import ArchiveError

OPEN: Final = ".open"
"""What the name of a WARC ends with as long as it is written to."""

# An id comes from the store; it must not lead out of the archive, whatever stands there.
_SEGMENT: Final = re.compile(r"WARRAQ-(\d{4})(\d\d)(\d\d)(\d{6})(\d{3})-\d{5}-[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def segment_id(now: Millis, serial: int, worker: WorkerId) -> SegmentId:
    """The id of a worker's `serial`-th segment, made now."""
    moment = datetime.fromtimestamp(now // 1000, UTC)
    return SegmentId(f"WARRAQ-{moment:%Y%m%d%H%M%S}{now % 1000:03}-{serial % 100_000:05}-{worker}")


def is_imported(segment: SegmentId) -> bool:
    """Whether a segment holds records that others made."""
    return segment.split("-", 3)[3].startswith("import-")


def created_at(segment: SegmentId) -> Millis:
    """When a segment was named.

    Raises:
        ArchiveError: it is no segment's id.
    """
    year, month, day, clock, thousandths = _parts(segment)
    try:
        moment = datetime.strptime(f"{year}{month}{day}{clock}+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        raise ArchiveError(f"{segment!r} is not the name of a segment: it holds no date") from None
    return round(moment.timestamp()) * 1000 + int(thousandths)


class Names:
    """The paths of one segment."""

    def __init__(self, root: Path, segment: SegmentId) -> None:
        year, month, day, *_ = _parts(segment)
        self.folder = root.joinpath(year, month, day)
        self._segment = segment

    @property
    def sealed(self) -> Path:
        """Its WARC, once it is final."""
        return self.folder / f"{self._segment}.warc.gz"

    @property
    def open(self) -> Path:
        """Its WARC as long as it is written to."""
        return self.folder / f"{self._segment}.warc.gz{OPEN}"

    @property
    def records(self) -> Path:
        """A line for each record."""
        return self.folder / f"{self._segment}.jsonl"

    @property
    def index(self) -> Path:
        """Its CDXJ."""
        return self.folder / f"{self._segment}.cdxj"

    def there(self) -> Path | None:
        """The WARC under whichever of its names; None: there is none."""
        return next((path for path in (self.open, self.sealed) if path.exists()), None)


def _parts(segment: SegmentId) -> tuple[str, ...]:
    found = _SEGMENT.fullmatch(segment)
    if found is None:
        raise ArchiveError(f"{segment!r} is not the name of a segment")
    return found.groups()
