"""What publishers say about when to come again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.hints import capped, fresh_for, least_between, open_again, skipped_days, skipped_hours
from crawler.model import Hints

DATE, LATER = "Sun, 22 Nov 2026 19:00:00 GMT", "Sun, 22 Nov 2026 20:00:00 GMT"
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"cache_control": "max-age=600"}, 600),
        ({"cache_control": 'public, MAX-AGE="600", must-revalidate'}, 600),
        ({"cache_control": "max-age=600", "age": "500"}, 100),
        ({"cache_control": "max-age=600", "age": "900"}, 0),
        ({"cache_control": "no-cache, max-age=600"}, 0),
        ({"cache_control": "no-store", "expires": LATER, "date": DATE}, 0),
        ({"cache_control": "s-maxage=600"}, 0),
        ({"cache_control": "max-age=-5"}, 0),
        ({"cache_control": "max-age=soon"}, 0),
        ({"cache_control": "max-age=" + "9" * 99}, 10_000_000),
        ({"cache_control": None, "expires": LATER, "date": DATE}, 3600),
        ({"cache_control": "max-age=60", "expires": LATER, "date": DATE}, 60),
        ({"cache_control": None, "expires": LATER}, 0),
        ({"cache_control": None, "expires": DATE, "date": LATER}, 0),
        ({"cache_control": None, "expires": "0", "date": DATE}, 0),
        ({"cache_control": None, "expires": "-1", "date": DATE}, 0),
        ({"cache_control": None}, 0),
    ],
)
def test_c3_how_long_an_answer_is_fresh(said: dict[str, str], seconds: float) -> None:
    assert fresh_for(**said) == seconds


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"ttl": "60"}, 3600),
        ({"ttl": " ٦٠ "}, 3600),
        ({"ttl": "0"}, 0),
        ({"ttl": "-60"}, 0),
        ({"ttl": "an hour"}, 0),
        ({"period": "hourly"}, 3600),
        ({"period": "hourly", "frequency": "2"}, 1800),
        ({"period": " Daily ", "frequency": "4"}, 21_600),
        ({"frequency": "2"}, 43_200),
        ({"period": "hourly", "frequency": "0"}, 0),
        ({"period": "hourly", "frequency": "-1"}, 0),
        ({"period": "whenever"}, 0),
        ({"ttl": "90", "period": "hourly"}, 5400),
        ({"ttl": "30", "period": "hourly"}, 3600),
        ({}, 0),
    ],
)
def test_c5_ttl_and_syndication_periods(said: dict[str, str], seconds: float) -> None:
    assert least_between(**said) == seconds


def test_c6_hours_and_days_to_skip() -> None:
    assert skipped_hours(["0", " 7 ", "23", "7", "25", "x", "-1", "1.5"]) == (0, 7, 23)
    assert skipped_hours(["24", "3"]) == (0, 3)
    assert skipped_days(["Saturday", " sunday", "someday"]) == (5, 6)


def test_c6_all_hours_or_all_days_are_none() -> None:
    assert skipped_hours(str(hour) for hour in range(1, 25)) == ()
    assert skipped_days(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]) == ()


def test_c4_a_hint_is_followed_up_to_a_limit() -> None:
    assert capped(Hints(fresh=60, least=90)) == 90
    assert capped(Hints(fresh=10**9)) == 86_400
    assert capped(Hints(fresh=10**9), most=3600) == 3600


@given(
    st.sets(st.integers(0, 23), max_size=23).map(lambda found: tuple(sorted(found))),
    st.sets(st.integers(0, 6), max_size=6).map(lambda found: tuple(sorted(found))),
    st.integers(0, 4 * 10**12),
)
def test_c6_the_moment_found_is_in_no_skipped_slot(hours: tuple[int, ...], days: tuple[int, ...], at: int) -> None:
    found = open_again(Hints(skip_hours=hours, skip_days=days), at)
    hour = found // HOUR_MS
    assert found >= at
    assert found - at <= 8 * 24 * HOUR_MS
    assert hour % 24 not in hours
    assert (hour // 24 + 3) % 7 not in days


@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_is_said_a_span_is_read(one: str, other: str) -> None:
    assert fresh_for(cache_control=one, age=other, expires=other, date=one) >= 0
    assert least_between(ttl=one, period=other, frequency=one) >= 0
    assert len(skipped_hours([one, other])) < 24
