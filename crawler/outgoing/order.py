"""An export from beginning to end: into a folder beside the one that was named, which takes its name when all is in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from crawler.archive import files
from crawler.archive.files import told
from crawler.model import Value
from crawler.outgoing.drawn import take_along
from crawler.outgoing.forms import FORMS, Job
from crawler.outgoing.stamp import NAME, Stamp, Tally, listed, software, text
from crawler.ports import ArchiveError
from crawler.store.outgoing import Choice, open_outgoing

Begun = Callable[[int], Callable[[], None]]
"""Given how many steps there are, gives what is to be called at each."""


class Order(Value, frozen=True, kw_only=True):
    """What to export."""

    root: Path
    store: Path
    to: Path
    form: str
    choice: Choice
    chosen: dict[str, str]
    """The choice in the words of the command."""
    licence: str


class Done(Value, frozen=True, kw_only=True):
    """What was exported."""

    articles: tuple[str, ...]
    captures: int | None


def export(order: Order, begun: Begun) -> Done:
    """Write it. Interrupted at any moment, the named folder is as it was; what was begun beside it goes with the next export.

    Raises:
        ArchiveError: something else is in the folder, or a file can't be read or written.
        StoreError: the store can't be read.
        LocalError: a library for this form isn't installed.
    """
    refuse_others(order.to)
    part = order.to.with_name(f".{order.to.name}.part")
    with told(part, "write it"):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    try:
        done = _write(order, part, begun)
        _put(part, order.to)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return done


def refuse_others(folder: Path) -> None:
    """A folder must be new, empty, or an earlier export.

    Raises:
        ArchiveError: it is something else.
    """
    with told(folder, "look into it"):
        if folder.exists() and not folder.is_dir():
            raise ArchiveError(f"{folder}: is a file; name a folder")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / NAME).exists():
            raise ArchiveError(f"{folder}: something else is in it; name a new folder, or that of an earlier export")


def _write(order: Order, part: Path, begun: Begun) -> Done:
    tally = Tally()
    with open_outgoing(order.store, order.choice) as outgoing:
        copies = order.form in ("warc", "wacz")
        if copies:
            take_along(order.root, outgoing)
        steps = outgoing.count() + (outgoing.capture_count() if copies else 0)
        job = Job(order.root, part, outgoing, tally, begun(steps), order.licence)
        captures = FORMS[order.form](job)
        stamp = Stamp(
            form=order.form,
            software=software(),
            archive=outgoing.archive_id,
            chosen=order.chosen,
            articles=len(tally.ids),
            captures=captures,
            first=tally.first,
            last=tally.last,
            licence=order.licence,
            rights=tally.rights(),
            files=listed(part),
        )
    with told(part / NAME, "write it"):
        files.replace_file(part / NAME, [text(stamp)])
    return Done(articles=tuple(tally.ids), captures=captures)


def _put(part: Path, folder: Path) -> None:
    """All of it durable, then under its name; an earlier export goes when the new one stands."""
    old = folder.with_name(f".{folder.name}.old")
    with told(folder, "put it in its place"):
        for path in part.rglob("*"):
            if path.is_file():
                _sync(path)
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        files.sync_folder(folder.parent)
        shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
