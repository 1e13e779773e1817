"""The archive a command looks at."""

from __future__ import annotations

from pathlib import Path

from crawler.archive.expected import Listing, look
from crawler.ports import ArchiveError


def looked(root: Path, store: Path) -> Listing:
    """What lies in an archive's folder.

    Raises:
        ArchiveError: there is neither a segment nor a store, so it is no archive; or it can't be read.
    """
    listing = look(root)
    if not (listing.files or listing.listed or store.exists()):
        raise ArchiveError(f"{root}: there is no archive here")
    return listing
