"""docs/politeness.md says what the code does, and names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler import politeness, setbacks
from crawler.config.units import span_text
from crawler.settle import Policy

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "politeness.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
SHOWN = {row[0]: row[1:] for row in re.findall(r"(?m)^\| `(\w+)` \| (\w+) \| .+ \|(.*)\|(.*)\|(.*)\|(.*)\|$", PAGE)}


def tries(one: setbacks.Setback) -> str:
    apart = f", {span_text(one.wait)} apart" if one.wait else ""
    return f"{one.tries}{apart}" if one.tries else "all"


@pytest.mark.parametrize("reason", sorted(setbacks.TABLE))
def test_the_table_of_the_page_is_the_one_of_the_code(reason):
    one = setbacks.TABLE[reason]
    knock = "502, 504" if reason == "server" else "yes" if one.knock else ""
    slows = "503" if reason == "server" else "yes" if one.slows else ""
    told = (one.sort, knock, tries(one), "yes" if one.rests else "", slows)
    assert tuple(cell.strip() for cell in SHOWN[reason]) == told


def test_the_page_shows_nothing_else():
    assert SHOWN.keys() == setbacks.TABLE.keys()


def test_its_numbers_are_the_codes():
    assert (politeness.SLOWER, politeness.MOST_SLOW, politeness.CALM, politeness.JITTER) == (2.2, 60, 10, 0.1)
    assert (politeness.UNHURRIED, politeness.LATENCY_FACTOR, politeness.MOST_LATENCY_GAP) == (1, 2, 30)
    assert politeness.MOST_CRAWL_DELAY == 300
    assert (politeness.BREAK, Policy().host_base, Policy().host_most) == (5, 2, 3600)
    assert (Policy().tries, Policy().retry_base, Policy().retry_most, Policy().retry_after_most) == (5, 60, 86_400, 86_400)


def test_every_test_it_names_is_there():
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert len(named) > 15
    assert [name for name in named if f"def {name}(" not in TESTS] == []
