"""How a process of ours starts another: the same Python, the same modules, and of our environment no more than that takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from crawler.allocator import ENVIRONMENT

MODULE: Final = (sys.executable, "-P", "-m")
"""The words before a module's name. -P: the folder we happen to be in is no place for modules."""

# What Python needs to start as we did; nothing else of our environment is the child's business.
_KEPT: Final = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "TMPDIR",
    "VIRTUAL_ENV",
)


def environment() -> Mapping[str, str]:
    """Ours as far as it is needed, thrifty with memory, and our way to find modules."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(place or str(Path.cwd()) for place in sys.path)}
