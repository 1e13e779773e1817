"""Where the records of a one-shot go: stdout as they come, or a file that appears when it is whole."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final, Literal

from crawler.export import array, html, jsonl, markdown
from crawler.model import Record

Form = Literal["json", "jsonl", "md", "html"]

_OF_WRITES: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What else is nameless, as too many open files, is none of the output's."""


class Output:
    """Takes records in the order of their coming; an array and a page of HTML are written when all are there."""

    def __init__(self, to: IO[bytes], form: Form) -> None:
        self._to = to
        self._form = form
        self._held: list[Record] = []
        self._given = 0

    def give(self, record: Record) -> None:
        """Write a record, or hold it."""
        match self._form:
            case "json" | "html":
                self._held.append(record)
            case "jsonl":
                self._to.write(jsonl.line(record))
            case "md":
                rule = "\n---\n\n" if self._given else ""
                self._to.write((rule + markdown.document(record)).encode())
        self._given += 1
        self._to.flush()

    def end(self) -> None:
        """All records are there."""
        if self._form == "json":
            self._to.writelines(array.array(self._held))
        elif self._form == "html":
            self._to.writelines(html.page(self._held))
        self._to.flush()


@contextmanager
def open_output(path: Path | None, form: Form) -> Iterator[Output]:
    """An output; a file is put in its place only when all is in it, and is left as it was if anything raises."""
    if path is None:
        output = Output(sys.stdout.buffer, form)
        yield output
        output.end()
        return
    with replacing(path) as part:
        output = Output(part, form)
        yield output
        output.end()


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes its name when all is in it; what was there is left as it was if anything raises.

    Through a link it is what that leads to. A pipe or a device is no file: it is written to as it comes, and stays.
    """
    place = path.resolve()
    if place.exists() and not place.is_file():
        with named(path), place.open("wb") as stream:
            yield stream
        return
    with named(path):
        opened = NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False)  # noqa: SIM115 - closed below
    with named(path), opened as part:
        try:
            yield part
            part.flush()
            os.fchmod(part.fileno(), 0o666 & ~_umask())
            os.fsync(part.fileno())
        except BaseException:
            Path(part.name).unlink()
            raise
    with named(path):
        Path(part.name).replace(place)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An error of the disk names this file: a write that fails names none, and a file beside it is nothing to a reader."""
    place = path.resolve()
    beside = str(place.with_name(f".{place.name}."))
    try:
        yield
    except OSError as error:
        if error.errno in _OF_WRITES if error.filename is None else str(error.filename).startswith(beside):
            error.filename = str(path)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
