"""What a long command is at, on one line of a terminal's stderr; nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console


class Progress:
    """A line that moves; nothing at all where stderr is no terminal. Use it in a `with`."""

    def __init__(self, first: str, *, quiet: bool = False) -> None:
        console = Console(stderr=True)
        self._status = console.status(first) if console.is_terminal and not quiet else None

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

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The line is out of the way: something is printed on the same terminal."""
        if self._status is None:
            yield
            return
        self._status.stop()
        try:
            yield
        finally:
            self._status.start()
