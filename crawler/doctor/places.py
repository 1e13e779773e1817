"""The archive's folder and the store in it."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crawler.archive.workers import is_dead
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.doctor.checkup import Checkup
from crawler.holder import holder
from crawler.ports import LocalError
from crawler.records import rfc3339
from crawler.store.vitals import Vitals, open_vitals
from crawler.watermark import disk

_MOST_CHECKED: Final = 1 << 30
"""Bytes of a store that are read through; it takes some seconds."""
_MUCH_LOG: Final = 1 << 30
_FEW_FILES: Final = 10_000  # inodes: three a segment, and those of whoever else writes there
_AHEAD_MS: Final = 60_000  # clocks of two machines that share a store are never quite the same


def folders(config: Config) -> Iterator[Checkup]:
    """Whether the archive's folder can be written, and how much room there is."""
    folder = config.archive.dir
    there = next(place for place in (folder, *folder.parents) if place.exists())
    yield _writable(folder, there)
    yield _room(config, there)


def _writable(folder: Path, there: Path) -> Checkup:
    name = "archive"
    if not there.is_dir():
        return Checkup(name=name, state="fail", said=f"{there} is no folder", advice="set archive.dir to another one")
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"warraq doctor")
            file.flush()
            os.fsync(file.fileno())
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        advice = "give this user the right to it, or set archive.dir to a folder on a disk that can be written and locked"
        return Checkup(name=name, state="fail", said=f"{there}: {error.strerror}", advice=advice)
    return Checkup(name=name, said=f"{folder}: {'can be written' if there == folder else 'will be made'}")


def _room(config: Config, there: Path) -> Checkup:
    found = disk(there, config.archive.free_least)
    files = os.statvfs(there)
    said = f"{found.free / 1e9:.1f} GB free"
    if found.low:
        advice = "make room, or lower archive.free_least: nothing is asked for until there is"
        return Checkup(name="disk", state="fail", said=said, advice=advice)
    if files.f_files > 0 and files.f_favail < _FEW_FILES:
        return Checkup(name="disk", state="warn", said=f"room for {files.f_favail} more files", advice="make room for files")
    return Checkup(name="disk", said=said)


def store(config: Config) -> Iterator[Checkup]:
    """Whether the store is whole, and who works with it."""
    path = config.store.path or config.archive.dir / "warraq.db"
    if not path.exists():
        yield Checkup(name="store", said=f"{path}: not there yet; `warraq run` begins it")
        return
    try:
        with open_vitals(path) as vitals:
            yield _whole(path, vitals)
            yield from _workers(config.archive.dir, path, vitals)
            yield from _future(vitals)
    except LocalError as error:
        advice = "`warraq restore` puts a backup back, `warraq archive rebuild` makes it again from the archive"
        yield Checkup(name="store", state="fail", said=str(error), advice=advice)


def _whole(path: Path, vitals: Vitals) -> Checkup:
    size = path.stat().st_size
    log = path.with_name(f"{path.name}-wal")
    written = log.stat().st_size if log.exists() else 0
    if size > _MOST_CHECKED:
        return Checkup(name="store", said=f"{path}: {size >> 20} MB; `warraq verify --deep` reads it through")
    fault = vitals.fault()
    if fault is not None:
        advice = "`warraq restore` puts a backup back, `warraq archive rebuild --force` makes it again from the archive"
        return Checkup(name="store", state="fail", said=f"{path}: {fault}", advice=advice)
    if written > _MUCH_LOG:
        advice = "some process reads for very long; end it, then the next `warraq run` empties the log"
        return Checkup(name="store", state="warn", said=f"{path}: its log has {written >> 20} MB", advice=advice)
    return Checkup(name="store", said=f"{path}: {size >> 20} MB, whole")


def _workers(root: Path, path: Path, vitals: Vitals) -> Iterator[Checkup]:
    daemon = holder(path)
    if daemon is not None:
        yield Checkup(name="daemon", said=f"runs: process {daemon.pid} on {daemon.host}, since {rfc3339(daemon.since)[:19]}Z")
    dead = [worker for worker in vitals.workers() if is_dead(root, worker)]
    if dead:
        said = f"{len(dead)} ended without a word: {', '.join(dead[:3])}"
        advice = "nothing, if `warraq run` is about to start or runs: it frees what they held"
        yield Checkup(name="workers", state="warn", said=said, advice=advice)


def _future(vitals: Vitals) -> Iterator[Checkup]:
    found = vitals.newest()
    if found > SystemClock().now() + _AHEAD_MS:
        advice = "set the clock (NTP); what is due comes when it is reached, or at the next start of `warraq run`"
        yield Checkup(
            name="answers", state="fail", said=f"the newest answer is of {rfc3339(found)}, later than now", advice=advice
        )
