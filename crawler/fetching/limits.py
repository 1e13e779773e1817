"""The most that is taken from one answer: time and bytes."""

from __future__ import annotations

from crawler.model import Seconds, Value


class Limits(Value, frozen=True, kw_only=True):
    """Nothing is read without a limit."""

    dns: Seconds = 5.0
    """For the name alone."""
    connect: Seconds = 10.0
    """For name, connection and TLS together."""
    idle: Seconds = 20.0
    """Between two arrivals."""
    total: Seconds = 60.0
    """For everything, from the name to the last byte: the deadline of a request."""
    least_rate: int = 512
    """Bytes a second of body, averaged once `idle` is over: a dripping body is never idle."""
    body_bytes: int = 16 << 20
    """As it comes over the wire, still encoded."""
    decoded_bytes: int = 64 << 20
    head_bytes: int = 64 << 10

    @property
    def wire_bytes(self) -> int:
        """The most of one answer that is kept: a head and a body."""
        return self.head_bytes + self.body_bytes
