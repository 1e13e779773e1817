"""Named SQL: each file holds statements under their names. The layout is procrastinate's (procrastinate/sql/queries.sql)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Final

_NAME: Final = re.compile(r"(?:^|\n)-- ([a-z_]+) --\n(?:--.*\n)*")


def load(name: str) -> Mapping[str, str]:
    """The statements of `<name>.sql`, by their names."""
    parts = _NAME.split(text(f"{name}.sql"))
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def text(path: str) -> str:
    """A file of this folder."""
    return resources.files(__package__).joinpath(path).read_text("utf-8")


def migrations() -> Mapping[int, str]:
    """Version -> script, in order: version n is reached by running script n on version n - 1."""
    folder = resources.files(__package__).joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {int(name.partition("_")[0]): text(f"migrations/{name}") for name in names}


def split(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit what is open before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
