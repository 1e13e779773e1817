"""Policies of when to ask a feed again, each with one knob: the more of it, the more polls."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from crawler import rhythm
from crawler.model import Rhythm
from crawler.schedule import Tempo, pace, shared_theta

HOUR, DAY = 3600.0, 86_400.0
LEAST = 60.0
EPOCH = 1_700_000_000.0
"""Where the virtual clock begins: dates before 2000 are passed over by ours."""


class Feed(NamedTuple):
    """When a feed publishes (seconds, in order), and how many items its document shows."""

    published: list[float]
    shown: int


class Poller(Protocol):
    """Says how many seconds to wait."""

    def start(self, feed: int, now: float, past: list[float], shown: int) -> float: ...
    def after(self, feed: int, now: float, new: list[float], since: float, shown: int) -> float: ...


class Fixed:
    """One interval for all."""

    def __init__(self, knob: float) -> None:
        self.wait = DAY / knob

    def start(self, feed: int, now: float, past: list[float], shown: int) -> float:
        return self.wait

    def after(self, feed: int, now: float, new: list[float], since: float, shown: int) -> float:
        return self.wait


class Miniflux:
    """`POLLING_SCHEDULER=entry_frequency`: a week over its entries; a day where there were none."""

    def __init__(self, knob: float) -> None:
        self.factor, self.week = knob, dict[int, list[float]]()

    def start(self, feed: int, now: float, past: list[float], shown: int) -> float:
        self.week[feed] = []
        return self.after(feed, now, past, 0, shown)

    def after(self, feed: int, now: float, new: list[float], since: float, shown: int) -> float:
        self.week[feed] = kept = [time for time in self.week[feed] + new if time > now - 7 * DAY]
        return max(LEAST, min(DAY, 7 * DAY / (len(kept) * self.factor))) if kept else DAY


class CommaFeed:
    """Half the mean gap of the items shown, longer where the newest is old (its empirical interval)."""

    def __init__(self, knob: float) -> None:
        self.scale, self.items = 1 / knob, dict[int, list[float]]()

    def start(self, feed: int, now: float, past: list[float], shown: int) -> float:
        self.items[feed] = []
        return self.after(feed, now, past, 0, shown)

    def after(self, feed: int, now: float, new: list[float], since: float, shown: int) -> float:
        self.items[feed] = items = (self.items[feed] + new)[-shown:]
        if len(items) < 2:
            return DAY
        age = (now - items[-1]) / DAY
        if age >= 7:
            return DAY if age >= 30 else DAY / 2 if age >= 14 else DAY / 4
        return max(LEAST, min(DAY / 4, (items[-1] - items[0]) / (len(items) - 1) / 2 * self.scale))


class Ours:
    """`crawler.rhythm` and `crawler.schedule`, theta found anew every hour from what is known of all feeds by then."""

    def __init__(self, knob: float) -> None:
        self.polls = knob
        self.known, self.tempo, self.steered = dict[int, Rhythm](), Tempo(theta=0, least=LEAST), -1.0

    def start(self, feed: int, now: float, past: list[float], shown: int) -> float:
        dates = [round((EPOCH + time) * 1000) for time in past[-shown:]]
        self.known[feed] = rhythm.seeded(dates, round((EPOCH + now) * 1000), shown=shown)
        return HOUR

    def after(self, feed: int, now: float, new: list[float], since: float, shown: int) -> float:
        self.known[feed] = rhythm.seen(self.known[feed], round((EPOCH + now) * 1000), new=len(new))
        if now - self.steered > HOUR:
            self.steered = now
            theta = shared_theta([pace(known, self.tempo) for known in self.known.values()], self.polls)
            self.tempo = Tempo(theta=theta, least=LEAST)
        return pace(self.known[feed], self.tempo).interval(self.tempo.theta)


BY_NAME: dict[str, tuple[Callable[[float], Poller], float, float]] = {
    "fixed": (Fixed, 0.1, 2000),
    "miniflux": (Miniflux, 0.01, 5000),
    "commafeed": (CommaFeed, 1e-3, 1e4),
    "ours": (Ours, 0.5, 500),
}
