from __future__ import annotations

import pytest

from crawler.cli.pace import Pace, told


@pytest.mark.parametrize(
    ("done", "total", "seconds", "line"),
    [
        (0, 340, 0.0, "0 of 340 segments · 0.0 a second"),
        (12, 340, 2.4, "12 of 340 segments · 5.0 a second · 1 min 06 s left"),
        (5000, 5000, 1.0, "5,000 of 5,000 segments · 5,000 a second · 0 s left"),
        (1, 20_000, 2.0, "1 of 20,000 segments · 0.5 a second · 11 h 06 min left"),
    ],
)
def test_how_far_how_fast_and_how_long_yet(done, total, seconds, line):
    assert told("segments", done, total, seconds) == line


def test_where_there_is_no_terminal_nothing_is_shown(capsys):
    with Pace("segments") as pace:
        pace.steps(3)
        pace.step()
        with pace.aside():
            print("found")  # noqa: T201
    assert capsys.readouterr() == ("found\n", "")
    assert pace.done == 1
