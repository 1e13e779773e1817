"""What goes wrong on our own side: raised, never a value."""

from __future__ import annotations


class LocalError(Exception):
    """Our own side failed: the disk, the store, a folder we may not write. Exit code 4.

    `again`: the same may be tried again, and may work then (the disk was full); nothing was changed.
    """

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class StoreError(LocalError):
    """The store can't be opened, read or written; says which file and what to do."""


class ArchiveError(LocalError):
    """The archive can't be written, or what lies there isn't what the store says; names the file."""


class HalfMadeError(ArchiveError):
    """A segment couldn't be made, and what was begun of it couldn't be taken away: its row stays, for the next start."""


class LeaseLost(Exception):  # noqa: N818 - not an error: another worker took over, as the protocol allows
    """The host's lease ran out and somebody else holds it; the jobs at hand are theirs now."""
