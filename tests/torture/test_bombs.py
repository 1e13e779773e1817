"""A daemon's round over a thousand healthy pages among bombs, beside the same round without (`./run torture`)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from tests.whole.bombs import FREEZING
from tests.whole.hostiles import FEEDS, PAGES
from tests.whole.mixed import ALL, Round, go_round

pytestmark = pytest.mark.torture

PAPERS, STORIES = 20, 50
MORE_MB = 100
MORE_MS = 50
"""Beyond the same round without bombs, and an idle loop; 88 to 96 MB and 15 to 18 ms were measured on two quiet cores."""


def middle(waits: Sequence[float]) -> float:
    return waits[len(waits) // 2]


def told(name: str, made: Round) -> str:
    seen = made.measured
    return (
        f"{name:>14} | {made.stored:>7} | {seen.took:>5.1f} s | {seen.most_mb:>4.0f} MB | {seen.parent_mb:>4.0f} MB | "
        f"{seen.busy_ms:>5.1f} ms | {seen.idle_ms:>5.1f} ms | {seen.children:>8} | {made.given_up:>8} | "
        f"{middle(seen.waits):>5.2f} {seen.waits[-1]:>5.2f} s | {' + '.join(f'{share:.0f}' for share in seen.shares_mb)}\n"
    )


HEADINGS = (
    "\n               | healthy | took    | in all  | parent  | pause    | idle     | children | given up "
    "| waited, most  | processes\n"
)


def test_a_thousand_healthy_pages_among_bombs(tmp_path):
    calm = go_round(tmp_path / "calm", "127.0.13", papers=PAPERS, stories=STORIES, bombs=())
    mixed = go_round(tmp_path / "mixed", "127.0.13", papers=PAPERS, stories=STORIES, bombs=tuple(ALL), hostile=True)
    sys.stdout.write(HEADINGS + told("without bombs", calm) + told(f"with {len(ALL)} + {len(mixed.hostile)}", mixed))
    rights = {one.name: one.right for one in (*FEEDS, *PAGES)}
    wrong = {name: f"{got}, not {rights[name]}" for name, got in mixed.hostile.items() if got != rights[name]}
    sys.stdout.write("".join(f"{name}: {how}\n" for name, how in wrong.items()))
    assert (calm.stored, mixed.stored) == (PAPERS * STORIES, PAPERS * STORIES)
    assert not [name for name in wrong if rights[name] == "refused"]
    assert mixed.measured.most_mb <= min(400, calm.measured.most_mb + MORE_MB)
    assert mixed.measured.busy_ms <= mixed.measured.idle_ms + MORE_MS
    # Each page that takes long costs the others the time until the next child goes on: many at once add up.
    slow = mixed.measured.children - calm.measured.children
    assert mixed.measured.waits[-1] - calm.measured.waits[-1] <= slow


def test_a_page_that_freezes_costs_nobody_else_a_second(tmp_path):
    calm = go_round(tmp_path / "calm", "127.0.13", papers=PAPERS, stories=10, bombs=())
    frozen = go_round(tmp_path / "frozen", "127.0.13", papers=PAPERS, stories=10, bombs=tuple(FREEZING))
    sys.stdout.write(HEADINGS + told("without", calm) + told("with it", frozen))
    assert (frozen.stored, frozen.given_up) == (PAPERS * 10, 1)
    assert frozen.measured.waits[-1] <= calm.measured.waits[-1] + 1


@pytest.mark.parametrize("name", ALL)
def test_one_bomb_takes_little_and_costs_nobody_a_page(tmp_path, name):
    made = go_round(tmp_path / "one", "127.0.13", papers=4, stories=25, bombs=(name,), seconds=60)
    sys.stdout.write(told(name, made))
    assert made.stored == 100
    assert made.measured.most_mb <= 400
