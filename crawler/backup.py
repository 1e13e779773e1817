"""A store and the list of sealed files in one file, and back: `backup.tar` with `list.json`, `manifest.jsonl`, `warraq.db`.

What was archived isn't in it: those files never change once they are sealed, and are copied by whatever copies files.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

import msgspec

from crawler import watchlist
from crawler.archive import manifest, places
from crawler.archive.files import sync_folder
from crawler.archive.inventory import Found, take_stock
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.model import Millis, SegmentId, Value
from crawler.ports import LocalError
from crawler.rebuild.order import cut, lock, refuse_if_alive, take_in
from crawler.rebuild.segments import Finding, Ledger
from crawler.records import rfc3339
from crawler.store import copying, placing
from crawler.store.rebuild import Rebuilding
from crawler.version import VERSION

_LIST: Final = "list.json"
_STORE: Final = "warraq.db"
_MOST_LIST: Final = 256 << 20
_STEP: Final = 1 << 20
_SEALED: Final = 3  # the number of the state in a store's rows


class BackupError(LocalError):
    """A backup can't be written or read; says which and why."""


class Listed(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A sealed file, as the manifest has it."""

    file: str
    bytes: int
    sha256: str
    moved_to: str | None


class Contents(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What is in a backup: its `list.json`."""

    schema: int = 1
    made_at: str
    by: str
    store_bytes: int
    store_sha256: str
    sealed: tuple[Listed, ...]


class Restored(Value, frozen=True, kw_only=True):
    """What was put back, and what the archive held that was newer."""

    made_at: str
    store: str
    moved_to: str | None
    newer: tuple[str, ...]
    """Segments that were begun, grown or sealed after the backup was made: taken in."""
    captures: int
    articles: int
    findings: tuple[Finding, ...]


_contents: Final = msgspec.json.Decoder(Contents).decode


# --- out ---------------------------------------------------------------------------------------------------------------


def backup(config: Config, file: Path, now: Millis) -> Contents:
    """Write a backup; a daemon may go on meanwhile. A file that is there already is replaced when the new one is whole.

    Raises:
        StoreError: there is no store, or it is damaged.
        BackupError: the file can't be written.
    """
    root, path = config.archive.dir, config.store.path or config.archive.dir / _STORE
    file = file.resolve()
    if file.exists() and not file.is_file():  # a device, whose place a file would take
        raise BackupError(f"{file}: is no file; name one that may be written")
    with _told(file, "write"), TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
        copied = Path(folder) / _STORE
        copying.copy(path, copied)
        with copied.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        contents = Contents(
            made_at=rfc3339(now),
            by=f"Warraq/{VERSION}",
            store_bytes=copied.stat().st_size,
            store_sha256=digest,
            sealed=tuple(_sealed(root)),
        )
        _write(Path(folder) / "backup", root, copied, contents).replace(file)
        sync_folder(file.parent)
    return contents


def _sealed(root: Path) -> Iterator[Listed]:
    homes = places.homes(root)
    for one in manifest.sealed(manifest.read(root)).values():
        home = homes.get(one.file)
        yield Listed(file=one.file, bytes=one.bytes, sha256=one.sha256, moved_to=str(home) if home else None)


def _write(part: Path, root: Path, store: Path, contents: Contents) -> Path:
    listed = root / manifest.NAME
    with part.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, _LIST, msgspec.json.format(msgspec.json.encode(contents), indent=2))
            _add(tar, manifest.NAME, listed.read_bytes() if listed.exists() else b"")
            tar.add(store, _STORE, recursive=False)
        file.flush()
        os.fsync(file.fileno())
    return part


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, BytesIO(content))


# --- back --------------------------------------------------------------------------------------------------------------


async def restore(config: Config, file: Path, *, force: bool) -> Restored:
    """Put a store back, with all that the archive got since the backup was made taken in. A crash leaves the old state.

    Pages that were fetched since, but wait in the old queue, are asked for once more.

    Raises:
        BackupError: the file can't be read, or isn't a whole backup.
        StoreError: there is a store (`force` moves it aside), or the one in the backup can't be used.
        ArchiveError: somebody works in the archive, or it can't be read.
    """
    root, path = config.archive.dir, config.store.path or config.archive.dir / _STORE
    refuse_if_alive(root)
    placing.refuse(path, over=force)
    with ExitStack() as locks:
        with _told(file, "read"):
            path.parent.mkdir(parents=True, exist_ok=True)
            new = locks.enter_context(placing.making(path, "restore"))
            contents = _unpack(file, new, root)
        copying.check(new)
        stock, ledger = take_stock(root), Ledger()
        for name in stock.missing:
            ledger.find(root / name, "is in the manifest, but isn't there")
        newer = await _newer(new, stock.found)
        held = lock(root, newer, locks)
        counts, rows = await take_in(new, newer, ledger, config)
        await watchlist.restore(new, root, SystemClock().now())
        refuse_if_alive(root)
        old = placing.put_in_place(new, path, over=force)
        cut(root, rows, held)
    return Restored(
        made_at=contents.made_at,
        store=str(path),
        moved_to=str(old) if old else None,
        newer=tuple(found.segment for found in newer),
        captures=counts.captures,
        articles=counts.articles,
        findings=tuple(ledger.findings),
    )


async def _newer(new: Path, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Segments the backup doesn't know as they are: those it has unsealed may have grown, even where they were sealed since."""
    store = await Rebuilding.begin(new)
    try:
        known: Mapping[SegmentId, tuple[int, bytes | None]] = await store.segments()
    finally:
        await store.close()
    return tuple(one for one in found if known.get(one.segment, (0, None))[0] != _SEALED)


def _unpack(file: Path, new: Path, root: Path) -> Contents:
    """Write the store of a backup to `new`, and its list of sealed files to the archive if that has none."""
    try:
        with tarfile.open(file, "r:") as tar:
            contents = _contents(_part(tar, _LIST).read(_MOST_LIST))
            listed = _part(tar, manifest.NAME).read(_MOST_LIST)
            digest = _store(_part(tar, _STORE), new)
    except (tarfile.TarError, KeyError, msgspec.DecodeError) as error:
        raise BackupError(f"{file}: is no backup of Warraq: {error}") from None
    if digest != contents.store_sha256:
        raise BackupError(f"{file}: damaged: the store in it has another sha256 than its list says; nothing was changed")
    if listed and not (root / manifest.NAME).exists():
        (root / manifest.NAME).write_bytes(listed)
    return contents


def _part(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """A file of the archive, by its name alone: nothing is ever written where the archive says."""
    part = tar.extractfile(tar.getmember(name))
    if part is None:
        raise KeyError(f"{name} is no file in it")
    return part


def _store(part: IO[bytes], new: Path) -> str:
    digest = hashlib.sha256()
    with _told(new, "write"), new.open("xb") as to:
        while piece := part.read(_STEP):
            digest.update(piece)
            to.write(piece)
    return digest.hexdigest()


@contextmanager
def _told(file: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{error.filename or file}: cannot {doing} it: {error.strerror or error}") from error
