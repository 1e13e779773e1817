"""When to ask again. Pure: `now` and chance come in as arguments. All results are wall-clock ms."""

from __future__ import annotations

from typing import Final

from crawler.model import Millis, Seconds

DAY_MS: Final[Millis] = 86_400_000
GONE_EVERY_MS: Final[Millis] = 30 * DAY_MS
"""A source that answered 410 is still asked, monthly: publishers come back."""
JITTER: Final = 0.05
"""Share of an interval by which polls are spread, either way, so that sources don't fall into step."""
UNSURE_EVERY_MS: Final[Millis] = DAY_MS
"""The longest silence towards a source that only fails."""


def next_poll(every_ms: Millis, now: Millis, *, floor: Seconds | None = None, failures: int = 0, chance: float = 0.5) -> Millis:
    """The next poll of a source: its interval, doubled with each failure in a row up to a day, jittered by `chance` in [0, 1).

    `floor` (Retry-After, the feed's ttl) is a lower bound and isn't jittered downwards.
    """
    interval = max(every_ms, min(every_ms << min(failures, 16), UNSURE_EVERY_MS))
    jittered = interval * (1 + JITTER * (2 * chance - 1))
    return now + max(round(jittered), round((floor or 0) * 1000))


def next_try(
    tries: int, now: Millis, *, base: Seconds, most: Seconds, floor: Seconds | None = None, chance: float = 0.5
) -> Millis:
    """The next try of a page after `tries` outcomes: anywhere up to base * 4^(tries - 1), or up to `most`, behind `floor`.

    Full jitter: what failed together doesn't come back together. M. Brooker, "Exponential Backoff And Jitter" (AWS
    Architecture Blog, 2015) finds it to need the fewest calls. `floor` is a wish to be kept, so chance only adds to it.
    """
    wait = min(most, base * 4.0 ** min(max(tries - 1, 0), 16)) * chance
    return now + round(max(wait, floor or 0) * 1000) + 1
