"""Commit 1 over a real store and archive."""

from __future__ import annotations

from crawler.model import Visit
from crawler.pipeline import keep
from tests.archive.devices import Faulty
from tests.archive.lives import Life, answer, look
from tests.store.samples import offer

OLD, NEW = "https://paper.example/0", "https://paper.example/1"


async def leased(tools):
    """The one ready host, for us."""
    (lease,) = await tools.store.lease(tools.worker, hosts=9, urls=9, ttl=180_000, delay=0, now=tools.clock.now())
    return lease


def asked(lease, url, *, at, last=False) -> Visit:
    job = next(job for job in lease.jobs if job.url == url)
    outcome = answer(job.url, job.kind, at)
    return Visit(
        job=job,
        epoch=lease.epoch,
        outcome=outcome,
        evidence=outcome.exchanges,
        polite_at=lease.last_at,
        delay_ms=0,
        last=last,
    )


async def test_a_lease_that_ran_out_does_not_take_the_next_one_with_it(tmp_path):
    life = Life(tmp_path, Faulty(), 1)
    async with life.open() as tools:
        now = tools.clock.now()
        await tools.store.enlist(tools.worker, {}, now)
        await tools.store.offer([offer(OLD, now), offer(NEW, now)], now)
        overslept = await leased(tools)
        await life.fence(overslept.host_id)
        again = await leased(tools)
        late = asked(overslept, OLD, at=now)
        good = [asked(again, OLD, at=now + 1), asked(again, NEW, at=now + 2, last=True)]
        kept = await keep([late, *good], tools, tools.clock.now())
        assert kept.fenced == (late,)
        assert [visit for visit, _ in kept.settled] == good
        assert await tools.store.next_ready() is None, "the host is free, and there is nothing left to do"
    assert look(tmp_path).responses() == {OLD: 1, NEW: 1}
