"""What is wrong with a configuration, as its writer is told."""

from __future__ import annotations

from crawler.model import Value


class ConfigError(Exception):
    """config.yaml doesn't say what it should. `problems` has a line for each mistake, in the order of the file."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems: tuple[str, ...] = problems


class Spot(Value, frozen=True, kw_only=True, order=True):
    """A place in the file, counted from 1 as editors do."""

    line: int = 1
    column: int = 1


class Problem(Value, frozen=True, kw_only=True, order=True):
    """One mistake: where, under which key, and what to do."""

    spot: Spot
    key: str = ""
    """`section.key`, or empty where the file as a whole is meant."""
    text: str

    def told(self, file: str) -> str:
        """`config.yaml:3:7: fetch.hops: what is wrong - what to do`."""
        where = f"{file}:{self.spot.line}:{self.spot.column}: "
        return f"{where}{self.key}: {self.text}" if self.key else where + self.text


class Mistake(ValueError):  # noqa: N818 - the writer's, not ours; ConfigError is what leaves the room
    """A value that can't be taken; the text says why and what to write instead. `spot` is set where it is within a list."""

    def __init__(self, text: str, spot: Spot | None = None) -> None:
        super().__init__(text)
        self.spot = spot
