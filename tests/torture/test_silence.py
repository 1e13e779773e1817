"""A thousand papers behind an hour without a network (`./run torture silence`); twenty are in tests/daemon."""

import pytest

from tests.daemon.silence import HOUR, MINUTE, judge, lived

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("begins", [0, 15 * MINUTE], ids=["from the start", "in the midst"])
def test_a_thousand_papers_are_caught_up_with_politely(tmp_path, begins):
    ends = begins + HOUR
    made = lived(tmp_path, papers=1000, every=10 * MINUTE, begins=begins, ends=ends, until=ends + HOUR)
    judge(made)
    assert made.busiest(ends, ends + 5 * MINUTE) < 250, "64 at once would be 320"
    since = min(at for at, _, whole in made.press.starts if whole and at >= ends)
    assert made.asked(since, since + 5) < 200
