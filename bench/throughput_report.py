"""What `throughput.py` found: tables for docs/benchmarks.md, and the chart the README shows."""

from __future__ import annotations

import html
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sections

CHART = Path(__file__).parent.parent / "docs" / "throughput.svg"
BEFORE = ", before"
GZIP, CORES, AGAINST, TLS = "Packed by gzip", "Warraq full on one core", "Against the checkout before", "Over TLS"
"""How the parts of the section begin that come from runs of their own, and stay until there is another such run."""
GOALS = (
    ("warraq plain, the extractor left out", None, 1.2, "CPU-seconds a 1,000 pages, the extractor's own left out"),
    ("warraq full", None, 2.3, "CPU-seconds a 1,000 pages, full"),
    ("warraq plain", "scrapy plain", 5.0, "times less than Scrapy, both plain"),
    ("warraq full", "scrapy plain", 3.0, "times less than Scrapy plain, ours full"),
    ("warraq plain", "crawlee plain", 2.0, "times less than Crawlee in memory, both plain"),
    ("warraq full", "scrapy trafilatura", 8.0, "times less than Scrapy with trafilatura, ours full"),
)
PAPER = """\
All ask the same server for the same pages with no delay; robots.txt, retries and redirects are on, and all keep a WARC and a
line of JSON a page. Counted is the CPU of all processes of a client from its start to its end, imports too: the median of the
rounds, in turns. `plain` takes the title and `article p`; `full` is all metadata and the article's text. Ours makes everything
durable (`fdatasync`, SQLite with `synchronous=FULL`), the others don't. Parts of Warraq are threads and processes as the system
counts them, of the last round; what ends between two looks (20 ms) is missing there.
"""


@dataclass(frozen=True)
class Run:
    """One client's round; CPU in seconds, by thread or process where that was looked at."""

    pages: int
    cpu: float
    wall: float
    parts: Mapping[str, float] = field(default_factory=dict)
    extractor: float = 0.0

    @property
    def cost(self) -> float:
        """CPU-seconds a 1,000 pages."""
        return self.cpu / max(1, self.pages) * 1000

    @property
    def rest(self) -> float:
        """The same without the extractor."""
        return (self.cpu - self.extractor) / max(1, self.pages) * 1000


def tables(runs: Mapping[str, Sequence[Run]]) -> list[str]:
    """Lines of Markdown: each client, each goal, each part of ours."""
    cost = {name: statistics.median(one.cost for one in of) for name, of in runs.items()}
    cost |= {f"{name}, the extractor left out": statistics.median(one.rest for one in of) for name, of in runs.items()}
    ours = cost.get("warraq full")
    told = ["| client | CPU-s a 1,000 pages | from .. to | times ours, full |", "|---|---:|---:|---:|"]
    for name, of in runs.items():
        each = [one.cost for one in of]
        ratio = f"{cost[name] / ours:.1f}" if ours else "-"
        told.append(f"| {name} | {cost[name]:.2f} | {min(each):.2f} .. {max(each):.2f} | {ratio} |")
    return [*told, "", "| goal | measured | |", "|---|---:|---|", *_goals(cost), "", *_parts(runs)]


def _goals(cost: Mapping[str, float]) -> list[str]:
    told = []
    for one, other, goal, what in GOALS:
        if one not in cost or (other is not None and other not in cost):
            continue
        value = cost[one] if other is None else cost[other] / cost[one]
        met = value <= goal if other is None else value >= goal
        told.append(f"| {'<=' if other is None else '>='} {goal} {what} | {value:.2f} | {'met' if met else 'missed'} |")
    return told


def _parts(runs: Mapping[str, Sequence[Run]]) -> list[str]:
    looked = {name: of[-1] for name, of in runs.items() if of[-1].parts}
    if not looked:
        return []
    names = list(dict.fromkeys(part for one in looked.values() for part in one.parts))
    told = [f"| part of Warraq, CPU ms a page | {' | '.join(looked)} |", f"|---|{'---:|' * len(looked)}"]
    for part in names:
        figures = (f"{one.parts.get(part, 0) / max(1, one.pages) * 1000:.2f}" for one in looked.values())
        told.append(f"| {part} | {' | '.join(figures)} |")
    figures = (f"{one.extractor / max(1, one.pages) * 1000:.2f}" for one in looked.values())
    told.append(f"| the extractor, of the children's | {' | '.join(figures)} |")
    return [*told, f"| all, to the end | {' | '.join(f'{one.cost:.2f}' for one in looked.values())} |"]


def over_tls(runs: Mapping[str, Sequence[Run]], asked: str) -> str:
    """A paragraph: what each took, and how often that is ours of the same kind (`full` stands beside trafilatura)."""
    cost = {name: statistics.median(one.cost for one in of) for name, of in runs.items()}
    told = []
    for name, value in cost.items():
        ours = cost.get("warraq full" if name.endswith("trafilatura") else "warraq plain")
        ratio = "" if ours is None or name.startswith("warraq") else f" ({value / ours:.1f} times)"
        told.append(f"{name} {value:.2f}{ratio}")
    return f"{TLS} ({asked}): {', '.join(told)}."


def packed(runs: Mapping[str, Sequence[Run]], asked: str) -> str:
    """A paragraph and the same tables, of answers that are packed as most servers' are."""
    told = f"{GZIP}, as most servers send them, and archived so ({asked}; the others archive what they unpacked):"
    return "\n".join([told, "", *tables(runs)]).strip()


def against(runs: Mapping[str, Sequence[Run]], asked: str) -> str:
    """A paragraph and a table: our parts beside those of another checkout."""
    ours = {name: of for name, of in sorted(runs.items()) if name.startswith("warraq")}
    return "\n".join([f"{AGAINST}, in one run ({asked}, starts included):", "", *_parts(ours)])


def written(parts: Mapping[str, str]) -> None:
    """Put parts into the section, in the places of the old ones; all else of it stays."""
    starts = (GZIP, CORES, AGAINST, TLS)
    kept = sections.parts("throughput", starts) | dict(parts)
    sections.put("throughput", "\n\n".join(kept[start] for start in ("", *starts) if start in kept))


def whole(runs: Mapping[str, Sequence[Run]], asked: str) -> str:
    """What is written for a run of all clients over plain HTTP."""
    return "\n".join([f"{asked}; {sections.machine()}.", "", *tables(runs), "", PAPER]).strip()


def drawn(runs: Mapping[str, Sequence[Run]]) -> None:
    """Draw the chart anew."""
    CHART.write_text(chart({name: statistics.median(one.cost for one in of) for name, of in runs.items()}), "utf-8")


def chart(cost: Mapping[str, float]) -> str:
    """Bars, the shortest first."""
    most, line, left, wide = max(cost.values()), 30, 170, 440
    bars = []
    for row, (name, value) in enumerate(sorted(cost.items(), key=lambda item: item[1])):
        y, width = 44 + row * line, max(2.0, value / most * wide)
        paint = "#1f6f5c" if name.startswith("warraq") else "#a9a9a9"
        bars.append(
            f'<text x="{left - 10}" y="{y + 15}" text-anchor="end">{html.escape(name)}</text>'
            f'<rect x="{left}" y="{y}" width="{width:.1f}" height="20" rx="2" fill="{paint}"/>'
            f'<text x="{left + width + 8:.1f}" y="{y + 15}">{value:.1f}</text>'
        )
    tall = 54 + len(bars) * line
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {tall}" width="700" height="{tall}" role="img" '
        f'aria-label="CPU-seconds a 1,000 pages" font-family="sans-serif" font-size="14" fill="#555">'
        f'<text x="12" y="24" font-weight="bold">CPU-seconds a 1,000 pages of 60 KB, fetched, archived and read</text>'
        f"{''.join(bars)}</svg>\n"
    )
