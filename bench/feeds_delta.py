"""Feeds of which all but one item are known: CPU beside a whole parse and feedparser's, and whether entries are the same."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import feedparser

from crawler.model import Discovery
from crawler.sources import read_feed
from crawler.sources.delta import Piece, pieces, without
from crawler.sources.mending import xml_text

URL = "https://paper.example/feed.xml"
GOAL = 8.0
Known = dict[str, str]


def read(data: bytes, known: Known) -> Discovery:
    """As a poll does."""
    return read_feed(data, url=URL, content_type="application/xml; charset=utf-8", known=known)


def after(found: Discovery) -> Known:
    """What is known when these entries are stored."""
    return {entry.key: entry.item_hash for entry in found.entries}


def unmarked(known: Known) -> Known:
    """The same, so that the whole document is parsed."""
    return {key: said[:32] for key, said in known.items()}


def spent(step: Callable[[], object], rounds: int) -> float:
    """CPU-seconds, the least of some rounds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        step()
        times.append(time.process_time() - began)
    return min(times)


class Sums:
    """What the documents came to."""

    def __init__(self) -> None:
        self.documents = self.cut = self.same = self.found = self.trials = 0
        self.delta = self.whole = self.theirs = 0.0
        self.ratios: list[float] = []


def measure(data: bytes, sums: Sums, rounds: int, chance: random.Random) -> str | None:
    """One document; what went wrong with it, if anything did."""
    text = xml_text(data, None).text
    parts = pieces(text, URL)
    if len(parts) < 2:
        return "not cut"
    sums.documents += 1
    fault = None
    for new in ([parts[0]], [parts[-1]], sorted(chance.sample(parts, max(1, len(parts) // 5)), key=lambda part: part.start)):
        fault = compare(text, new, sums) or fault
    known = after(read(without(text, [parts[0]]).encode(), {}))
    delta = spent(lambda: read(data, known), rounds)
    theirs = spent(lambda: feedparser.parse(data), 1)
    sums.delta, sums.theirs = sums.delta + delta, sums.theirs + theirs
    sums.whole += spent(lambda: read(data, unmarked(known)), 1)
    sums.ratios.append(theirs / delta)
    return fault


def compare(text: str, new: Sequence[Piece], sums: Sums) -> str | None:
    """The second of two polls, between which these items came: read in part and as a whole."""
    known = after(read(without(text, new).encode(), {}))
    data = text.encode()
    part, whole = read(data, known), read(data, unmarked(known))
    sums.trials += 1
    sums.same += part == whole
    sums.found += len(part.entries) >= len(whole.entries)
    return None if part == whole else f"{len(part.entries)} entries for {len(whole.entries)}, items {part.items}/{whole.items}"


def main(words: Sequence[str]) -> int:
    """Measure the feeds of a folder with MANIFEST.json; 1 where a goal is missed."""
    told = argparse.ArgumentParser(prog="feeds delta", description=__doc__)
    told.add_argument("path", type=Path)
    told.add_argument("--set", default="real200")
    told.add_argument("--every", type=int, default=1)
    told.add_argument("--rounds", type=int, default=3)
    said = told.parse_args(words)
    listed = json.loads((said.path / "MANIFEST.json").read_bytes())
    names = [one["path"] for one in listed if one["set"] == said.set and one["role"] == "feed"][:: said.every]
    sums, chance = Sums(), random.Random(6)
    for name in names:
        if fault := measure((said.path / name).read_bytes(), sums, said.rounds, chance):
            print(f"{name}: {fault}")
    ratio = sums.theirs / sums.delta
    print(f"\n{sums.documents} of {len(names)} feeds, one item new, CPU ms a poll (feedparser as it comes)\n")
    print("| feedparser | ours, whole | ours, the new item | ratio | median | least | same as whole |\n|" + "---:|" * 7)
    each = 1000 / sums.documents
    print(
        f"| {sums.theirs * each:.1f} | {sums.whole * each:.1f} | {sums.delta * each:.2f} | {ratio:.1f} "
        f"| {median(sums.ratios):.1f} | {min(sums.ratios):.1f} | {sums.same} of {sums.trials} |"
    )
    met = ratio >= GOAL and sums.same == sums.trials
    print(f"\nGoal: >= {GOAL:.0f} x less than feedparser's, the same entries: {'met' if met else 'MISSED'}")
    return 0 if met else 1
