"""What polls teach about a source's rate, its silence, its moves."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import rhythm
from crawler.model import Rhythm, Url

NOW = 1_795_000_000_000
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
URL = Url("https://new.example/feed")


def per_day(known: Rhythm) -> float:
    return rhythm.rate(known) * 86_400


def every(gap_ms: int, count: int) -> list[int]:
    return [NOW - gap_ms * n for n in range(count)]


def polled(known: Rhythm, gap_ms: int, news: list[int]) -> Rhythm:
    for new in news:
        known = rhythm.seen(known, known.at + gap_ms, new=new)
    return known


def test_the_first_document_tells_the_rate() -> None:
    assert per_day(rhythm.seeded(every(2 * HOUR_MS, 60), NOW, shown=60)) == pytest.approx(12, rel=0.2)
    assert per_day(rhythm.seeded(every(7 * DAY_MS, 10), NOW, shown=10)) == pytest.approx(1 / 7, rel=0.5)


def test_dates_ahead_and_dates_of_nought_tell_nothing() -> None:
    told = every(2 * HOUR_MS, 20)
    odd = [NOW + DAY_MS, 0, 1, -5, 86_400_000]
    assert rhythm.seeded([*told, *odd], NOW, shown=25) == rhythm.seeded(told, NOW, shown=25)


def test_a_past_that_was_moved_in_one_minute_is_no_flood() -> None:
    moved = [NOW - HOUR_MS + n * 100 for n in range(50)]
    assert per_day(rhythm.seeded(moved, NOW, shown=50)) == per_day(rhythm.seeded([], NOW, shown=50))


def test_polls_teach_the_rate_and_an_unchanged_answer_counts_too() -> None:
    busy = polled(rhythm.seeded([], NOW, shown=20), HOUR_MS, [2] * 200)
    assert per_day(busy) == pytest.approx(48, rel=0.05)
    silent = polled(busy, HOUR_MS, [0] * 24)
    assert per_day(silent) < per_day(busy) / 2


def test_a_new_pace_is_learnt_and_the_old_one_forgotten() -> None:
    slow = polled(rhythm.seeded([], NOW, shown=20), DAY_MS, [1] * 100)
    assert per_day(polled(slow, DAY_MS, [10] * 60)) == pytest.approx(10, rel=0.2)


def test_a_clock_that_went_back_harms_nothing() -> None:
    known = polled(rhythm.seeded([], NOW, shown=20), HOUR_MS, [1] * 10)
    again = rhythm.seen(known, known.at - DAY_MS, new=0)
    assert (again.at, rhythm.rate(again)) == (known.at, pytest.approx(rhythm.rate(known)))


def test_failures_count_until_a_success_and_teach_nothing() -> None:
    known = rhythm.seeded(every(HOUR_MS, 20), NOW, shown=20)
    failing = rhythm.failed(rhythm.failed(known, NOW + 5), NOW + 9)
    assert (failing.failures, failing.failing_since) == (2, NOW + 5)
    assert rhythm.rate(failing) == rhythm.rate(known)
    assert rhythm.seen(failing, NOW + 20, new=0).failures == 0


def test_a_source_is_new_then_steady_then_quiet() -> None:
    assert rhythm.mood(rhythm.seeded([], NOW, shown=0), NOW) == "new"
    known = rhythm.seeded(every(DAY_MS, 20), NOW, shown=20)
    assert rhythm.mood(known, NOW + 10 * DAY_MS) == "steady"
    assert rhythm.mood(known, NOW + 20 * DAY_MS) == "quiet"


def test_a_monthly_paper_is_not_quiet_after_two_weeks() -> None:
    assert rhythm.mood(rhythm.seeded(every(30 * DAY_MS, 10), NOW, shown=10), NOW + 40 * DAY_MS) == "steady"


def test_d7_only_errors_for_a_month_is_broken() -> None:
    failing = rhythm.failed(rhythm.seeded([], NOW, shown=0), NOW)
    assert rhythm.mood(failing, NOW + DAY_MS) == "failing"
    assert rhythm.mood(failing, NOW + 31 * DAY_MS) == "broken"


def test_a9_a_source_stuck_at_304_is_asked_whole_once_a_week() -> None:
    known = rhythm.seeded(every(HOUR_MS, 20), NOW, shown=20)
    later = NOW + 15 * DAY_MS
    assert not rhythm.stuck(known, NOW + 13 * DAY_MS)
    assert rhythm.stuck(known, later)
    asked = msgspec.structs.replace(known, asked_whole=later)
    assert not rhythm.stuck(asked, later + 6 * DAY_MS)
    assert rhythm.stuck(asked, later + 8 * DAY_MS)


def test_a9_a_weekly_source_is_found_silent_after_eight_weeks() -> None:
    weekly = rhythm.seeded(every(7 * DAY_MS, 10), NOW, shown=10)
    silent = polled(weekly, DAY_MS, [0] * 45)
    assert rhythm.mood(silent, silent.at) == "steady"
    silent = polled(silent, DAY_MS, [0] * 35)
    assert rhythm.mood(silent, silent.at) == "quiet"
    assert rhythm.stuck(silent, silent.at)


def test_a9_a_source_that_never_wrote_is_not_stuck() -> None:
    assert not rhythm.stuck(rhythm.seeded([], NOW, shown=0), NOW + 100 * DAY_MS)


def test_d1_a_move_is_believed_after_three_answers_over_two_days() -> None:
    known = rhythm.seeded([], NOW, shown=0)
    for hours in (0, 1, 2):
        known = rhythm.moved(known, NOW + hours * HOUR_MS, URL)
    assert rhythm.believed(known, NOW + 3 * HOUR_MS) is None
    assert rhythm.believed(known, NOW + 48 * HOUR_MS) == URL


def test_d1_another_target_or_none_begins_anew() -> None:
    known = rhythm.seeded([], NOW, shown=0)
    for at, target in enumerate([URL, URL, Url("https://other.example/"), URL, URL]):
        known = rhythm.moved(known, NOW + at * DAY_MS, target)
    assert rhythm.believed(known, NOW + 4 * DAY_MS) is None
    assert rhythm.moved(known, NOW, None).move is None


def test_the_state_of_a_source_is_a_blob_of_a_few_bytes() -> None:
    known = polled(rhythm.seeded(every(HOUR_MS, 20), NOW, shown=20), HOUR_MS, [1, 0, 3])
    blob = msgspec.msgpack.encode(known)
    assert msgspec.msgpack.decode(blob, type=Rhythm) == known
    assert len(blob) < 160


@given(
    st.lists(st.integers(-(10**15), 10**15), max_size=60),
    st.lists(st.tuples(st.integers(-DAY_MS, 400 * DAY_MS), st.integers(0, 10_000)), max_size=30),
)
def test_whatever_happens_the_rate_is_a_number_over_0(dates: list[int], polls: list[tuple[int, int]]) -> None:
    known = rhythm.seeded(dates, NOW, shown=len(dates))
    for span, new in polls:
        known = rhythm.seen(known, known.at + span, new=new)
        assert 0 < rhythm.rate(known) < float("inf")
        assert rhythm.usual_gap(known) > 0
