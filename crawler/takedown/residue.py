"""Whether a page's words are left in the files of the store. Blocking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from crawler.archive.files import told
from crawler.takedown.scope import Scope, Searcher

_STEP: Final = 1 << 22
_LEAST: Final = 12  # bytes; what is shorter stands somewhere in each store
_LAP: Final = 1 << 14  # the longest address there is (`urls.MOST_CHARS`) is found across two pieces, too


def needles(scope: Scope, searcher: Searcher) -> tuple[bytes, ...]:
    """What would betray it: addresses, and headlines as the store holds them; the short ones say nothing."""
    words = {*scope.urls, *searcher.titles}
    return tuple(word.encode() for word in sorted(words) if len(word) >= _LEAST)


def found(store: Path, words: Sequence[bytes]) -> bool:
    """Whether any of these stands in a store's file or its log.

    Raises:
        ArchiveError: a file can't be read.
    """
    return any(_holds(path, words) for path in (store, store.with_name(f"{store.name}-wal")) if path.exists())


def copies(store: Path, words: Sequence[bytes]) -> list[Path]:
    """Older copies of a store beside it that hold one of these."""
    beside = sorted(store.parent.glob(f"{store.name}.*bak*"))
    return [path for path in beside if path.is_file() and _holds(path, words)]


def _holds(path: Path, words: Sequence[bytes]) -> bool:
    with told(path, "look through it"):
        return any(word in window for window in _windows(path) for word in words)


def _windows(path: Path) -> Iterator[bytes]:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(_STEP):
            yield before + piece
            before = piece[-_LAP:]
