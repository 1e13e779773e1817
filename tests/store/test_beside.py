"""A one-shot beside a daemon: its own queue, and the daemon's manners."""

from __future__ import annotations

import pytest

from crawler.model import Strain, Unasked, Visit
from crawler.oneshot import Report
from crawler.pipeline import Kept
from crawler.store.beside import BesideStore
from crawler.store.memory import MemoryStore
from tests.store.samples import DELAY, ME, OTHER, TTL, again, commit, lease, offer, only_job, settle

SLOWED = Strain(fails=1, slow_ms=4400)


@pytest.fixture
def daemon():
    """The store both share."""
    return MemoryStore()


def one_shot(daemon):
    return BesideStore(daemon, MemoryStore())


async def test_a_host_the_daemon_slowed_is_slow_for_a_one_shot(daemon):
    await daemon.offer([offer()], 0)
    got, job = await only_job(daemon)
    await commit(daemon, settle(got, job, strain=SLOWED, again=again(job, 10**9)))
    store = one_shot(daemon)
    await store.offer([offer("https://a.example/2")], 0)
    (got,) = await lease(store, OTHER, now=DELAY)
    assert got.strain == SLOWED


async def test_a_host_a_one_shot_slowed_is_slow_for_the_daemon_and_for_the_next_one_shot(daemon):
    store = one_shot(daemon)
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    await commit(store, settle(got, job, strain=SLOWED, polite_at=DELAY))
    for later in (one_shot(daemon), daemon):
        await later.offer([offer("https://a.example/2")], 0)
        assert await lease(later, ME, now=DELAY - 1) == []
        (got,) = await lease(later, ME, now=2 * DELAY)
        assert got.strain == SLOWED
        await commit(later, settle(got, got.jobs[0], strain=None, polite_at=DELAY))


async def test_a_page_whose_host_was_taken_over_meanwhile_is_asked_once_more_and_is_no_miss(daemon):
    store, report = one_shot(daemon), Report(lambda _: None)
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    assert await daemon.lease_host(OTHER, got.host, got.host_id, ttl=TTL, now=TTL)
    late = Visit(job=job, epoch=got.epoch, outcome=Unasked(), polite_at=0, delay_ms=0, last=True)
    fenced = await commit(store, settle(got, job), now=TTL + 1)
    report.told(Kept(fenced=(late,)))
    assert (fenced, report.misses) == ({got.host_id}, [])
    (again_got,) = await lease(store, now=2 * TTL)
    assert [one.url for one in again_got.jobs] == [job.url]
