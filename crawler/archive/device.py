"""The calls by which the archive changes a disk, all in one place: a test counts them, and lets any of them fail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final


class Device:
    """The operating system's calls as they are. Each may raise OSError, and a process may die in any of them."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file, and with O_CREAT make its name; its descriptor."""
        return os.open(path, flags, 0o644)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write where the descriptor stands; how many bytes were taken, which may be fewer."""
        return os.write(descriptor, data)

    def overwrite(self, descriptor: int, data: bytes, offset: int) -> None:
        """Put other bytes in the place of as many that are there; the descriptor stays where it stands."""
        while data:
            written = os.pwrite(descriptor, data, offset)
            data, offset = data[written:], offset + written

    def cut(self, descriptor: int, size: int) -> None:
        """Cut a file to a length."""
        os.ftruncate(descriptor, size)

    def sync_data(self, descriptor: int) -> None:
        """Make a file's bytes and length durable."""
        os.fdatasync(descriptor)

    def sync(self, descriptor: int) -> None:
        """Make all of a file durable; of a folder, its entries."""
        os.fsync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, also one that another file has until then."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Take a name away."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Make one folder; those above it are there."""
        path.mkdir()


DISK: Final = Device()
"""The real one."""
