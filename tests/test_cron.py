"""Five fields of a cron string."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cron import CronError, read


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("* * * * *", "2026-11-22T19:05"),
        ("*/15 * * * *", "2026-11-22T19:15"),
        ("5/20 * * * *", "2026-11-22T19:05"),
        ("0 6-22/4 * * *", "2026-11-22T22:00"),
        ("30 4,16 * * *", "2026-11-23T04:30"),
        ("0 0 1 * *", "2026-12-01T00:00"),
        ("0 12 * jan,Jul *", "2027-01-01T12:00"),
        ("0 9 * * mon-fri", "2026-11-23T09:00"),
        ("0 9 * * 0", "2026-11-29T09:00"),
        ("0 9 * * 7", "2026-11-29T09:00"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("0 0 13 * 5", "2026-11-27T00:00"),  # the 13th or a Friday
        ("@daily", "2026-11-23T00:00"),
        (" ٣٠  ٤ * * * ", "2026-11-23T04:30"),
    ],
)
def test_the_next_minute_it_names(text: str, then: str) -> None:
    assert read(text).after(at("2026-11-22T19:04:30")) == at(then)


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *",
     "*/0 * * * *", "a * * * *", "* * * feb-jan *", "1,,2 * * * *", "-1 * * * *",
     "0 0 30 2 *", "0 0 31 4,6,9,11 *", "1.5 * * * *", "@reboot",
     "*" * 999, "99999 * * * *", "² * * * *"],
)  # fmt: skip
def test_what_is_no_cron_string_says_so(text: str) -> None:
    with pytest.raises(CronError):
        read(text)


def test_it_never_means_now() -> None:
    assert read("0 19 * * *").after(at("2026-11-22T19:00")) == at("2026-11-23T19:00")


def test_hours_are_those_of_the_clocks_on_the_wall() -> None:
    assert read("0 6 * * *").after(at("2026-11-22T12:00"), ZoneInfo("Asia/Riyadh")) == at("2026-11-23T03:00")


def test_an_hour_that_is_passed_over_is_not_lost() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # 2027-03-28: 02:00 is 03:00
    assert read("30 2 * * *").after(at("2027-03-28T00:00"), berlin) == at("2027-03-28T01:30")
    assert read("* * * * *").after(at("2027-03-28T00:59"), berlin) == at("2027-03-28T01:00")


def test_an_hour_that_comes_twice_counts_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # 2026-10-25: 03:00 is 02:00
    first = read("30 2 * * *").after(at("2026-10-24T22:00"), berlin)
    assert first == at("2026-10-25T00:30")
    assert read("30 2 * * *").after(first, berlin) == at("2026-10-26T01:30")


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    return st.just("*") | st.lists(st.integers(low, high).map(str), min_size=1, max_size=4).map(",".join)


@given(numbers(0, 59), numbers(0, 23), numbers(1, 28), numbers(1, 12), numbers(0, 7), st.integers(10**12, 4 * 10**12))
def test_whatever_it_says_the_moment_found_is_the_first_it_holds_for(
    minute: str, hour: str, day: str, month: str, weekday: str, now: int
) -> None:
    cron = read(f"{minute} {hour} {day} {month} {weekday}")
    found = cron.after(now)
    moment = datetime.fromtimestamp(found / 1000, UTC)
    assert found > now
    assert found % 60_000 == 0
    assert moment.minute in cron.minutes
    assert moment.hour in cron.hours
    assert moment.month in cron.months
    before = moment - timedelta(minutes=1)
    assert cron.after(now) == cron.after(max(now, round(before.timestamp() * 1000)))


@given(st.text(max_size=40))
def test_whatever_is_written_it_is_one_or_says_why_not(text: str) -> None:
    with suppress(CronError):
        assert read(text).after(10**12) > 10**12
