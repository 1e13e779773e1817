"""Real pages, torn: 200 of all sets below the folder $WARRAQ_PAGES (files `*.html.gz`), each cut 50 times, changed 20 times,
and read as 3 encodings it isn't in. Every one is an Article or says why not, within the time and memory a child is granted.

    WARRAQ_PAGES=/path/to/sets ./run torture pages
"""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
import time
from pathlib import Path

import pytest

from crawler.extraction import extract
from crawler.preflight import objection
from tests.extraction.tearing import torn

pytestmark = pytest.mark.torture

PAGES, CUTS, MUTATIONS = 200, 50, 20
MOST_SECONDS = 2.0
"""`parse.page_time`: who takes longer is killed."""
MOST_GROWTH = 100 << 10
"""KB by which the process may grow over all of it; a child that leaks is replaced, but not at every page."""


def chosen() -> list[Path]:
    """As many of each set, by a hash of their names."""
    folder = os.environ.get("WARRAQ_PAGES")
    if not folder:
        pytest.skip("WARRAQ_PAGES names no folder of pages")
    sets: dict[Path, list[Path]] = {}
    for path in Path(folder).glob("*/*.html.gz"):
        sets.setdefault(path.parent, []).append(path)
    rows = [sorted(paths, key=lambda path: hashlib.md5(path.name.encode()).hexdigest()) for _, paths in sorted(sets.items())]
    turns = [path for place in range(max(map(len, rows), default=0)) for row in rows for path in row[place : place + 1]]
    return turns[:PAGES]


def test_torn_pages_are_articles_or_say_why_not() -> None:
    pages = chosen()
    for path in pages[:20]:
        extract(gzip.decompress(path.read_bytes()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest, read, refused = (0.0, ""), 0, 0
    for path in pages:
        for number, (part, declared) in enumerate(torn(gzip.decompress(path.read_bytes()), cut=CUTS, mutated=MUTATIONS)):
            if objection(part):
                refused += 1
                continue
            begun = time.process_time()
            article = extract(part, "https://paper.example/a", declared)
            slowest = max(slowest, (time.process_time() - begun, f"{path.parent.name}/{path.name} #{number}"))
            read += 1
            assert bool(article.text) is (article.note is None), f"{path} #{number}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(  # noqa: T201 - the figures of the run
        f"{len(pages)} pages, {read} torn ones read, {refused} refused; slowest {slowest}; grown by {grown >> 10} MB"
    )
    assert slowest[0] < MOST_SECONDS, slowest
    assert grown < MOST_GROWTH
