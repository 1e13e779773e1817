"""Carrying an order out, and going on with one that a crash, or a running process, left unfinished.

The order stands in the manifest before anything is erased; every step may be done again and then changes nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from crawler.archive import erasing, files, manifest
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.archive.places import Places
from crawler.model import SegmentId
from crawler.model.takedowns import ErasedIn, Takedown, TakenDown
from crawler.store.takedown import Takedowns, open_takedowns

Within = Callable[[Takedown, ErasedIn], Awaitable[bool]]
"""Erase in a segment that this very process writes to; False: it isn't ours."""

_LOCKS = ("takedown.lock", "moving.lock")
"""Segments don't move meanwhile."""


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
) -> list[SegmentId]:
    """Carry orders out; the segments that a running process writes to, which does its share itself within a minute.

    Raises:
        ArchiveError: a file can't be read or written.
        StoreError: the store can't be written.
    """
    left: list[SegmentId] = []
    for order in orders:
        await store.forget(order)
        there = [
            one.segment
            for one in order.segments
            if not (await within(order, one) or await _erase(root, store, order, one, device=device))
        ]
        for name, _ in order.aside:
            await asyncio.to_thread(erasing.destroy, root / name, device)
        left += there
        if not there and await store.empty_log():
            await asyncio.to_thread(manifest.enter, root, TakenDown(order=order.order), device)
    return left


async def resume(root: Path, store: Path, *, within: Within = not_ours) -> int:
    """Go on with what wasn't carried out to its end; how many orders there were. Nobody else's business is waited for.

    Raises:
        ArchiveError: a file can't be read or written.
        StoreError: the store can't be read or written.
    """
    orders, pending = await asyncio.to_thread(lambda: manifest.takedowns(manifest.read(root)))
    if not orders:
        return 0
    with only_one(root) as alone:
        if not alone:
            return 0
        async with open_takedowns(store) as opened:
            known = await opened.known()
            for order in orders:
                if order.order not in known:
                    await opened.forget(order)
            await carry_out(root, opened, pending, within=within)
    return len(pending)


@contextmanager
def only_one(root: Path) -> Iterator[bool]:
    """One process that erases, and none that moves segments. False: there is another.

    Raises:
        ArchiveError: the archive's folder can't be written.
    """
    first, second = (root / name for name in _LOCKS)
    with told(first, "lock it"), first.open("a") as one, second.open("a") as other:
        yield files.lock(one.fileno()) and files.lock(other.fileno())


async def _erase(root: Path, store: Takedowns, order: Takedown, one: ErasedIn, *, device: Device) -> bool:
    """False: somebody writes to it."""
    digest = await asyncio.to_thread(_erase_free, root, order, one, device)
    if digest is None:
        return False
    if digest:
        await store.reseal(one.segment, digest)
    return True


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
