"""Polls answered 304: CPU of all but the network (lease, decision, commit with schedule and row), a poll."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from crawler import polling, settle, urls
from crawler.model import Context, Exchange, Freed, Job, Kind, Lease, Offer, Source, Unchanged, Url, Validators, Visit, WorkerId
from crawler.store.sqlite import SqliteStore
from crawler.terms import Policy, Terms

AT, ME, GOAL_MS, GOAL_TIMES = 1_795_332_068_123, WorkerId("run-bench"), 0.4, 6
RIVAL = Path(__file__).parent / "rivals" / "reader_polls.py"
GAP, HOURS = 2_000, 3_600_000


def source(number: int) -> tuple[Source, Offer]:
    """A feed on a host of its own, and its first poll."""
    url = Url(f"https://paper{number}.example/feed.xml")
    host, h = urls.host(url), urls.url_hash(url)
    one = Source(source_id=urls.source_id(url), url=url, host_id=urls.host_id(host), h=h, kind=Kind.FEED, every_ms=HOURS)
    context = Context(source=one.source_id)
    return one, Offer(host=host, host_id=one.host_id, h=h, url=url, kind=Kind.FEED, due_at=AT, gated=False, context=context)


def visit(lease: Lease, job: Job, now: int) -> Visit:
    """The 304, as the fetcher hands it over, judged as the pipeline does."""
    answer = Exchange(
        url=job.url,
        kind=job.kind,
        fetched_at=now,
        took=0.05,
        request=b'GET /feed.xml HTTP/1.1\r\nIf-None-Match: "a"\r\n\r\n',
        response=b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
        status=304,
    )
    outcome = polling.recognise(job, Unchanged(exchanges=(answer,), validators=Validators(etag='"a"')))
    verdict = settle.host_verdict(outcome, lease.strain.fails, Policy())
    assert not verdict.stop
    evidence = settle.evidence(job, outcome, Policy())
    return Visit(job=job, epoch=lease.epoch, outcome=outcome, evidence=evidence, polite_at=now + GAP, delay_ms=GAP, last=True)


async def poll_all(store: SqliteStore, now: int, group: int) -> int:
    """Ask every feed that is due; how many there were."""
    polled = 0
    while leases := await store.lease(ME, hosts=group, urls=4, ttl=180_000, delay=GAP, now=now):
        visits = [visit(lease, job, now) for lease in leases for job in lease.jobs]
        terms = Terms(policy=Policy(), now=now)
        settled = [settle.settle(one, (), terms) for one in visits]
        await store.commit_captures(ME, None, 0, settled, now)
        idle = [Freed(host_id=one.host_id, epoch=one.epoch, polite_at=now) for one in leases if not one.jobs]
        if idle:
            await store.release(ME, idle, now)
        polled += len(visits)
    return polled


async def measure(folder: Path, feeds: int, rounds: int, group: int) -> tuple[int, float]:
    """Polls done, and CPU-seconds of all of them."""
    store = await SqliteStore.open(folder / "warraq.db")
    made = [source(number) for number in range(feeds)]
    await store.sync_sources([one for one, _ in made], [offer for _, offer in made], AT)
    polled, began = 0, time.process_time()
    for turn in range(rounds):
        polled += await poll_all(store, AT + turn * 3 * HOURS, group)
    took = time.process_time() - began
    await store.close()
    return polled, took


def main(words: Sequence[str]) -> int:
    """Measure; 1 where the goal is missed."""
    told = argparse.ArgumentParser(prog="feeds poll", description=__doc__)
    told.add_argument("--feeds", type=int, default=500)
    told.add_argument("--rounds", type=int, default=3)
    told.add_argument("--group", type=int, default=32, help="visits a commit")
    told.add_argument("--reader", help="the python of an environment with `reader`")
    said = told.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        polled, took = asyncio.run(measure(Path(folder), said.feeds, said.rounds, said.group))
    each = took / polled * 1000
    print(f"{polled} polls of {said.feeds} feeds, {said.group} a commit: {each:.3f} ms CPU a poll")
    print(f"Goal: <= {GOAL_MS} ms: {'met' if each <= GOAL_MS else 'MISSED'}")
    return int(each > GOAL_MS) or (int(beside(each, said.reader, said.feeds, said.rounds)) if said.reader else 0)


def beside(each: float, python: str, feeds: int, rounds: int) -> bool:
    """Whether the goal beside `reader` is missed."""
    done = subprocess.run([python, str(RIVAL), str(feeds), str(rounds)], capture_output=True, text=True, check=True)
    polled, spent = done.stdout.split()
    theirs = float(spent) / int(polled) * 1000
    print(f"{polled} polls by reader: {theirs:.3f} ms CPU a poll, {theirs / each:.1f} times as much")
    print(f"Goal: >= {GOAL_TIMES} times: {'met' if theirs >= GOAL_TIMES * each else 'MISSED'}")
    return theirs < GOAL_TIMES * each
