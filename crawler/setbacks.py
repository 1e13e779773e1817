"""What can go wrong with a visit, in one table: its class, whether and when it is tried again, what it says of the host. Pure.

docs/politeness.md shows the table; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from crawler.model import Broken, Outcome, Refused, Seconds, Value

Class = Literal["dns", "connect", "tls", "timeout", "too_large", "protocol", "server", "client"]
"""Who is at fault, and where: a name, a connection, a certificate … the server, or what we asked for."""


class Setback(Value, frozen=True, kw_only=True):
    """What follows from one reason."""

    sort: Class
    knock: bool = False
    """Once more within the same visit: it often passes at once."""
    tries: int | None = 1
    """The most tries of a page; 1: it can't get better, None: as many as configured."""
    wait: Seconds = 0
    """No sooner than this."""
    rests: bool = False
    """It speaks for the host: nothing more in this lease, and a pause that grows with each in a row."""
    slows: bool = False
    """It speaks of strain: the gap grows."""


_HOUR: Final[Seconds] = 3600.0

TABLE: Final[Mapping[str, Setback]] = {
    # A name or a certificate isn't mended within minutes; once more an hour later tells a slip from an end.
    "dns": Setback(sort="dns", tries=2, wait=_HOUR, rests=True),
    "connect": Setback(sort="connect", knock=True, tries=None, rests=True),
    "cut": Setback(sort="connect", knock=True, tries=None),
    "tls": Setback(sort="tls", tries=2, wait=_HOUR, rests=True),
    "timeout": Setback(sort="timeout", tries=None, rests=True, slows=True),
    "too_large": Setback(sort="too_large"),
    "protocol": Setback(sort="protocol", tries=2),
    "hops": Setback(sort="protocol"),
    "unusable": Setback(sort="protocol"),
    "unreadable": Setback(sort="protocol"),
    "server": Setback(sort="server", knock=True, tries=None),
    "later": Setback(sort="server", tries=None, rests=True, slows=True),
    "robots_unreachable": Setback(sort="server", tries=None),
    "blocked": Setback(sort="client", tries=3, wait=900, rests=True, slows=True),
    "robots": Setback(sort="client"),
    "gone": Setback(sort="client"),
    "missing": Setback(sort="client"),
    "forbidden": Setback(sort="client"),
    "address": Setback(sort="client"),
}
"""By the reason of a `Refused`, a `Broken` or a `Failure`."""

_OVERLOADED: Final = 503
_BAD_GATEWAY: Final = frozenset({502, 504})


def sort_of(reason: str) -> Class:
    """The class of a reason; of one that an older store knows and we don't, `protocol`."""
    return TABLE[reason].sort if reason in TABLE else "protocol"


def passing(outcome: Outcome) -> bool:
    """Whether to knock once more at once: nobody answered, or a gateway found nobody behind it (502, 504).

    A time-out has cost enough already, and any other status is an answer.
    """
    if not isinstance(outcome, Broken) or not TABLE[outcome.reason].knock:
        return False
    return _status(outcome) in _BAD_GATEWAY if outcome.exchanges else True


def straining(outcome: Outcome) -> bool:
    """Whether the host shows that we are too much for it: 429, 503, a time-out, a block."""
    match outcome:
        case Refused() | Broken():
            return TABLE[outcome.reason].slows or _status(outcome) == _OVERLOADED
        case _:
            return False


def _status(outcome: Outcome) -> int:
    return outcome.exchanges[-1].status if outcome.exchanges else 0
