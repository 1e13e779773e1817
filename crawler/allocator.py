"""How memory is given back: C's allocator keeps most of what large answers took, and Python looks for cycles all the time."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Final, TypeVar

T = TypeVar("T")

LARGE_BYTES: Final = 384 << 10
"""What is larger is given back as soon as it is freed. Left to itself glibc raises this to 32 MB at the first large block.

asyncio makes room for 256 KB at each read, igzip for 328 KB at each record: to have that from the system, and give it back, was
a tenth of a page's fetching, and 35 us of those records it happened to.
"""
SPARE_BYTES: Final = 2 << 20
"""What may lie free at the end of the heap; with glibc's own 128 KB each page's memory went back and came again."""

# glibc's <malloc.h>: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX.
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
_NEW_OBJECTS: Final = 20_000
"""Between two looks for cycles; Python's own 700 are the values of four pages."""

_SLOTS: Final = 9000
"""Of eight bytes. Python takes 16 KB of its stack from the system at a time, and gives them back when the last call there ends:
a crawl whose loop stands at such an edge did so 1.2 times a page. Of room that isn't used nothing is ever touched."""

ENVIRONMENT: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(LARGE_BYTES),
    "MALLOC_TRIM_THRESHOLD_": str(SPARE_BYTES),
}
"""The same for a process that is started."""


def with_stack(work: Callable[[], T]) -> T:
    """Do it with Python's stack as deep as all of its calls will need."""
    deep: Callable[[Callable[[], T]], T] = FunctionType(_done.__code__.replace(co_stacksize=_SLOTS), globals())
    return deep(work)


def _done(work: Callable[[], T]) -> T:
    return work()


def give_back() -> None:
    """Give the system what lies free in small pieces; does nothing where the allocator isn't glibc's. Takes 1 to 5 ms."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def collect_seldom() -> None:
    """Look for cycles more seldom in this process, and not among what is there already: its modules, 100,000 objects.

    Measured: a crawl makes next to no cycles, and looking for them was a twentieth of its CPU. Twice does no harm.
    """
    gc.freeze()
    # Each answer that was cut leaves a cycle with its socket: what outlived two looks would else wait 1,000,000 requests.
    gc.set_threshold(_NEW_OBJECTS, 5, 3)


def be_thrifty() -> None:
    """Set it for this process, before its threads begin; does nothing where the allocator isn't glibc's. Twice does no harm.

    Measured: a crawl among 28 bombs peaks at 83 MB instead of 135 (without its children).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(_TRIM_THRESHOLD, SPARE_BYTES)
