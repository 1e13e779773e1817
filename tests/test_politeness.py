"""Gaps, Retry-After and back-off."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.politeness import MOST_CRAWL_DELAY, MOST_RETRY_AFTER, back_off, gap, next_start, retry_after

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


def test_back_off_doubles_up_to_its_bound():
    assert [back_off(fails, base=10, most=60) for fails in range(-1, 6)] == [0, 0, 10, 20, 40, 60, 60]
    assert back_off(10**6, base=1, most=3600) == 3600
