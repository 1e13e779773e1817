"""A lease's pace: the gap, the lease that outlasts the request, the stamps, the second knock."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.paced import Pace, PacedFetcher
from crawler.fetching.retrying import RetryingFetcher
from crawler.model import Broken, Fetched, Strain
from crawler.ports import LeaseLost
from tests.fetching.hands import START, HandClock, ListFetcher, broken, fetched, refused, request


class Lease:
    """Renews as long as it may; remembers for how long it was asked to hold."""

    def __init__(self, clock, ttl=180.0, renewals=1000):
        self.clock = clock
        self.ttl = ttl
        self.until = clock.monotonic() + ttl
        self.renewals = renewals

    async def cover(self, seconds):
        if self.clock.monotonic() + seconds > self.until and self.renewals:
            self.renewals -= 1
            self.until = self.clock.monotonic() + self.ttl
        return self.clock.monotonic() + seconds <= self.until


def paced(clock, inner, gap=2.0, last_at=0, deadline=60.0, lease=None):
    pace = Pace(clock, (lease or Lease(clock)).cover, gap=gap, deadline=deadline, last_at=last_at)
    return PacedFetcher(inner, pace), pace


class TestGap:
    async def test_the_first_request_starts_at_once_and_the_next_a_gap_later(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched(), takes=0.5)
        fetcher, _ = paced(clock, inner)
        for _ in range(3):
            await fetcher.fetch(request())
        assert inner.starts() == [1000, 1002, 1004]

    async def test_a_slow_answer_is_waited_for(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched(), takes=40)
        fetcher, _ = paced(clock, inner)
        for _ in range(2):
            await fetcher.fetch(request())
        assert inner.starts() == [1000, 1040]

    async def test_a_host_that_answers_slowly_is_asked_less_often(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched(), takes=7)
        fetcher, pace = paced(clock, inner)
        for _ in range(3):
            await fetcher.fetch(request())
        assert inner.starts() == [1000, 1014, 1028]
        assert pace.strain == Strain(latency_ms=7000)

    async def test_chance_makes_a_gap_a_little_longer_and_each_start_draws_anew(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched())
        dice = [0.5, 0.0, 0.5, 0.9]
        pace = Pace(clock, Lease(clock).cover, gap=10.0, deadline=60, last_at=0, strain=Strain(), chance=lambda: dice.pop(0))
        fetcher = PacedFetcher(inner, pace)
        for _ in range(4):
            await fetcher.fetch(request())
        assert inner.starts() == pytest.approx([1000, 1010.5, 1020.5, 1031])
        assert pace.gap == 10

    async def test_every_429_slows_its_host_also_one_for_robots_txt_or_a_second_knock(self):
        clock = HandClock()
        inner = ListFetcher(clock, refused("later", 429), fetched())
        fetcher, pace = paced(clock, inner)
        for _ in range(3):
            await fetcher.fetch(request())
        assert inner.starts() == pytest.approx([1000, 1004.62, 1009.24])
        assert pace.polite_at() - clock.now() == 4620

    async def test_a_host_stays_slowed_from_lease_to_lease(self):
        clock = HandClock()
        pace = Pace(clock, Lease(clock).cover, gap=2.0, deadline=60, last_at=0, strain=Strain(slow_ms=9000))
        await PacedFetcher(ListFetcher(clock, fetched()), pace).fetch(request())
        assert pace.polite_at() - clock.now() == 9000

    async def test_the_gap_may_grow_and_never_shrinks(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched())
        fetcher, pace = paced(clock, inner)
        await fetcher.fetch(request())
        pace.widen(10)
        pace.widen(1)
        await fetcher.fetch(request())
        assert inner.starts() == [1000, 1010]

    async def test_a_request_that_fails_by_our_own_fault_counts_as_a_start_and_says_nothing_of_the_host(self):
        clock = HandClock()
        inner = ListFetcher(clock, RuntimeError("ours"), fetched(), takes=3)
        fetcher, _ = paced(clock, inner)
        with pytest.raises(RuntimeError):
            await fetcher.fetch(request())
        await fetcher.fetch(request())
        assert inner.starts() == [1000, 1003]

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=6), st.floats(0, 5))
    async def test_two_starts_are_never_closer_than_the_gap_nor_two_requests_at_once(self, visits, gap):
        clock = HandClock()
        inner = ListFetcher(clock, fetched())
        fetcher, _ = paced(clock, inner, gap=gap)
        free = 0.0
        for idle, takes in visits:
            clock.go(idle)
            inner.takes = takes
            await fetcher.fetch(request())
            assert inner.starts()[-1] >= free - 1e-6
            free = inner.starts()[-1] + max(gap, takes)


class TestPoliteAt:
    async def test_before_any_request_it_is_now(self):
        clock = HandClock()
        _, pace = paced(clock, ListFetcher(clock, fetched()))
        assert pace.polite_at() == START

    async def test_after_a_request_it_is_the_rest_of_the_gap(self):
        clock = HandClock()
        fetcher, pace = paced(clock, ListFetcher(clock, fetched(), takes=0.5))
        await fetcher.fetch(request())
        assert pace.polite_at() == START + 2000

    async def test_a_clock_that_was_set_moves_it_no_further_than_a_gap(self):
        for jump in (-86_400_000, 86_400_000):
            clock = HandClock()
            fetcher, pace = paced(clock, ListFetcher(clock, fetched()))
            await fetcher.fetch(request())
            clock.wall += jump
            assert pace.polite_at() - clock.wall == 2000


class TestStamps:
    async def test_a_stamp_is_the_start(self):
        clock = HandClock()
        fetcher, _ = paced(clock, ListFetcher(clock, fetched(), takes=0.5))
        outcome = await fetcher.fetch(request())
        assert outcome.exchanges[0].fetched_at == START

    async def test_stamps_rise_even_when_the_clock_was_put_back(self):
        clock = HandClock()
        fetcher, _ = paced(clock, ListFetcher(clock, fetched()), gap=0, last_at=START + 5000)
        stamps = []
        for _ in range(3):
            clock.wall -= 1000
            stamps.append((await fetcher.fetch(request())).exchanges[0].fetched_at)
        assert stamps == [START + 5001, START + 5002, START + 5003]


class TestLease:
    async def test_nothing_is_sent_without_a_lease_that_outlasts_the_deadline(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched())
        fetcher, _ = paced(clock, inner, lease=Lease(clock, ttl=59, renewals=0))
        with pytest.raises(LeaseLost):
            await fetcher.fetch(request())
        assert inner.asked == []

    async def test_a_gap_longer_than_the_lease_is_waited_for_with_the_lease_held(self):
        clock = HandClock()
        lease = Lease(clock)
        inner = ListFetcher(clock, fetched())
        fetcher, _ = paced(clock, inner, gap=300, lease=lease)
        for _ in range(2):
            await fetcher.fetch(request())
            assert lease.until >= clock.monotonic() + 60
        assert inner.starts() == [1000, 1300]

    async def test_a_lease_lost_while_waiting_sends_nothing(self):
        clock = HandClock()
        inner = ListFetcher(clock, fetched())
        fetcher, _ = paced(clock, inner, gap=300, lease=Lease(clock, renewals=1))
        await fetcher.fetch(request())
        with pytest.raises(LeaseLost):
            await fetcher.fetch(request())
        assert inner.starts() == [1000]


class TestSecondKnock:
    def knocking(self, clock, inner, knocks=2):
        fetcher, _ = paced(clock, inner)
        return RetryingFetcher(fetcher, knocks=knocks, clock=clock)

    @pytest.mark.parametrize("reason", ["connect", "cut"])
    async def test_where_nobody_was_there_we_knock_again_a_gap_later(self, reason):
        clock = HandClock()
        inner = ListFetcher(clock, broken(reason), fetched())
        assert isinstance(await self.knocking(clock, inner).fetch(request()), Fetched)
        assert inner.starts() == [1000, 1002]

    @pytest.mark.parametrize("status", [502, 504])
    async def test_where_a_gateway_found_nobody_we_knock_again_a_gap_later(self, status):
        clock = HandClock()
        inner = ListFetcher(clock, broken("server", status), fetched())
        outcome = await self.knocking(clock, inner).fetch(request())
        assert inner.starts() == [1000, 1002]
        assert [exchange.status for exchange in outcome.exchanges] == [status, 200]

    async def test_after_the_last_knock_it_is_broken(self):
        clock = HandClock()
        inner = ListFetcher(clock, broken("connect"))
        outcome = await self.knocking(clock, inner).fetch(request())
        assert isinstance(outcome, Broken)
        assert len(inner.asked) == 2

    async def test_one_knock_may_be_all(self):
        clock = HandClock()
        inner = ListFetcher(clock, broken("connect"))
        await self.knocking(clock, inner, knocks=1).fetch(request())
        assert len(inner.asked) == 1

    @pytest.mark.parametrize(
        "outcome",
        [
            *(broken("dns"), broken("tls"), broken("timeout"), broken("cut", 200), refused("later", 429)),
            *(broken("server", status) for status in (500, 503)),
        ],
    )
    async def test_an_answer_a_time_out_and_a_name_are_not_asked_for_twice(self, outcome):
        clock = HandClock()
        inner = ListFetcher(clock, outcome)
        assert (await self.knocking(clock, inner).fetch(request())).reason == outcome.reason
        assert len(inner.asked) == 1

    async def test_a_lost_lease_goes_through(self):
        clock = HandClock()
        inner = ListFetcher(clock, LeaseLost())
        with pytest.raises(LeaseLost):
            await RetryingFetcher(inner, knocks=3, clock=clock).fetch(request())
