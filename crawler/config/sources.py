"""The `sources` list: each entry by itself, then what only shows in company (two alike)."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace
from yaml.nodes import Node, ScalarNode, SequenceNode

from crawler.config.document import items, spot_of
from crawler.config.problems import Problem, Spot
from crawler.config.reading import dotted, mapping
from crawler.config.shape import ScheduleConfig, SourceConfig, SourceEntry
from crawler.config.units import span_text
from crawler.model import Kind, Value
from crawler.urls import dedupe_key

KINDS: Final = {"feed": Kind.FEED, "sitemap": Kind.SITEMAP, "section": Kind.SECTION}


class _Placed(Value, frozen=True, kw_only=True):
    """A source, and where its address stands."""

    source: SourceConfig
    key: str
    spot: Spot
    every_at: Spot | None


def sources(node: Node | None, schedule: ScheduleConfig) -> tuple[tuple[SourceConfig, ...], list[Problem]]:
    """All sources that could be read, in their order, and what is wrong with the others."""
    if node is None or (isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"):
        return (), []
    if not isinstance(node, SequenceNode):
        text = "a list is wanted - write each source in lines of its own, the first one beginning with `- feed: https://…`"
        return (), [Problem(spot=spot_of(node), key="sources", text=text)]
    placed: list[_Placed] = []
    problems: list[Problem] = []
    for number, item in enumerate(items(node)):
        source, wrong = _source(item, f"sources[{number}]")
        problems += wrong
        placed += [source] if source else []
    problems += _twice(placed) + _out_of_bounds(placed, schedule)
    return tuple(one.source for one in placed), problems


def _source(node: Node, name: str) -> tuple[_Placed | None, list[Problem]]:
    if isinstance(node, ScalarNode) and node.value:
        text = "a source says what it is - write `feed:`, `sitemap:` or `section:` before the address"
        return None, [Problem(spot=spot_of(node), key=name, text=text)]
    read = mapping(SourceEntry, node, name)
    problems = list(read.problems)
    entry = replace(SourceEntry(), **read.values)
    asked = [key for key in KINDS if key in read.spots]
    if len(asked) != 1:
        # A misspelt key or a broken entry has been told already.
        told = "needs one of feed, sitemap, section - write `feed: https://…`" if not asked else _only_one(asked)
        if asked or not problems:
            problems.append(Problem(spot=spot_of(node), key=name, text=told))
        return None, problems
    if problems:
        return None, problems
    key = asked[0]
    url = getattr(entry, key)
    source = SourceConfig(kind=KINDS[key], url=url, name=entry.name or "", every=entry.every, tags=entry.tags)
    return _Placed(source=source, key=dotted(name, key), spot=read.spots[key], every_at=read.spots.get("every")), []


def _only_one(keys: list[str]) -> str:
    return f"has {' and '.join(keys)} - keep one, and make a source of its own for the other"


def _twice(placed: list[_Placed]) -> list[Problem]:
    first: dict[str, _Placed] = {}
    problems: list[Problem] = []
    for one in placed:
        before = first.setdefault(dedupe_key(one.source.url), one)
        if before is not one:
            text = f"the same address as in line {before.spot.line} - take one of them out"
            problems.append(Problem(spot=one.spot, key=one.key, text=text))
    return problems


def _out_of_bounds(placed: list[_Placed], schedule: ScheduleConfig) -> list[Problem]:
    least, most = schedule.least, schedule.most
    text = f"schedule allows {span_text(least)} to {span_text(most)} - change this, or schedule.least or schedule.most"
    return [
        Problem(spot=one.every_at, key=f"{one.key.partition('.')[0]}.every", text=text)
        for one in placed
        if one.every_at and one.source.every is not None and not least <= one.source.every <= most
    ]
