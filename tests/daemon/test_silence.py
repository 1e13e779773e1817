"""An hour without a network, and the hour behind it; a thousand papers are in tests/torture."""

from tests.daemon.silence import HOUR, MINUTE, judge, lived


def test_an_hour_behind_an_hour_without_a_network_nothing_is_missing_and_nobody_was_hurried(tmp_path):
    made = lived(tmp_path, papers=20, every=10 * MINUTE, begins=15 * MINUTE, ends=75 * MINUTE, until=75 * MINUTE + HOUR)
    judge(made)
    assert made.busiest(75 * MINUTE, 76 * MINUTE) < 20, "all are due at once, and not all are asked at once"
