"""A crawl as a process sees it: signals, draining, restarts, and how it ended."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from crawler.daemon.single import Opened, Round, run
from crawler.daemon.supervising import GaveUp, Restarts

if TYPE_CHECKING:
    from crawler.daemon.indexing import keep_indexed
    from crawler.daemon.watch import Watch

__all__ = ["GaveUp", "Opened", "Restarts", "Round", "Watch", "keep_indexed", "run"]

# Loaded when first asked for (PEP 562): one crawl needs neither a server of figures nor an index of words, which took it a
# twelfth of its start.
_PLACES: Final = {"Watch": "watch", "keep_indexed": "indexing"}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
