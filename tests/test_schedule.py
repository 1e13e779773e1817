"""When a source is asked again: theta, bounds, hints, back-off."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import cron, rhythm
from crawler.model import Hints, Rhythm
from crawler.schedule import DEAR_LEAST, UNSURE_EVERY_MS, WEEK, Due, Tempo, due, pace, shared_theta, spread

NOW = 1_795_000_000_000  # 2026-11-18 11:06:40 UTC, a Wednesday
HOUR, DAY = 3600, 86_400
TEMPO = Tempo(theta=1e4)


def known(per_day: float, *, shown: int = 0, hints: Hints | None = None, dear: bool = False, failures: int = 0) -> Rhythm:
    """A source watched for long enough that its rate is what it was given."""
    times = 1e6
    return Rhythm(
        entries=per_day * times,
        watched=times * DAY,
        lately=per_day * times,
        lately_watched=times * DAY,
        at=NOW,
        newest=NOW,
        shown=shown,
        hints=hints or Hints(),
        dear=dear,
        failures=failures,
        failing_since=NOW if failures else 0,
    )


def wait(source: Rhythm, tempo: Tempo = TEMPO, *, retry_after: float | None = None, chance: float = 0.5) -> float:
    return (due(source, NOW, tempo, retry_after=retry_after, chance=chance).at - NOW) / 1000


rhythms = st.builds(
    known,
    st.floats(0.001, 10_000),
    shown=st.integers(0, 300),
    hints=st.builds(
        Hints,
        fresh=st.floats(0, 1e7),
        least=st.floats(0, 1e7),
        skip_hours=st.sets(st.integers(0, 23), max_size=23).map(lambda found: tuple(sorted(found))),
        skip_days=st.sets(st.integers(0, 6), max_size=6).map(lambda found: tuple(sorted(found))),
    ),
    failures=st.integers(0, 30),
)


def test_four_times_the_entries_are_asked_for_twice_as_often() -> None:
    assert wait(known(40)) == pytest.approx(wait(known(10)) / 2, rel=1e-3)


def test_entries_have_waited_theta_when_they_are_asked_for() -> None:
    rate, span = 24 / DAY, wait(known(24))
    assert rate * span**2 / 2 == pytest.approx(TEMPO.theta, rel=1e-3)


def test_no_more_than_half_the_window_is_new() -> None:
    source = known(240, shown=20)
    told = due(source, NOW, Tempo(theta=1e12))
    assert told == Due(at=NOW + HOUR * 1000, why="window")


def test_a_source_without_entries_is_asked_daily_and_a_flood_once_a_minute() -> None:
    assert wait(known(0.0001), Tempo(theta=1e12)) == DAY
    assert wait(known(1e6)) == 60


def test_a_source_that_can_only_be_asked_dearly_is_asked_hourly_at_most() -> None:
    assert wait(known(1e4, dear=True)) == DEAR_LEAST
    assert wait(known(1e4, dear=True), Tempo(theta=1, every=600)) == 600


def test_an_interval_that_is_configured_holds_whatever_the_rate() -> None:
    assert due(known(100), NOW, Tempo(theta=1, every=7200)) == Due(at=NOW + 7_200_000, why="every")


def test_a_cron_string_holds_to_the_minute() -> None:
    told = due(known(100), NOW, Tempo(theta=1, cron=cron.read("30 * * * *")), chance=0.9)
    assert told == Due(at=NOW + 1_400_000, why="cron")  # 11:30:00


def test_a_cron_string_waits_for_the_publisher() -> None:
    told = due(known(100), NOW, Tempo(theta=1, cron=cron.read("30 * * * *")), retry_after=HOUR)
    assert told == Due(at=NOW + (1400 + HOUR) * 1000, why="publisher")


def test_a_cron_string_is_passed_over_while_its_source_fails() -> None:
    often = Tempo(theta=1, cron=cron.read("* * * * *"))
    told = due(known(100, failures=6), NOW, often)
    assert told.why == "failures"
    assert HOUR <= (told.at - NOW) / 1000 <= HOUR + 300


def test_c1_never_before_what_was_asked_for() -> None:
    source = known(100, hints=Hints(fresh=5000, least=4000))
    assert wait(source, chance=0.0) == 5000
    assert wait(source, retry_after=9000, chance=0.0) == 9000


def test_c4_a_hint_keeps_us_away_for_a_day_at_most() -> None:
    assert wait(known(100, hints=Hints(least=365 * DAY))) == DAY
    assert wait(known(100, hints=Hints(least=365 * DAY)), Tempo(theta=1, hints_most=HOUR)) == HOUR


def test_c5_a_hint_makes_no_poll_come_sooner() -> None:
    assert wait(known(1, hints=Hints(least=60))) == wait(known(1))


def test_c6_a_poll_in_a_skipped_hour_moves_behind_it() -> None:
    told = due(known(100, hints=Hints(skip_hours=(11, 12))), NOW, TEMPO)
    assert told == Due(at=1_795_006_800_000, why="skipped")  # 13:00
    assert due(known(100, hints=Hints(skip_days=(2,))), NOW, TEMPO).at == 1_795_046_400_000  # midnight


def test_c7_polls_are_jittered_and_first_ones_spread() -> None:
    assert wait(known(1), chance=0.0) == pytest.approx(wait(known(1)) * 0.95)
    assert [spread(0, 100, chance) for chance in (0, 0.25, 0.75)] == [0, 25_000, 75_000]


def test_d7_errors_back_off_to_a_day_and_after_a_month_to_a_week() -> None:
    failing = known(24, failures=30)
    assert wait(failing, chance=0.999_999) == pytest.approx(DAY, rel=1e-3)
    broken = msgspec.structs.replace(failing, failing_since=NOW - 31 * DAY * 1000)
    assert wait(broken, chance=0.999_999) == pytest.approx(WEEK, rel=1e-3)


def test_d8_one_success_ends_the_back_off() -> None:
    failing = known(24, failures=5)
    assert wait(failing) > wait(known(24))
    assert wait(rhythm.seen(failing, NOW, new=0)) == pytest.approx(wait(known(24)), rel=1e-3)


@given(rhythms, st.floats(0, 0.999), st.none() | st.floats(0, 2_678_400), st.floats(1e-3, 1e12))
def test_whatever_is_known_a_poll_comes_and_not_too_soon(
    source: Rhythm, chance: float, retry_after: float | None, theta: float
) -> None:
    told = due(source, NOW, Tempo(theta=theta), retry_after=retry_after, chance=chance)
    floor = max(retry_after or 0, min(max(source.hints.fresh, source.hints.least), DAY))
    waited = (told.at - NOW) / 1000
    assert waited >= max(floor, 60 * 0.95) - 0.001
    # a day, its jitter, and the longest skipped stretch behind it
    assert waited <= max(floor, UNSURE_EVERY_MS / 1000 * 1.05) + 8 * DAY


@given(rhythms, rhythms)
def test_the_livelier_of_two_sources_is_never_asked_later(one: Rhythm, other: Rhythm) -> None:
    quiet, lively = sorted((known(rhythm.rate(source) * DAY) for source in (one, other)), key=rhythm.rate)
    assert wait(lively) <= wait(quiet)


@given(st.lists(st.floats(0.05, 500), min_size=1, max_size=40), st.floats(2, 300))
def test_one_theta_spends_the_budget(rates: list[float], polls: float) -> None:
    paces = [pace(known(rate), Tempo(theta=0, least=1, most=30 * DAY)) for rate in rates]
    theta = shared_theta(paces, polls)
    spent = sum(DAY / one.interval(theta) for one in paces)
    assert math.isclose(spent, polls * len(rates), rel_tol=0.01)


def test_a_budget_out_of_reach_is_met_as_far_as_the_bounds_go() -> None:
    paces = [pace(known(10), Tempo(theta=0, least=HOUR, most=DAY))]
    assert paces[0].interval(shared_theta(paces, 1000)) == pytest.approx(HOUR, rel=1e-3)
    assert paces[0].interval(shared_theta(paces, 0.001)) == pytest.approx(DAY, rel=1e-3)
    assert shared_theta([], 24) == 0


def test_a_dearer_theta_asks_less_often() -> None:
    paces = [pace(known(rate), TEMPO) for rate in (1, 10, 100)]
    assert shared_theta(paces, 12) > shared_theta(paces, 24) > shared_theta(paces, 48)
