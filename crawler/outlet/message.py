"""A message, who takes it, and what comes of it."""

from __future__ import annotations

from typing import Protocol

from crawler.model import Millis, Seconds, Value


class Message(Value, frozen=True, kw_only=True):
    """What somebody is told."""

    name: str
    """The same at every try, and no other's: whoever takes it can tell that they have it already."""
    at: Millis
    """The time of this try."""
    body: bytes
    """A JSON object, without line end."""


class Refusal(Value, frozen=True, kw_only=True):
    """It wasn't taken, as far as we know; it may have been."""

    why: str
    wait: Seconds = 0
    """No sooner again than this: they said so."""


class Taker(Protocol):
    """Somebody who is told."""

    async def tell(self, message: Message) -> Refusal | None:
        """Give a message. None: it was taken. Never raises for what the other side does, and always ends."""
