"""Where the records of a one-shot go: stdout as they come, or a file that appears when it is whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Literal

from crawler.export import array, html, jsonl, markdown
from crawler.model import Record

Form = Literal["json", "jsonl", "md", "html"]


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
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        try:
            output = Output(part, form)
            yield output
            output.end()
            os.fchmod(part.fileno(), 0o666 & ~_umask())
            os.fsync(part.fileno())
        except BaseException:
            Path(part.name).unlink()
            raise
    Path(part.name).replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
