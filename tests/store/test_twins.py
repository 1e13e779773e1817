"""The two engines are one: whatever is done to both, nobody can tell them apart; and no source is ever lost or doubled."""

import asyncio
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from msgspec.structs import replace

from crawler.model import NEVER, SOURCE_KINDS, Extracted, Freed, Jump, Kind, Rhythm, SegmentId, Strain
from crawler.ports import StoreError
from crawler.store.memory import MemoryStore
from crawler.store.sqlite import SqliteStore
from tests.store.samples import (
    ALL,
    article,
    decision,
    entry,
    feed_read,
    host_id,
    kept,
    offer,
    poll_offer,
    polled,
    settle,
    source,
)

HOSTS = ("a.example", "b.example")
SOURCES = tuple(source(f"https://{host}/feed", name=host) for host in HOSTS)
WORKERS = ("run-1", "run-2")
URLS = tuple(f"https://{host}/{n}" for host in HOSTS for n in range(3))
ADDRESSES = (*URLS, *(one.url for one in SOURCES))

times = st.integers(0, 30)
pages = st.builds(
    lambda url, due, gated, kind: offer(url, due, gated=gated, kind=kind),
    st.sampled_from(ADDRESSES),
    times,
    st.booleans(),
    st.sampled_from([Kind.PAGE, Kind.TARGET]),
)


class Twins(RuleBasedStateMachine):
    """Both stores, the same calls, the same answers."""

    leased = Bundle("leased")
    receipts = Bundle("receipts")

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.memory = MemoryStore()
        self.sqlite = self.runner.run(SqliteStore.open(Path(":memory:")))
        self.now = 0
        self.offset = 0
        self.steady = 0
        self.sizes = count(1)
        self.ats = count(1)

    def teardown(self):
        self.runner.run(self.sqlite.close())
        self.runner.close()

    def both(self, name, *arguments, **named):
        """The answer of both, or the word for their refusal."""
        answers = [self.runner.run(self.answer(store, name, arguments, named)) for store in (self.memory, self.sqlite)]
        assert answers[0] == answers[1]
        return answers[0]

    async def answer(self, store, name, arguments, named):
        try:
            found = await getattr(store, name)(*arguments, **named)
        except StoreError:
            return "refused"
        return list(found) if isinstance(found, list | tuple) else found

    @initialize()
    def start(self):
        for worker in WORKERS:
            self.both("enlist", worker, {}, 0)
            self.both("open_segment", SegmentId(worker), worker, 0)
        self.watch([True, True])

    @rule(by=st.integers(1, 60))
    def time_goes_by(self, by):
        self.now += by

    @rule(by=st.integers(-40, 40), seen_before=st.booleans())
    def the_clock_is_set(self, by, seen_before):
        by = max(by, -self.now)
        self.now += by
        self.steady += 1
        jump = Jump(was=self.offset, offset=self.offset + by, since=self.steady - 2 * seen_before, at=self.steady)
        self.offset += by
        self.both("clock_moved", jump, self.now)

    @rule(offers=st.lists(pages, max_size=4))
    def offered(self, offers):
        self.both("offer", offers, self.now)

    @rule(wanted=st.lists(st.booleans(), min_size=2, max_size=2))
    def watch(self, wanted):
        chosen = [one for one, is_wanted in zip(SOURCES, wanted, strict=True) if is_wanted]
        self.both("sync_sources", chosen, [poll_offer(one, self.now) for one in chosen], self.now)

    @rule()
    def poll_all(self):
        self.both("poll_all", self.now)

    @rule(target=leased, worker=st.sampled_from(WORKERS), hosts=st.integers(1, 2), urls=st.integers(1, 3))
    def lease(self, worker, hosts, urls):
        found = self.both("lease", worker, hosts=hosts, urls=urls, ttl=40, delay=5, now=self.now)
        return multiple(*((worker, got, job, job is got.jobs[-1]) for got in found for job in got.jobs))

    @rule(worker=st.sampled_from(WORKERS), host=st.sampled_from(HOSTS))
    def lease_host(self, worker, host):
        self.both("lease_host", worker, host, host_id(host), ttl=40, now=self.now)

    @rule(held=leased)
    def renew(self, held):
        worker, got, *_ = held
        self.both("renew", worker, got.host_id, got.epoch, ttl=40, now=self.now)

    @rule(held=leased, gap=times)
    def release(self, held, gap):
        worker, got, *_ = held
        self.both("release", worker, [Freed(host_id=got.host_id, epoch=got.epoch, polite_at=self.now + gap)], self.now)

    @rule(dead=st.sampled_from(WORKERS))
    def reclaim(self, dead):
        self.both("reclaim", dead, delay=5, now=self.now)

    def end(self, held, **what):
        worker, got, job, last = held
        strain = Strain(fails=self.now % 3, slow_ms=self.now % 5, calm=self.now % 2)
        known = {"strain": strain, "slowed": self.now % 7 > 2}
        settlement = settle(got, job, last=last, polite_at=self.now + 5, delay_ms=5, **known, **what)
        return self.both("commit_captures", worker, None, 0, [settlement], self.now)

    @rule(held=consumes(leased), due=times)
    def put_back(self, held, due):
        _, _, job, _ = held
        home = next((one for one in SOURCES if job.poll and one.source_id == job.poll.source_id), None)
        back = offer(job.url, self.now + due, gated=False, kind=job.kind, tries=job.tries + 1, context=job.context)
        poll = (
            polled(home, self.now, "x", gone=due > 25, blocked=due > 20, failed=due > 10, rhythm=Rhythm(failures=due))
            if home
            else None
        )
        self.end(held, again=poll_offer(home, self.now + due) if home else back, poll=poll)

    @rule(held=consumes(leased), url=st.sampled_from(ADDRESSES), due=times, gated=st.booleans())
    def hop(self, held, url, due, gated):
        _, _, job, _ = held
        gated = gated and job.kind not in SOURCE_KINDS
        context = replace(job.context, hops=job.context.hops + 1)
        self.end(held, hop=offer(url, self.now + due, kind=job.kind, context=context, gated=gated))

    @rule(target=receipts, held=consumes(leased), digest=st.sampled_from(["sha1:" + "B" * 32, "x", None]))
    def fetch(self, held, digest):
        worker, got, job, last = held
        segment = SegmentId(worker)
        done = kept(got, job, next(self.ats), digest=digest, last=last, polite_at=self.now + 5, delay_ms=5)
        waiting = replace(done.receipt, capture=replace(done.receipt.capture, segment=segment))
        done = replace(done, receipt=waiting, captures=(waiting.capture,))
        fenced = self.both("commit_captures", worker, segment, next(self.sizes), [done], self.now)
        return multiple() if fenced else (worker, waiting)

    @rule(read=receipts, due=times, item=st.sampled_from("xy"), given_up=st.booleans())
    def publish(self, read, due, item, given_up):
        worker, waiting = read
        if waiting.job.poll:
            said = feed_read(waiting, self.now + due, entries=(entry("1", item),), etag=item, offers=(offer(URLS[0]),))
        else:
            said = decision(waiting, articles=(article(waiting, article_id=str(waiting.job.h), text_hash=item),))
        said = replace(said, extracted=Extracted.GIVEN_UP if given_up else Extracted.DONE, strained=item == "y")
        if said.source:
            said = replace(
                said, source=replace(said.source, trouble="blocked" if due > 25 else None, rhythm=Rhythm(failures=due))
            )
        segment = SegmentId(worker)
        self.both("commit_records", worker, {segment: 0}, [said], {segment: [(0, 1)]}, self.now)

    @invariant()
    def nobody_can_tell_them_apart(self):
        self.both("next_ready")
        for until in (self.now, NEVER):
            for kinds in (ALL, SOURCE_KINDS):
                self.both("pending", until, kinds)
        for name in ("sources", "articles", "failures", "unsealed", "workers"):
            self.both(name)
        for worker in WORKERS:
            self.both("outbox", SegmentId(worker), None, 99)
        for one in SOURCES:
            self.both("known_entries", one.source_id)

    @invariant()
    def every_source_has_one_row_or_waits_for_its_parser(self):
        known = self.both("sources")
        assert self.both("pending", NEVER, SOURCE_KINDS) == sum(one.due_at is not None for one in known)
        waiting = [one for worker in WORKERS for one in self.both("outbox", SegmentId(worker), None, 99)]
        read = {one.job.poll.source_id for one in waiting if one.job.poll}
        for one in known:
            assert (one.due_at is not None) or one.state == "paused" or one.source.source_id in read


TestTwins = Twins.TestCase
TestTwins.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
