"""Feeds of a corpus read by us and by feedparser with defaults: crashes, time, items, and fields right by its expectations."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import feedparser
import feeds_lists as lists
import feeds_truth as truth

from crawler import dates
from crawler.model import Discovery
from crawler.sources import find_feeds, read_feed, read_opml, read_sitemap
from crawler.sources.markup import words

SLOW = 2.0
URL = "http://127.0.0.1:8097/corpus/feed.xml"
Fields = dict[str, object]


def ours(found: Discovery) -> list[Fields]:
    """Items as titles, links, ids and dates; the feed's own title first."""
    items = [
        {"title": one.title, "link": one.link, "id": one.guid, "date": one.published, "raw": one.published_raw}
        for one in found.entries
    ]
    return [{"title": found.title}, *items]


def theirs(data: bytes) -> list[Fields]:
    """The same by feedparser as it comes; its date is what it made of one."""
    read = feedparser.parse(data, response_headers={"content-location": URL, "content-type": "application/xml"})
    items = [
        {
            "title": one.get("title"),
            "link": one.get("link"),
            "id": one.get("id"),
            "date": one.get("published_parsed") or (None if read.version.startswith("atom") else one.get("updated_parsed")),
            "raw": one.get("published"),
        }
        for one in read.entries
    ]
    return [{"title": read.feed.get("title")}, *items]


def right(claim: truth.Claim, read: Sequence[Fields]) -> bool:
    """Whether what was read says what the expectation says, markup and blanks of titles aside."""
    if claim.item + 1 >= len(read):
        return False
    got = read[claim.item + 1].get(claim.field)
    if claim.field == "title":
        return plain(claim.value) in (plain(got), " ".join(str(got or "").split()))
    if claim.field == "date":
        return same_time(got, read[claim.item + 1].get("raw"), claim.value)
    return bare(got) == bare(claim.value)


def plain(value: object) -> str:
    """The words of a title, whatever markup they came in."""
    return " ".join(words(str(value or "")).split())


def bare(value: object) -> str:
    """An address or id without what a normal form adds."""
    return str(value or "").strip().rstrip("/").lower()


def same_time(got: object, raw: object, wanted: object) -> bool:
    """The same moment, or the very string."""
    if isinstance(wanted, str) and raw == wanted:
        return True
    if isinstance(wanted, str):
        read = dates.read(wanted)
        wanted = read.iso if read else wanted
    return got is not None and truth.moment(got) == truth.moment(wanted)


def claims(root: Path, entry: dict[str, str], data: bytes) -> list[truth.Claim]:
    """What is expected of a document."""
    where = entry.get("expected")
    if where == "comment":
        return truth.of_comment(data)
    return truth.of_json((root / where).read_bytes()) if where else []


def read(role: str, data: bytes) -> tuple[int, Discovery | None]:
    """How many things were found in a document by the reader of its kind."""
    if role == "sitemap":
        found = read_sitemap(data, url=URL)
        return found.items, found
    if role == "opml":
        return len(read_opml(data)), None
    if role == "html":
        return len(find_feeds(data, url=URL)), None
    found = read_feed(data, url=URL, content_type=None, known={})
    return len(found.entries), found


class Tally:
    """What one set of documents came to."""

    def __init__(self) -> None:
        self.documents = self.wanted = self.got = self.fewer = self.crashed = self.slow = self.asked = self.held = 0
        self.slowest = self.spent = 0.0
        self.claimed: Counter[str] = Counter()
        self.ours: Counter[str] = Counter()
        self.theirs: Counter[str] = Counter()


def measure(root: Path, every: int, *, only: str, compare: bool, tell: bool) -> dict[str, Tally]:
    """Read each document of the manifest; of real feeds every `every`-th."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    chosen = [entry for entry in json.loads((root / "MANIFEST.json").read_bytes()) if entry["set"].startswith(only)]
    for at, entry in enumerate(chosen):
        if at % every == 0 and entry["role"] != "expectation":
            one(root, entry, tallies[f"{entry['set']} {entry['role']}"], compare=compare, tell=tell)
    return tallies


def one(root: Path, entry: dict[str, str], tally: Tally, *, compare: bool, tell: bool) -> None:
    """Read one document and count."""
    data = (root / entry["path"]).read_bytes()
    tally.documents += 1
    began = time.process_time()
    try:
        count, found = read(entry["role"], data)
    except Exception as fault:  # noqa: BLE001 - what a crash is here
        tally.crashed += 1
        print(f"CRASH {entry['path']}: {fault!r}")
        return
    took = time.process_time() - began
    tally.spent, tally.slowest, tally.slow = tally.spent + took, max(tally.slowest, took), tally.slow + (took > SLOW)
    for what, holds in lists.checks(entry["role"], entry["path"], data):
        tally.asked, tally.held = tally.asked + 1, tally.held + holds
        if tell and not holds:
            print(f"wrong  {entry['path']}: {what}")
    wanted = int(entry["items"] or 0)
    tally.wanted, tally.got = tally.wanted + bool(wanted), tally.got + bool(wanted and count)
    tally.fewer += count < wanted
    if tell and count < wanted:
        print(f"fewer  {entry['path']}: {count} of {wanted} {found.note if found else ''}")
    expected = claims(root, entry, data)
    if not compare or not expected or found is None:
        return
    mine, other = ours(found), theirs(data)
    for claim in expected:
        good, other_good = right(claim, mine), right(claim, other)
        tally.claimed[claim.field] += 1
        tally.ours[claim.field] += good
        tally.theirs[claim.field] += other_good
        if tell and not good:
            got = mine[claim.item + 1].get(claim.field) if claim.item + 1 < len(mine) else "no item"
            verdict = "WORSE " if other_good else "both   "
            print(f"{verdict}{entry['path']} {claim.item} {claim.field}: {got!r} not {claim.value!r}")


def show(tallies: dict[str, Tally]) -> None:
    """A row a set."""
    print(
        "| set | documents | with items: read | fewer | crashed | over 2 s | slowest ms | lists, pages, indexes right | "
        + " | ".join(truth.FIELDS)
        + " |"
    )
    print("|---|" + "---:|" * 7 + "---:|" * len(truth.FIELDS))
    for name, one in sorted(tallies.items()):
        fields = " | ".join(
            f"{one.ours[f]}/{one.theirs[f]} of {one.claimed[f]}" if one.claimed[f] else "" for f in truth.FIELDS
        )
        print(
            f"| {name} | {one.documents} | {one.got} of {one.wanted} | {one.fewer} | {one.crashed} | {one.slow} "
            f"| {one.slowest * 1000:.0f} | {f'{one.held} of {one.asked}' if one.asked else ''} | {fields} |"
        )


def main(words: Sequence[str]) -> int:
    """Measure a folder with MANIFEST.json; 1 if a set fails us."""
    told = argparse.ArgumentParser(prog="feeds corpus", description=__doc__)
    told.add_argument("path", type=Path)
    told.add_argument("--set", default="", help="only sets of this name")
    told.add_argument("--every", type=int, default=1, help="only each n-th document")
    told.add_argument("--alone", action="store_true", help="without feedparser's answers")
    told.add_argument("--tell", action="store_true", help="each document that fails")
    said = told.parse_args(words)
    tallies = measure(said.path, said.every, only=said.set, compare=not said.alone, tell=said.tell)
    show(tallies)
    worse = [name for name, one in tallies.items() if any(one.ours[f] < one.theirs[f] for f in truth.FIELDS)]
    print(f"\nfewer right than feedparser's: {', '.join(sorted(worse)) or 'none'}")
    return int(bool(worse) or any(one.crashed or one.slow or one.held < one.asked for one in tallies.values()))
