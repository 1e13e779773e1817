"""Sections of docs/benchmarks.md: what a bench puts there, and what stays as it is."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def machine() -> str:
    """When and on what it was measured."""
    made = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {made} (cores shared with other work)"


def section(command: str) -> str:
    """What stands under `./run bench <command>` now, without its heading; empty: nothing."""
    return PAGE.read_text("utf-8").partition(_heading(command))[2].partition("\n## ")[0].strip()


def parts(command: str, starts: Sequence[str]) -> dict[str, str]:
    """A section as it stands, cut where a paragraph begins with one of these; what stands before them is called ""."""
    found, now = {"": ""}, ""
    for block in section(command).split("\n\n"):
        now = next((start for start in starts if block.startswith(start)), now)
        found[now] = f"{found.get(now, '')}\n\n{block}".strip()
    return found


def put(command: str, text: str) -> None:
    """Put a section in the place of the old one, or at the end."""
    before, found, after = PAGE.read_text("utf-8").partition(_heading(command))
    rest = after.partition("\n## ")[2] if found else ""
    tail = f"\n## {rest}" if rest else ""
    PAGE.write_text(f"{before.rstrip()}\n\n{_heading(command)}\n{text.strip()}\n{tail}", "utf-8")


def _heading(command: str) -> str:
    return f"## `./run bench {command}`\n"
