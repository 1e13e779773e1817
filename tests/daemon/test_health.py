"""What isn't well is told, each within its time, with what to do."""

import pytest

from crawler import setbacks
from crawler.health import NAMES, Signs, advice, ailments, days_until_full
from crawler.model import CONDITIONS, Late, SourceId, Standing, Untold
from tests.fetching.hands import START

MINUTE = 60_000
HOUR = 60 * MINUTE


def standing(sources=(("active", 3),), **more):
    counts = dict.fromkeys(CONDITIONS, 0) | dict(sources)
    return Standing(at=START, sources=counts, **{"last_success": START, **more})


def late(by):
    return (Late(source_id=SourceId("s"), name="", url="https://a.example/feed", since=START - by),)


def names(one, **signs):
    return [ailment.name for ailment in ailments(one, Signs(**{"daemon": True, **signs}))]


def test_where_all_is_well_nothing_is_said():
    assert names(standing(late=late(59 * MINUTE), outbox=5, outbox_since=START - MINUTE, beat_at=START - MINUTE)) == []


@pytest.mark.parametrize(
    ("one", "signs", "name"),
    [
        (standing(), {"disk_low": "/archive"}, "disk_low"),
        (standing(), {"days_left": 2.9}, "disk_fills"),
        (standing(beat_at=START - 6 * MINUTE), {}, "stalled"),
        (standing(outbox=7, outbox_since=START - 16 * MINUTE), {}, "unread"),
        (standing(late=late(61 * MINUTE)), {}, "late"),
        (standing([("failing", 2), ("blocked", 1), ("active", 2)]), {}, "failing"),
        (standing([("failing", 1), ("active", 5)], last_success=START - 25 * HOUR), {}, "silent"),
        (standing(untold=(Untold(name="hook", fails=5, waiting=3, error="refused"),)), {}, "untold"),
    ],
)
def test_each_ailment_is_told_by_its_name_with_what_to_do(one, signs, name):
    (found,) = ailments(one, Signs(**{"daemon": True, **signs}))
    assert found.name == name
    assert name in NAMES
    assert found.text
    assert found.hint


def test_without_a_daemon_nobody_is_said_to_be_stalled_and_who_is_late_is_told_to_start_one():
    (found,) = ailments(standing(late=late(2 * HOUR), beat_at=START - HOUR), Signs(daemon=False))
    assert found.name == "late"
    assert "warraq run" in found.hint


def test_sources_that_are_asked_once_a_week_are_not_silent():
    assert names(standing(last_success=START - 6 * 24 * HOUR)) == []


def test_sources_that_are_paused_or_gone_are_not_counted_among_those_that_fail():
    assert names(standing([("failing", 1), ("active", 1), ("paused", 9), ("gone", 9)])) == []
    assert names(standing([("paused", 9), ("gone", 9)])) == []


def test_a_disk_that_is_full_already_is_told_once():
    assert names(standing(), disk_low="/archive", days_left=0.1) == ["disk_low"]


def test_a_forecast_needs_growth():
    assert days_until_full(100, 0) is None
    assert days_until_full(100, 50) == 2
    assert days_until_full(1 << 60, 1) == 3653


def test_for_every_reason_there_is_a_word_of_advice():
    assert all("lists them" not in advice(reason) for reason in setbacks.TABLE)
    assert "lists them" in advice("what an older store knows")
