"""What a feed says about when to come again: `<ttl>`, `sy:`, `<skipHours>`, `<skipDays>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crawler import hints
from crawler.model import Hints
from crawler.sources.fields import Fields, text

_LONGEST: Final = 4_096  # characters of `<skipHours>`: all 24 with their tags take a tenth of that
_VALUE: Final = re.compile(r"<(?:hour|day)>([^<]{1,20})<", re.IGNORECASE)


def wishes(channel: Fields, document: str) -> Hints | None:
    """The hints of an RSS or RDF channel, None without any.

    The parser keeps one of several hours, so these are read from the document.
    """
    told = Hints(
        least=hints.least_between(
            ttl=text(channel, "ttl"), period=text(channel, "sy_updateperiod"), frequency=text(channel, "sy_updatefrequency")
        ),
        skip_hours=hints.skipped_hours(_within(document, "skipHours")),
        skip_days=hints.skipped_days(_within(document, "skipDays")),
    )
    return None if told == Hints() else told


def _within(document: str, name: str) -> Iterator[str]:
    start = document.find(f"<{name}>")
    if start < 0:
        return
    end = document.find(f"</{name}>", start, start + _LONGEST)
    for found in _VALUE.finditer(document, start, end if end > 0 else start):
        yield found[1]
