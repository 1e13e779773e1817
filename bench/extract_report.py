"""The tables of `./run bench extract`: figures in, Markdown out."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import Any, TypedDict

Scores = dict[str, Any]
"""Name of a measure -> its value, as the evaluation script gives them."""
Rows = dict[str, Any]


class Speed(TypedDict):
    """CPU seconds over so many pages, of a tool and of the bare parse."""

    pages: int
    cpu: float
    floor: float


BODY_SETS = ["scrapinghub", "fundus", "wcxb", "daniel", "zhweb", "trafilatura", "arabic", "mozilla", "newspaper"]
SETS = [*BODY_SETS, "postlight", "htmldate"]

Column = tuple[str, str, float | None]
"""A set (or a part of it), a measure, and our goal."""
BODY: list[Column] = [
    ("scrapinghub", "F1u", 0.975),
    ("fundus", "F1u", 0.965),
    ("wcxb article", "F1u", 0.955),
    ("wcxb", "F1u", 0.86),
    ("daniel", "F1u", 0.92),
    ("zhweb", "F1u", 0.93),
    ("trafilatura", "snipF1", 0.935),
    ("arabic", "F1u", None),
    ("newspaper", "F1u", None),
    ("mozilla", "F1u", None),
]
METADATA: list[Column] = [
    ("fundus", "title", 0.92),
    ("fundus", "author", 0.91),
    ("fundus", "date", 0.98),
    ("postlight", "title", 0.90),
    ("postlight", "author", 0.70),
    ("postlight", "date", 0.85),
    ("wcxb", "title", 0.80),
    ("wcxb", "author", 0.68),
    ("wcxb", "date", 0.91),
    ("zhweb", "date", 0.80),
    ("zhweb", "author", 0.50),
    ("htmldate", "date", 0.93),
    ("arabic", "title", None),
    ("arabic", "date", None),
]
BODY_NOTE = (
    "Body: F1 of the means over shingles of four words, where each character of an unspaced script is a word (trafilatura: its "
    "own with/without snippets). mozilla's truth is Readability's own output, newspaper's is newspaper4k's."
)
SPEED_NOTE = "text and metadata where the tool tells both; CPU time, each page in turns with a bare Lexbor parse."
MOST_PARSES, FEWEST_TIMES, ARABIC_WITHIN = 8.0, 14.0, 0.02

Goal = tuple[str, str, str, bool]


def report(
    scores: dict[str, dict[str, Scores]],
    arabic: dict[str, dict[str, float]],
    speeds: dict[str, dict[str, Speed]],
    pages: dict[str, int],
) -> tuple[str, bool]:
    """The section's text, and whether all goals are met."""
    goals = [*of_columns(scores, BODY + METADATA), *of_arabic(arabic), *of_speed(speeds)]
    parts = [
        f"{sum(pages.values()):,} pages ({', '.join(f'{name} {count}' for name, count in pages.items())}); {machine()}.",
        BODY_NOTE,
        table(scores, BODY),
        "Metadata: title as it is but for case and signs, authors as F1 of the set, the same day.",
        table(scores, METADATA),
        *[speed_table(which, told) for which, told in speeds.items()],
        "| goal | best rival | ours | |\n|---|---:|---:|---|\n"
        + "\n".join(f"| {name} | {best} | {ours} | {'met' if met else 'MISSED'} |" for name, best, ours, met in goals),
    ]
    return "\n\n".join(parts) + "\n", all(met for *_, met in goals)


def machine() -> str:
    """Where and when."""
    with open("/proc/cpuinfo") as told:
        model = next((line.partition(":")[2].strip() for line in told if line.startswith("model name")), "?")
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} x {model}, Python {version}"


def shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def answer(scores: dict[str, dict[str, Scores]], tool: str, column: Column) -> float | None:
    """A tool's figure; none where it never answers (a text-only tool has no dates)."""
    value: float | None = scores[tool].get(column[0], {}).get(column[1])
    return value or None


def table(scores: dict[str, dict[str, Scores]], columns: list[Column]) -> str:
    """A row a tool that has any of the columns; the best of each column in bold."""
    best = {column: max((answer(scores, tool, column) or 0 for tool in scores), default=0) for column in columns}
    lines = [
        "| tool | " + " | ".join(f"{name} {measure}" for name, measure, _ in columns) + " |",
        "|---|" + "---:|" * len(columns),
    ]
    for tool in scores:
        values = [(answer(scores, tool, column), best[column]) for column in columns]
        if any(value for value, _ in values):
            cells = [f"**{shown(value)}**" if value and value == top else shown(value) for value, top in values]
            lines.append(f"| {tool} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def of_columns(scores: dict[str, dict[str, Scores]], columns: list[Column]) -> list[Goal]:
    goals = []
    for column in columns:
        name, measure, goal = column
        ours = answer(scores, "warraq", column)
        if goal is None or ours is None:
            continue
        best = max((answer(scores, tool, column) or 0 for tool in scores if tool != "warraq"), default=0)
        goals.append((f"{name} {measure} >= {goal:.3f}", shown(best), shown(ours), ours >= goal))
    return goals


def of_arabic(arabic: dict[str, dict[str, float]]) -> list[Goal]:
    """How far behind the best rival of a page ours is, at worst."""
    ours = arabic.get("warraq", {})
    rivals = [found for tool, found in arabic.items() if tool != "warraq"]
    if not ours or not rivals:
        return []
    behind = max(max(found.get(page, 0) for found in rivals) - value for page, value in ours.items())
    return [(f"arabic: no page behind the best of its rivals by > {ARABIC_WITHIN}", "", shown(behind), behind <= ARABIC_WITHIN)]


def speed_table(which: str, told: dict[str, Speed]) -> str:
    pages = next(iter(told.values()))["pages"]
    base = told.get("trafilatura")
    lines = [
        f"{pages} pages, {which}; {SPEED_NOTE}",
        "",
        "| tool | docs a CPU-second | x Lexbor parse | x trafilatura's speed |",
        "|---|---:|---:|---:|",
    ]
    for tool, speed in sorted(told.items(), key=lambda item: item[1]["cpu"] / item[1]["floor"]):
        times = f"{relative(base, speed):.1f}" if base else ""
        lines.append(f"| {tool} | {speed['pages'] / speed['cpu']:.0f} | {speed['cpu'] / speed['floor']:.1f} | {times} |")
    return "\n".join(lines)


def relative(base: Speed, speed: Speed) -> float:
    """How many times as fast, each measured against the parse in its own process."""
    return (base["cpu"] / base["floor"]) / (speed["cpu"] / speed["floor"])


def of_speed(speeds: dict[str, dict[str, Speed]]) -> list[Goal]:
    told = speeds.get("mixed", {})
    if "warraq" not in told:
        return []
    ours = told["warraq"]
    parses = ours["cpu"] / ours["floor"]
    goals = [(f"text and metadata <= {MOST_PARSES:.0f} x Lexbor parse", "", f"{parses:.1f}", parses <= MOST_PARSES)]
    if "trafilatura" in told:
        times = relative(told["trafilatura"], ours)
        goals.append(
            (f">= {FEWEST_TIMES:.0f} x trafilatura's documents a CPU-second", "", f"{times:.1f}", times >= FEWEST_TIMES)
        )
    return goals
