"""What a long command is at, on one line of a terminal's stderr; nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status


class Progress:
    """A line that moves; nothing at all where stderr is no terminal. Use it in a `with`."""

    def __init__(self, first: str, *, quiet: bool = False) -> None:
        self._status = _status(first) if sys.stderr.isatty() and not quiet else None

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


def _status(first: str) -> Status | None:
    """rich's; it is loaded for who sees it, and takes 20 ms."""
    console: Console = import_module("rich.console").Console(stderr=True)
    return console.status(first) if console.is_terminal else None
