"""Carrying an order out, and going on with one that a crash, or a running process, left unfinished.

The order stands in the manifest before anything is erased; every step may be done again and then changes nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from crawler.archive import erasing, files, manifest
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.archive.places import Places
from crawler.model import SegmentId
from crawler.model.takedowns import ErasedIn, Takedown, TakenDown
from crawler.ports import ArchiveError
from crawler.store.takedown import Takedowns, open_takedowns

Within = Callable[[Takedown, ErasedIn], Awaitable[bool]]
"""Erase in a segment that this very process writes to; False: it isn't ours."""

HELD: Final = "a running process writes to it, and erases there itself within a minute"

_LOCKS: Final = ("takedown.lock", "moving.lock")
"""Segments don't move meanwhile."""


class Left(NamedTuple):
    """A segment in which nothing could be erased yet, and why."""

    segment: SegmentId
    why: str


async def not_ours(_order: Takedown, _one: ErasedIn) -> bool:
    """For a process that writes to no segment."""
    return False


async def give(root: Path, orders: Sequence[Takedown], device: Device = DISK) -> None:
    """Enter orders in the manifest: from then on they are carried out, whatever happens.

    Raises:
        ArchiveError: the manifest can't be written.
    """
    for order in orders:
        await asyncio.to_thread(manifest.enter, root, order, device)


async def carry_out(
    root: Path, store: Takedowns, orders: Sequence[Takedown], *, within: Within = not_ours, device: Device = DISK
) -> list[Left]:
    """Carry orders out as far as can be; what is left, each with the reason: it is gone on with later.

    Raises:
        ArchiveError: the manifest can't be read or written.
        StoreError: the store can't be written.
    """
    left: list[Left] = []
    for order in orders:
        await store.forget(order)
        there = await _erase_all(root, store, order, within, device)
        for name, _ in order.aside:
            await asyncio.to_thread(erasing.destroy, root / name, device)
        left += there
        if not there and await store.empty_log():
            await asyncio.to_thread(manifest.enter, root, TakenDown(order=order.order), device)
    return left


class Watch:
    """Goes on with orders that wait, whenever there may be some: for a process that runs for long."""

    def __init__(self, root: Path, store: Path) -> None:
        self._root = root
        self._store = store
        self._seen = -1

    async def look(self, within: Within = not_ours) -> list[Left]:
        """As `resume`, if the manifest has grown or something was left the last time; else nothing is read.

        Raises:
            ArchiveError: the manifest can't be read or written.
            StoreError: the store can't be read or written.
        """
        size = await asyncio.to_thread(manifest.size, self._root)
        if size == self._seen:
            return []
        left = await resume(self._root, self._store, within=within)
        self._seen = -1 if left is None or left else await asyncio.to_thread(manifest.size, self._root)
        return left or []


async def resume(root: Path, store: Path, *, within: Within = not_ours) -> list[Left] | None:
    """Go on with what wasn't carried out to its end; what is left of it. None: another process is at it.

    Raises:
        ArchiveError: a file can't be read or written.
        StoreError: the store can't be read or written.
    """
    orders, pending = await asyncio.to_thread(lambda: manifest.takedowns(manifest.read(root)))
    if not orders:
        return []
    with only_one(root) as alone:
        if not alone:
            return None
        async with open_takedowns(store) as opened:
            known = await opened.known()
            for order in orders:
                if order.order not in known:
                    await opened.forget(order)
            return await carry_out(root, opened, pending, within=within)


@contextmanager
def only_one(root: Path) -> Iterator[bool]:
    """One process that erases, and none that moves segments. False: there is another.

    Raises:
        ArchiveError: the archive's folder can't be written.
    """
    first, second = (root / name for name in _LOCKS)
    with told(first, "lock it"), first.open("a") as one, second.open("a") as other:
        yield files.lock(one.fileno()) and files.lock(other.fileno())


async def _erase_all(root: Path, store: Takedowns, order: Takedown, within: Within, device: Device) -> list[Left]:
    left: list[Left] = []
    for one in order.segments:
        try:
            if await within(order, one):
                continue
            digest = await asyncio.to_thread(_erase_free, root, order, one, device)
        except ArchiveError as error:  # a disk that isn't mounted, or can't be written: the rest isn't let wait for it
            left.append(Left(one.segment, str(error)))
            continue
        if digest is None:
            left.append(Left(one.segment, HELD))
        elif digest:
            await store.reseal(one.segment, digest)
    return left


def _erase_free(root: Path, order: Takedown, one: ErasedIn, device: Device) -> bytes | None:
    """The new sum of a sealed segment, b"" of an unsealed one; None: somebody writes to it."""
    names = Places(root).names(one.segment)
    with erasing.held(names, device) as ours:
        if not ours:
            return None
        # Sealed between our looking and our locking: found again under its last name.
        names = Places(root).names(one.segment)
        erasing.overwrite(order, one, names, device)
        return erasing.reseal(order, one, names, root, device) or b""
