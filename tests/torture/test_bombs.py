"""A daemon's round over a thousand healthy pages among bombs, beside the same round without (`./run torture`)."""

from __future__ import annotations

import sys

import pytest

from tests.whole.mixed import ALL, Round, go_round

pytestmark = pytest.mark.torture

PAPERS, STORIES = 20, 50


def told(name: str, made: Round) -> str:
    seen = made.measured
    return (
        f"{name:>14} | {made.stored:>7} | {seen.took:>5.1f} s | {seen.most_mb:>4.0f} MB | {seen.parent_mb:>4.0f} MB | "
        f"{seen.busy_ms:>5.1f} ms | {seen.idle_ms:>5.1f} ms | {seen.children:>8} | {made.given_up} | "
        f"{' + '.join(f'{share:.0f}' for share in seen.shares_mb)}\n"
    )


def test_a_thousand_healthy_pages_among_bombs(tmp_path):
    calm = go_round(tmp_path / "calm", "127.0.13", papers=PAPERS, stories=STORIES, bombs=())
    mixed = go_round(tmp_path / "mixed", "127.0.13", papers=PAPERS, stories=STORIES, bombs=tuple(ALL))
    sys.stdout.write(
        "\n         round | healthy | took | most in all | of it the parent | pause p99.9 | idle loop | children | given up | most, by process\n"
    )
    sys.stdout.write(told("without bombs", calm))
    sys.stdout.write(told(f"with {len(ALL)}", mixed))
    assert (calm.stored, mixed.stored) == (PAPERS * STORIES, PAPERS * STORIES)
    assert mixed.measured.most_mb <= 400
    assert mixed.measured.parent_mb <= calm.measured.parent_mb + 100


@pytest.mark.parametrize("name", ALL)
def test_one_bomb_takes_little_and_costs_nobody_a_page(tmp_path, name):
    made = go_round(tmp_path / "one", "127.0.13", papers=4, stories=25, bombs=(name,), seconds=60)
    sys.stdout.write(told(name, made))
    assert made.stored == 100
    assert made.measured.most_mb <= 400
