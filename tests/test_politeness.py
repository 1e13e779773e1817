"""Gaps, what a host feels of us, Retry-After, rests."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import Strain, Unasked
from crawler.politeness import (
    CALM,
    MOST_CRAWL_DELAY,
    MOST_LATENCY_GAP,
    MOST_RETRY_AFTER,
    MOST_SLOW,
    felt,
    gap,
    jittered,
    kept_gap,
    next_start,
    rest,
    retry_after,
)
from tests.fetching.hands import broken, fetched, refused

NOW = 1_795_000_000_000


def test_the_longest_wish_is_the_gap():
    assert gap(2, None) == 2
    assert gap(2, 1) == 2
    assert gap(2, 10) == 10
    assert gap(2, 10, most=5) == 5


def test_a_crawl_delay_of_days_is_kept_as_five_minutes():
    assert gap(2, 86_400) == MOST_CRAWL_DELAY
    assert gap(600, 86_400) == 600


def test_a_request_waits_for_the_gap_and_for_the_end_of_the_last_one():
    assert next_start(100, 101, 2) == 102
    assert next_start(100, 109, 2) == 109


@pytest.mark.parametrize(("text", "seconds"), [("120", 120), (" 0 ", 0), ("1.5", 1.5), ("9" * 15, MOST_RETRY_AFTER)])
def test_retry_after_in_seconds(text, seconds):
    assert retry_after(text, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "soon",
        "-5",
        "+5",
        "1e3",
        "٦٠",
        "9" * 400,
        "Fri, 99 Foo 2026 25:61:61 GMT",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "0x10",
    ],
)
def test_a_retry_after_that_says_nothing_is_none(text):
    assert retry_after(text, NOW) is None


def test_retry_after_as_a_date_in_all_three_forms():
    now = round(datetime(2026, 11, 6, 8, 49, 7, tzinfo=UTC).timestamp() * 1000)
    for text in ("Fri, 06 Nov 2026 08:49:37 GMT", "Friday, 06-Nov-26 08:49:37 GMT", "Fri Nov  6 08:49:37 2026"):
        assert retry_after(text, now) == 30


def test_a_retry_after_that_is_past_says_nothing():
    assert retry_after("Fri, 06 Nov 2020 08:49:37 GMT", NOW) is None


@settings(deadline=None)
@given(st.integers(1, 10**10))
def test_a_date_and_its_seconds_say_the_same(seconds):
    until = NOW // 1000 + seconds
    if until < 253_000_000_000:
        text = format_datetime(datetime.fromtimestamp(until, UTC), usegmt=True)
        assert retry_after(text, NOW) == retry_after(str(seconds), NOW) == min(seconds, MOST_RETRY_AFTER)


@settings(deadline=None)
@given(st.text(max_size=120))
def test_no_text_at_all_makes_it_fail(text):
    wait = retry_after(text, NOW)
    assert wait is None or 0 <= wait <= MOST_RETRY_AFTER


def test_a_rest_doubles_and_from_the_fifth_failure_on_it_is_long():
    assert [rest(fails, base=2, most=3600) for fails in range(-1, 11)] == [
        0, 0, 2, 4, 8, 16, 300, 600, 1200, 2400, 3600, 3600,
    ]  # fmt: skip
    assert rest(10**6, base=1, most=3600) == 3600


@pytest.mark.parametrize(
    "sign",
    [
        refused("later", 429),
        refused("blocked", 403),
        refused("blocked", 200),
        broken("timeout"),
        broken("server", 503),
    ],
    ids=lambda sign: f"{sign.reason}",
)
@given(base=st.floats(0, 600), took=st.floats(0, 60), before=st.integers(0, 8))
@settings(deadline=None, max_examples=40)
def test_a_host_under_strain_gets_at_most_half_its_former_rate_until_it_recovers(sign, base, took, before):
    strain = Strain()
    for _ in range(before):
        strain = felt(strain, fetched(), took, base)
    former = max(kept_gap(base, strain), took if before else 0)
    strain = felt(strain, sign, took, base)
    answers = 0
    while strain.slow_ms:
        assert kept_gap(base, strain) >= 2 * (former + 0.1) - 0.001
        strain = felt(strain, fetched(), took, base)
        answers += 1
        assert answers <= 1000, "it never recovers"
    assert answers >= CALM


def test_each_sign_of_strain_slows_further_up_to_a_bound():
    strain, gaps = Strain(), []
    for _ in range(6):
        strain = felt(strain, refused("later", 429), 0.1, 2)
        gaps.append(round(kept_gap(2, strain), 1))
    assert gaps == [4.6, 10.4, 23.1, 51.0, MOST_SLOW, MOST_SLOW]


def test_a_slowed_host_wins_its_pace_back_in_small_steps():
    strain = Strain(slow_ms=10_000)
    seen = []
    for _ in range(5 * CALM):
        strain = felt(strain, fetched(), 0.1, 2)
        seen.append(kept_gap(2, strain))
    assert seen == [10.0] * 9 + [8.0] * 10 + [6.0] * 10 + [2.0] * 21
    assert strain.slow_ms == 0


@pytest.mark.parametrize("nothing", [broken("dns"), broken("connect"), broken("server", 500), Unasked()])
def test_what_says_nothing_of_strain_neither_slows_nor_eases(nothing):
    assert felt(Strain(), nothing, 9, 2) == Strain()
    assert felt(Strain(slow_ms=5000, calm=9), nothing, 9, 2) == Strain(slow_ms=5000, calm=0)


def test_a_404_is_an_answer_like_any_other():
    assert felt(Strain(slow_ms=5000), refused("missing", 404), 0.1, 2).calm == 1


def test_a_slow_host_is_asked_less_often_by_the_average_of_its_answers():
    strain = Strain()
    for _ in range(20):
        strain = felt(strain, fetched(), 4.0, 2)
    assert kept_gap(2, strain) == 8
    assert kept_gap(30, strain) == 30
    once = felt(Strain(latency_ms=100), fetched(), 60.0, 2)
    assert kept_gap(2, once) < MOST_LATENCY_GAP + 1
    assert kept_gap(2, Strain(latency_ms=60_000)) == MOST_LATENCY_GAP


def test_a_host_at_ease_is_not_spared_beyond_our_own_gap():
    strain = felt(Strain(), fetched(), 0.3, 0)
    assert kept_gap(0, strain) == 0


@given(st.floats(0, 1000), st.floats(0, 0.999))
def test_jitter_only_makes_longer_and_not_by_much(gap, chance):
    assert gap <= jittered(gap, chance) <= 1.1 * gap


@given(
    st.lists(
        st.tuples(
            st.sampled_from([fetched(), broken("timeout"), broken("dns"), refused("later", 429), refused("missing", 404)]),
            st.floats(0, 120),
        ),
        max_size=60,
    ),
    st.floats(0, 300),
)
def test_whatever_a_host_does_its_gap_is_never_below_ours_and_never_without_bound(visits, base):
    strain = Strain()
    for outcome, took in visits:
        strain = felt(strain, outcome, took, base)
        assert base <= kept_gap(base, strain) <= max(MOST_SLOW, 2.2 * (max(base, 120) + 0.1)) + 0.001
        assert 0 <= strain.calm < CALM
