"""The queue at scale: offers and fetch-commits a CPU-second, bytes an address on disk, a lease's cost, start-up.

    ./run bench frontier [--urls 1000000] [--hosts 10000] [--run 20] [--many-hosts 20000] [--commits 60000]
                         [--dir DIR] [--cache DIR] [--alone] [--write]

SQLite as it is delivered (32 MB cache, synchronous=FULL). An offer is an address of 87 characters, one in ten known already,
`--run` of one host behind each other; a fetch-commit is a lease's share, the queue row, the capture and the host given back, in
groups of 32. Crawlee's SQL queue does 2,000 of the same beside us, if not `--alone`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import sections
from throughput import python_of

from crawler import settle, urls
from crawler.allocator import collect_seldom
from crawler.model import (
    Capture,
    CaptureKey,
    Context,
    Exchange,
    Extracted,
    Fetched,
    Job,
    Kind,
    Lease,
    Offer,
    Receipt,
    SegmentId,
    SourceId,
    Url,
    Visit,
    WorkerId,
)
from crawler.store.contexts import shortened
from crawler.store.sqlite import SqliteStore
from crawler.terms import Policy, Terms

AT, ME = 1_795_332_068_123, WorkerId("run-bench")
SEGMENT = SegmentId("WARRAQ-20261122072108123-00001-run-bench")
GROUP, TTL = 32, 180_000
BATCH = 1_000
SHAPES = (1, 100)
"""Of one host behind each other: other runs than `--run`, offered to the full store."""
MORE = 100_000
PAPER = """\
All is one process's CPU, its threads' too, `synchronous=FULL`, on whatever disk `--dir` is on. Addresses have 87 characters, 56
of them kept in their row; the other bytes of a row are its key, the heads of nine columns, and what a tree's pages have left.
Of 2,036 real articles an address has 76 characters on average, of feeds' entries 62. In runs of 20 of one host addresses
are more scattered than where most come from: a real feed names 37, on one host in half of the feeds and on 6 on average, a
sitemap thousands on one.
"""


def offer(number: int, hosts: int, run: int) -> Offer:
    """The `number`-th address, `run` of a host in a row, about 85 characters."""
    host = f"www.paper-{number // run % hosts:05}.example"
    url = Url(f"https://{host}/news/2026/11/22/a-headline-of-some-words-{number:09}.html")
    return Offer(host=host, host_id=urls.host_id(host), h=urls.url_hash(url), url=url, kind=Kind.PAGE, due_at=AT, gated=True)


def offers(count: int, hosts: int, run: int) -> Iterator[list[Offer]]:
    """All of them in batches, one in ten a second time."""
    chance = random.Random(1)
    for first in range(0, count, BATCH):
        numbers = list(range(first, min(count, first + BATCH)))
        numbers += [chance.randrange(first + BATCH) for _ in range(BATCH // 10)]
        yield [offer(min(number, count - 1), hosts, run) for number in numbers]


def receipt(job: Job, number: int) -> Receipt:
    """Where a page lies, as the archive would say."""
    capture = Capture(
        key=CaptureKey(host_id=job.host_id, h=job.h, fetched_at=AT + number),
        url=job.url,
        kind=job.kind,
        status=200,
        mime="text/html",
        digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        segment=SEGMENT,
        offset=number * 20_000,
        length=18_000,
        group_length=20_000,
        extracted=Extracted.DONE,
    )
    return Receipt(capture=capture, job=job)


def visit(lease: Lease, job: Job) -> Visit:
    """A page that came."""
    answer = Exchange(
        url=job.url, kind=job.kind, fetched_at=AT, took=0.05, request=b"GET", response=b"HTTP/1.1 200 OK", status=200
    )
    outcome = Fetched(exchanges=(answer,))
    last = job is lease.jobs[-1]
    return Visit(job=job, epoch=lease.epoch, outcome=outcome, evidence=(answer,), polite_at=AT, delay_ms=1, last=last)


async def put_all(store: SqliteStore, count: int, hosts: int, run: int) -> float:
    """CPU-seconds for all offers, without making them."""
    took = 0.0
    for batch in offers(count, hosts, run):
        began = time.process_time()
        await store.offer(batch, AT)
        took += time.process_time() - began
    return took


async def fetch_some(store: SqliteStore, count: int) -> tuple[int, float]:
    """Lease, settle, commit; how many, and the CPU-seconds of the store's part."""
    done, took, now = 0, 0.0, AT + 1_000
    while done < count:
        began = time.process_time()
        leases = await store.lease(ME, hosts=8, urls=8, ttl=TTL, delay=1, now=now)
        took += time.process_time() - began
        pairs = [visit(lease, job) for lease in leases for job in lease.jobs]
        if not pairs:
            break
        terms = Terms(policy=Policy(), now=now)
        settled = [settle.settle(one, (receipt(one.job, done + index),), terms) for index, one in enumerate(pairs)]
        for first in range(0, len(settled), GROUP):
            began = time.process_time()
            fenced = await store.commit_captures(ME, SEGMENT, done + first + 1, settled[first : first + GROUP], now)
            took += time.process_time() - began
            assert not fenced
        done += len(pairs)
        now += 10
    return done, took


async def lease_many(path: Path, hosts: int) -> float:
    """Microseconds of CPU a lease, per host, in calls of 32, where so many hosts are ready."""
    store = await SqliteStore.open(path)
    for first in range(0, hosts, BATCH):
        await store.offer([offer(number, hosts, 1) for number in range(first, min(hosts, first + BATCH))], AT)
    leased, began = 0, time.process_time()
    while leases := await store.lease(ME, hosts=32, urls=8, ttl=TTL, delay=1, now=AT + 1):
        leased += len(leases)
    took = time.process_time() - began
    await store.close()
    assert leased == hosts
    return took / leased * 1e6


async def put_more(store: SqliteStore, first: int, hosts: int, run: int) -> float:
    """Offers a CPU-second, of addresses that are new."""
    took = 0.0
    for start in range(first, first + MORE, BATCH):
        batch = [offer(number, hosts, run) for number in range(start, start + BATCH)]
        began = time.process_time()
        await store.offer(batch, AT)
        took += time.process_time() - began
    return MORE / took


def taken(path: Path, table: str) -> float:
    """Bytes of the file that are a table's, with its indexes."""
    told = "SELECT sum(s.pgsize) FROM sqlite_schema AS m CROSS JOIN dbstat AS s ON s.name = m.name WHERE m.tbl_name = ?"
    with closing(sqlite3.connect(path)) as db:
        ((size,),) = db.execute(told, (table,))
    return float(size)


async def measure(folder: Path, args: argparse.Namespace) -> dict[str, float]:
    """All figures of one store."""
    path = folder / "warraq.db"
    store = await SqliteStore.open(path)
    await store.open_segment(SEGMENT, ME, AT)
    put = await put_all(store, args.urls, args.hosts, args.run)
    await store.close()
    found = {"offers": args.urls * 1.1 / put, "bytes": path.stat().st_size / args.urls}
    found["pending"] = (taken(path, "queue") + taken(path, "hosts")) / args.urls
    found["seen"] = taken(path, "seen") / args.urls
    began = time.process_time()
    store = await SqliteStore.open(path)
    await store.next_ready()
    found["open"] = time.process_time() - began
    done, took = await fetch_some(store, args.commits)
    found["commits"] = done / took
    for number, run in enumerate(SHAPES, 1):
        found[f"run {run}"] = await put_more(store, number * 1_000_000_000, args.hosts, run)
    await store.close()
    found["lease"] = statistics.median([await lease_many(folder / f"many-{n}.db", args.many_hosts) for n in range(5)])
    found["most_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


CRAWLEE = """
import asyncio, sys, time
from crawlee import Request, service_locator
from crawlee.storage_clients import SqlStorageClient
from crawlee.storages import RequestQueue
async def main():
    async with SqlStorageClient(connection_string='sqlite+aiosqlite:///' + sys.argv[1]) as client:
        queue = await RequestQueue.open(storage_client=client)
        page = 'https://www.paper-{:05}.example/news/2026/11/22/a-headline-of-some-words-{:09}.html'
        urls = [page.format(n % 500, n) for n in range(2000)]
        for first in range(0, 2000, 500):
            batch = [Request.from_url(url) for url in urls[first:first + 500]]
            await queue.add_requests(batch, wait_for_all_requests_to_be_added=True)
        began, done = time.process_time(), 0
        while done < 2000 and (request := await queue.fetch_next_request()):
            await queue.mark_request_as_handled(request)
            done += 1
        print(done / (time.process_time() - began))
asyncio.run(main())
"""


def beside(python: Path, folder: Path) -> float:
    """Fetch-commits a CPU-second of Crawlee's SQL queue."""
    told = subprocess.run([python, "-c", CRAWLEE, str(folder / "crawlee.db")], check=True, capture_output=True, text=True)
    return float(told.stdout.split()[-1])


def origin() -> bytes:
    """What a row holds of where its page was found; the document lies on the page's host."""
    found_in = Context(source=SourceId("ztqnbzod2wrbrezg"), via=Url("https://www.paper.example/sitemap-news.xml"))
    return shortened(found_in, "www.paper.example", Url("https://www.paper.example/news/1")) or b""


def rows(found: dict[str, float], args: argparse.Namespace) -> Sequence[str]:
    """The table, in Markdown."""
    small = args.urls <= 1_000_000
    goals = [
        ("offers a CPU-second", found["offers"], 40_000 if small else 20_000, True),
        ("fetch-commits a CPU-second", found["commits"], 8_000 if small else 4_000, True),
        ("bytes on disk a pending address: queue and hosts", found["pending"], 110, False),
        ("bytes on disk a seen address", found["seen"], 20, False),
        (f"us a lease, per host, at {args.many_hosts:,} hosts", found["lease"], 20, False),
        ("CPU-seconds to open it and find who is next", found["open"], 2, False),
    ]
    head = f"**{args.urls:,} addresses, {args.hosts:,} hosts**, {args.run} of a host in a row; {sections.machine()}."
    lines = [head, "", "| what | goal | measured | |", "|---|---:|---:|---|"]
    for name, value, goal, more in goals:
        met = value >= goal if more else value <= goal
        measured = f"{value:,.0f}" if value > 1_000 else f"{value:,.2f}"
        lines.append(f"| {name} | {'>=' if more else '<='} {goal:,} | {measured} | {'met' if met else 'missed'} |")
    if "crawlee" in found:
        ratio = found["commits"] / found["crawlee"]
        lines.append(f"| times Crawlee's SQL queue | >= 5 | {ratio:.0f} | {'met' if ratio >= 5 else 'missed'} |")
    row = "| offers a CPU-second into the full store, {} of a host in a row | | {:,.0f} | |"
    lines += [row.format(run, found[f"run {run}"]) for run in SHAPES]
    lines.append(f"| bytes more of a page of a sitemap: its source, the document | | {len(origin())} | |")
    lines.append(f"| the whole file, bytes an address, all pending | | {found['bytes']:.1f} | |")
    lines.append(f"| the process's memory, MB | | {found['most_mb']:.0f} | |")
    return lines


def written(lines: Sequence[str]) -> None:
    """Put the table into docs/benchmarks.md, beside those of other sizes."""
    starts = [f"**{size} addresses" for size in ("1,000,000", "10,000,000")]
    kept = sections.parts("frontier", starts)
    kept |= {next(start for start in starts if lines[0].startswith(start)): "\n".join(lines), "": PAPER}
    sections.put("frontier", "\n\n".join(kept[start].strip() for start in ("", *starts) if start in kept))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--run", type=int, default=20)
    parser.add_argument("--many-hosts", type=int, default=20_000)
    parser.add_argument("--commits", type=int, default=60_000)
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "warraq-bench"))
    parser.add_argument("--alone", action="store_true", help="without Crawlee")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md (1 or 10 million addresses)")
    args = parser.parse_args()
    collect_seldom()  # as `warraq` does
    with tempfile.TemporaryDirectory(dir=args.dir) as name:
        folder = Path(name)
        found = asyncio.run(measure(folder, args))
        if not args.alone:
            found["crawlee"] = beside(python_of("crawlee", args.cache), folder)
    lines = rows(found, args)
    print("\n".join(lines))
    if args.write:
        written(lines)


if __name__ == "__main__":
    main()
