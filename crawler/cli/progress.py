"""What a one-shot is at, on one line of a terminal's stderr; nowhere else."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console

from crawler.engine import Told
from crawler.oneshot import Report


class Progress:
    """A line that follows a report; nothing at all where stderr is no terminal."""

    def __init__(self, report: Report, *, quiet: bool) -> None:
        console = Console(stderr=True)
        self._report = report
        self._status = console.status("asking …") if console.is_terminal and not quiet else None

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    def told(self, _told: Told) -> None:
        """Show how far it is."""
        if self._status is not None:
            self._status.update(
                f"{self._report.records} articles · {len(self._report.misses)} failed · {self._report.bytes // 1000} KB"
            )
