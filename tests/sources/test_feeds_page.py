"""docs/feeds.md says what the code does."""

from pathlib import Path

from crawler import following, polling, rhythm, schedule
from crawler.config import ScheduleConfig
from crawler.model import WEIGHTS
from crawler.pacemaker import POLLS_A_DAY
from crawler.politeness import MOST_RETRY_AFTER
from crawler.sources import trust
from crawler.wiring import watched

ROOT = Path(__file__).parents[2]
PAGE = " ".join((ROOT / "docs" / "feeds.md").read_text(encoding="utf-8").split())
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
HOUR, DAY = 3600, 86_400


def test_its_numbers_are_the_codes():
    assert (rhythm.HALF_LIFE, rhythm.QUIET_GAPS, rhythm.QUIET, rhythm.WHOLE_EVERY) == (21 * DAY, 8, 14 * DAY, 7 * DAY)
    assert (rhythm.UNDEAD, rhythm.BELIEVED_TIMES, rhythm.BELIEVED_AFTER) == (30 * DAY, 3, 2 * DAY)
    assert (schedule.WINDOW, schedule.JITTER, schedule.DEAR_LEAST, schedule.HEAVY_LEAST) == (0.5, 0.05, HOUR, DAY)
    assert (schedule.GONE_EVERY_MS, schedule.UNSURE_EVERY_MS, schedule.WEEK) == (30 * DAY * 1000, DAY * 1000, 7 * DAY)
    assert (polling.BLOCKED_LEAST, polling.HEAVY_BYTES, MOST_RETRY_AFTER) == (4 * HOUR, 5_000_000, 31 * DAY)
    assert (following.DEEPEST_SITEMAP, following.PROBES, trust.MOST_WRONG, trust.OVER_AFTER) == (5, 3, 0.1, 14 * DAY)
    assert WEIGHTS == {"low": 0.25, "normal": 1, "high": 4}
    assert POLLS_A_DAY == ScheduleConfig().polls_a_day == 24
    assert round((10_000 - watched.AT_ONCE) * watched.APART / HOUR, 1) == 1.0


def test_each_statement_has_a_test_of_its_name():
    for group, count in (("a", 11), ("b", 7), ("c", 10), ("d", 10), ("e", 8), ("f", 12), ("g", 7), ("s", 9)):
        for number in range(1, count + 1):
            assert f"def test_{group}{number}_" in TESTS, f"{group}{number}"
    for state in ("active", "quiet", "failing", "not_a_feed", "blocked", "gone", "paused"):
        assert f"| {state} |" in PAGE
