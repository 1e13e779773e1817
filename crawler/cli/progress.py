"""What a one-shot is at, on one line of a terminal's stderr; nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console

from crawler.model import Record


class Progress:
    """A line that moves; nothing at all where stderr is no terminal."""

    def __init__(self, *, quiet: bool) -> None:
        console = Console(stderr=True)
        self._status = console.status("asking …") if console.is_terminal and not quiet else None

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, line: str) -> None:
        """Say how far it is."""
        if self._status is not None:
            self._status.update(line)

    def aside(self, give: Callable[[Record], None]) -> Callable[[Record], None]:
        """`give`, with the line out of the way: records may go to the same terminal."""

        def giving(record: Record) -> None:
            if self._status is None:
                give(record)
                return
            self._status.stop()
            give(record)
            self._status.start()

        return giving
