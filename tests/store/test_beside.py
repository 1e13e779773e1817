"""A one-shot beside a daemon: its own queue, and the daemon's manners."""

from __future__ import annotations

import pytest

from crawler.model import Strain
from crawler.store.beside import BesideStore
from crawler.store.memory import MemoryStore
from tests.store.samples import DELAY, ME, OTHER, again, commit, lease, offer, only_job, settle

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
