"""A lost store made again, and the archive read anew: records a second and core, beside reading alone.

    ./run bench again [--pages 4000] [--size 60000] [--rounds 3] [--dir DIR]

A segment of so many pages (response, request, metadata and a record line each) is made and sealed; then `archive rebuild`,
`reparse` and, for the same captures in one process, what a parser child does (from the span of the WARC to the article), and
the extractor alone. CPU is that of the process with its children; the median is told. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import web

from crawler import extract, urls, wiring
from crawler.archive.disk import DiskArchive
from crawler.archive.inventory import take_stock
from crawler.archive.rebuilding import Kept, exchanges
from crawler.config import Config, load
from crawler.model import (
    Context,
    Exchange,
    Fetched,
    Job,
    Kind,
    ParseTask,
    SegmentId,
    SourceId,
    Span,
    Url,
    Visit,
    WorkerId,
)
from crawler.parse.reading import read
from crawler.rebuild.order import rebuild
from crawler.records import page_record
from crawler.reparse.order import reparse

GOAL_RECORDS, GOAL_SHARE = 3_000, 0.65
DISTINCT = 500
AT, GROUP, WORKER = 1_795_332_068_123, 32, WorkerId("run-bench")
SEGMENT = SegmentId("WARRAQ-20261122072108123-00001-run-bench")
REQUEST = "GET {} HTTP/1.1\r\nHost: news.example\r\nUser-Agent: Warraq/0\r\nAccept: text/html\r\n\r\n"
ANSWER = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n"


def visit(number: int, body: bytes) -> Visit:
    url = urls.parse(f"https://news.example{web.path_of(1, 0, number)}")
    host = urls.host(url)
    context = Context(source=SourceId("abcdefghijklmnop"), via=Url("https://news.example/rss.xml"), hops=0, title="A title")
    job = Job(
        host=host,
        host_id=urls.host_id(host),
        h=urls.url_hash(url),
        due_at=AT,
        url=url,
        kind=Kind.PAGE,
        depth=1,
        context=context,
    )
    digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    exchange = Exchange(
        url=url,
        kind=Kind.PAGE,
        fetched_at=AT + number,
        took=0.1,
        request=REQUEST.format(urls.path(url)).encode(),
        response=ANSWER.format(len(body)).encode() + body,
        peer="192.0.2.1",
        status=200,
        mime="text/html",
        payload_digest=f"sha1:{digest}",
        payload_bytes=len(body),
    )
    outcome = Fetched(exchanges=(exchange,))
    return Visit(job=job, epoch=1, outcome=outcome, evidence=(exchange,), polite_at=0, delay_ms=0, last=True)


async def fill(config: Config, bodies: list[bytes]) -> None:
    """One sealed segment of these pages and their records."""
    archive = DiskArchive(config.archive.dir, archive_id="bench", info={"software": "bench"})
    await archive.create(SEGMENT, WORKER, AT)
    for begin in range(0, len(bodies), GROUP):
        group = list(enumerate(bodies[begin : begin + GROUP], begin))
        written = await archive.write([visit(*pair) for pair in group], {}, {})
        archive.keep()
        read = [
            page_record(receipts[-1], extract(body, url=receipts[-1].capture.url), "warraq/3")
            for receipts, (_, body) in zip(written.receipts, group, strict=True)
        ]
        await archive.write_records(SEGMENT, read)
    await archive.seal(SEGMENT, WORKER, AT)
    await archive.close()


def reading_tasks(config: Config) -> Iterator[ParseTask]:
    """What the children are told."""
    (found,) = take_stock(config.archive.dir).found
    for one in exchanges(found.path, found.segment):
        if isinstance(one, Kept):
            span = Span(path=str(found.path), offset=one.capture.offset, length=one.capture.length)
            yield ParseTask(span=span, url=one.capture.url, kind=one.capture.kind)


def cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(rounds: int, step: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds, the median of some rounds."""
    spent = []
    for _ in range(rounds):
        before, started = cpu(), time.perf_counter()
        step()
        spent.append((cpu() - before, time.perf_counter() - started))
    return median(one for one, _ in spent), median(one for _, one in spent)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--pages", type=int, default=4000)
    words.add_argument("--size", type=int, default=60_000)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--dir", type=Path)
    told = words.parse_args()
    with tempfile.TemporaryDirectory(dir=told.dir) as folder:
        return run(Path(folder), told.pages, told.size, told.rounds)


def run(folder: Path, pages: int, size: int, rounds: int) -> int:
    (folder / "config.yaml").write_text("archive: {dir: archive}\nsources: []\n")
    config = load(folder / "config.yaml", {}, folder)
    different = [web.page_html(1, 0, number, pages, 1, size) for number in range(min(pages, DISTINCT))]
    bodies = [different[number % DISTINCT] for number in range(pages)]
    asyncio.run(fill(config, bodies))
    addresses = [urls.parse(f"https://news.example{web.path_of(1, 0, number)}") for number in range(pages)]

    again, _ = measured(rounds, lambda: asyncio.run(rebuild(config, force=True, now=AT)))
    anew, wall = measured(rounds, lambda: asyncio.run(reparse(config, since=None, tell=lambda done: None)))
    alone, _ = measured(rounds, lambda: [extract(body, url=url) for body, url in zip(bodies, addresses, strict=True)])
    tasks = list(reading_tasks(config))
    reading, _ = measured(rounds, lambda: [read(task, config.fetch.decoded_max) for task in tasks])
    records = pages * 3 / again
    print(f"{pages} pages of {size:,} bytes, {rounds} rounds, {wiring.children(config) + 1} parser children\n")
    print("| what | CPU ms a page | a second and core |\n|---|---:|---:|")
    print(f"| archive rebuild | {again / pages * 1000:.2f} | {records:,.0f} WARC records ({pages / again:,.0f} captures) |")
    print(f"| reparse | {anew / pages * 1000:.2f} | {pages / anew:,.0f} pages ({pages / wall:,.0f} a second by the clock) |")
    print(f"| reading in one process | {reading / pages * 1000:.2f} | {pages / reading:,.0f} pages |")
    print(f"| the extractor alone | {alone / pages * 1000:.2f} | {pages / alone:,.0f} pages |\n")
    goals = (
        (f"rebuild >= {GOAL_RECORDS:,} records a second and core", f"{records:,.0f}", records >= GOAL_RECORDS),
        (f"reparse >= {GOAL_SHARE:.0%} of the speed of reading, a core", f"{reading / anew:.0%}", reading / anew >= GOAL_SHARE),
    )
    print("| goal | measured | |\n|---|---:|---|")
    for goal, figure, met in goals:
        print(f"| {goal} | {figure} | {'met' if met else 'MISSED'} |")
    return 0 if all(met for *_, met in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
