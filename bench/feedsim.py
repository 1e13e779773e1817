"""How late stories are found at the same number of polls a day: fixed intervals, the rules of two others, and ours.

A virtual clock walks through publishing times, synthetic ones or those of real feeds (`--timelines`, a JSON list of
`{"t": [seconds, ...]}`). Every policy has one knob, which is turned until it spends the same polls.
"""

from __future__ import annotations

import argparse
import bisect
import heapq
import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

from pollers import BY_NAME, Feed, Poller

HOUR, DAY = 3600.0, 86_400.0
DAYS, HISTORY = 14, 28
SPAN = (DAYS + HISTORY) * DAY
FIGURES = ("mean", "p50", "p90", "p99", "missed", "polls")


def synthetic(count: int, seed: int) -> list[Feed]:
    """Feeds of lognormal rates, with nights, weekends and bursts."""
    chance = random.Random(seed)
    return [_one(chance) for _ in range(count)]


def _one(chance: random.Random) -> Feed:
    rate = min(300, max(0.02, math.exp(chance.gauss(math.log(2.0), 1.8))))
    phase, swing = chance.uniform(0, 24), chance.choice([0, 0.5, 0.9, 0.98])
    weekend, burst = chance.choice([1, 1, 0.4, 0.1]), chance.choice([0, 0, 0.3, 0.6])
    base, at, published = rate / DAY / (1 + burst * 2), 0.0, []
    while (at := at + chance.expovariate(base * (1 + swing))) <= SPAN:
        wave = 1 + swing * math.sin(2 * math.pi * (at / HOUR - phase) / 24)
        if chance.random() * (1 + swing) < wave * (weekend if int(at // DAY) % 7 >= 5 else 1):
            published.append(at)
            if chance.random() < burst:
                published += [at + chance.uniform(0, 600) for _ in range(chance.randint(1, 6))]
    return Feed(published=sorted(time for time in published if time <= SPAN), shown=chance.choice([10, 20, 30, 50, 100]))


def replayed(timelines: Path) -> list[Feed]:
    """The known past of each feed, repeated until it fills the time; but for those of under four dates or an hour."""
    feeds = []
    for told in json.loads(timelines.read_text()):
        dates = sorted(told["t"])
        if len(dates) < 4 or dates[-1] - dates[0] <= HOUR:
            continue
        period = (dates[-1] - dates[0]) * len(dates) / (len(dates) - 1)
        times = (date - dates[0] + turn * period for turn in range(math.ceil(SPAN / period)) for date in dates)
        feeds.append(Feed(published=[time for time in times if time <= SPAN], shown=max(10, len(dates))))
    return feeds


def simulate(feeds: list[Feed], poller: Poller, seed: int) -> dict[str, float]:
    """Delays in minutes, the share of entries never seen, and polls a day and feed."""
    chance, start, end = random.Random(seed), HISTORY * DAY, SPAN
    queue, told, polls, missed, delays = [], [], 0, 0, []
    for index, feed in enumerate(feeds):
        known = bisect.bisect_right(feed.published, start)
        told.append((known, start))
        heapq.heappush(queue, (start + poller.start(index, start, feed.published[:known], feed.shown) * chance.random(), index))
    while queue:
        now, index = heapq.heappop(queue)
        if now > end:
            continue
        feed, (known, before) = feeds[index], told[index]
        upto = bisect.bisect_right(feed.published, now)
        new = feed.published[known:upto]
        seen = new[-feed.shown :]
        polls, missed = polls + 1, missed + len(new) - len(seen)
        delays += [now - time for time in seen]
        told[index] = upto, now
        wait = poller.after(index, now, seen, now - before, feed.shown) * (1 + 0.1 * (chance.random() - 0.5))
        heapq.heappush(queue, (now + wait, index))
    for feed, (known, _) in zip(feeds, told, strict=True):  # what was never fetched has waited until the end
        delays += [end - time for time in feed.published[known : bisect.bisect_right(feed.published, end)]]
    return _figures(sorted(delays), missed, polls / DAYS / len(feeds))


def _figures(delays: list[float], missed: int, polls: float) -> dict[str, float]:
    count = len(delays)
    late = {f"p{share}": delays[count * share // 100] / 60 for share in (50, 90, 99)}
    return {"mean": mean(delays) / 60, **late, "missed": missed / (missed + count) * 100, "polls": polls}


def turned(
    feeds: list[Feed], made: Callable[[float], Poller], low: float, high: float, polls: float, seed: int
) -> dict[str, float]:
    """The figures with the knob (more of it: more polls) where the policy spends `polls` a day and feed, within 1 %."""
    for _ in range(18):
        knob = math.sqrt(low * high)
        figures = simulate(feeds, made(knob), seed)
        if abs(figures["polls"] / polls - 1) < 0.01:
            break
        low, high = (low, knob) if figures["polls"] > polls else (knob, high)
    return figures


def compare(feeds: list[Feed], polls: float, seed: int) -> dict[str, dict[str, float]]:
    """The figures of every policy."""
    return {name: turned(feeds, made, low, high, polls, seed) for name, (made, low, high) in BY_NAME.items()}


def show(title: str, runs: list[dict[str, dict[str, float]]]) -> None:
    print(f"\n{title}\n{'policy':12}" + "".join(f"{name:>10}" for name in FIGURES) + "   (median)")
    for name in runs[0]:
        print(f"{name:12}" + "".join(f"{median(run[name][figure] for run in runs):10.2f}" for figure in FIGURES))
    others = [name for name in runs[0] if name != "ours"]
    for figure in ("mean", "p90"):
        ratios = sorted(run["ours"][figure] / min(run[name][figure] for name in others) for run in runs)
        print(f"ours / best other, {figure}: {median(ratios):.3f}   [{ratios[0]:.3f} to {ratios[-1]:.3f}]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=float, default=24, help="polls a day and feed")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--feeds", type=int, default=80, help="synthetic feeds a seed")
    parser.add_argument("--timelines", type=Path, help="replay these too")
    parser.add_argument("--only-replay", action="store_true")
    args = parser.parse_args()
    seeds = range(args.first_seed, args.first_seed + args.seeds)
    if not args.only_replay:
        show("synthetic", [compare(synthetic(args.feeds, seed), args.polls, seed) for seed in seeds])
    if args.timelines:
        feeds = replayed(args.timelines)
        show(f"replayed ({len(feeds)} feeds)", [compare(feeds, args.polls, seed) for seed in seeds])


if __name__ == "__main__":
    main()
