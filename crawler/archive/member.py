"""One record of a WARC, as it is read."""

from __future__ import annotations

from crawler.model import Value


class Member(Value, frozen=True, kw_only=True):
    """One record of a WARC."""

    kind: str
    headers: tuple[tuple[str, str], ...]
    """As written, in order."""
    block: bytes

    def get(self, name: str) -> str | None:
        """The first header of a name, any case; None: there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Placed(Value, frozen=True, kw_only=True):
    """A record and where it lies."""

    member: Member
    offset: int
    length: int
