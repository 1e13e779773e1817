"""A daemon's round with bombs among healthy pages: a taste of what `tests/torture/test_bombs.py` does."""

from __future__ import annotations

from tests.whole.mixed import go_round

BOMBS = (
    "freeze",
    "attributes, many tags",
    "gzip of 10 GB",
    "endless page",
    "small chunks",
    "deep",
    "billion laughs",
)


def test_healthy_pages_among_bombs_are_all_stored(tmp_path):
    made = go_round(tmp_path / "round", "127.0.15", papers=4, stories=15, bombs=BOMBS, seconds=50)
    assert made.measured.code == 0, made.measured.said[-2000:]
    assert made.stored == 60
    # By the clock a page may take 10 s, and on a busy machine the two others that are large take as long.
    assert 1 <= made.given_up <= 3, "the one that takes more than 2 s of CPU"
    assert made.measured.most_mb <= 400
