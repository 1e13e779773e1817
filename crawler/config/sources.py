"""The `sources` list: each entry by itself, then what only shows in company (two alike)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import yaml
from msgspec.structs import replace
from yaml.nodes import Node, ScalarNode, SequenceNode

from crawler.config.document import compose, is_null, items, spot_of
from crawler.config.problems import Problem, Spot
from crawler.config.reading import Read, dotted, mapping
from crawler.config.secrets import is_secret, refers
from crawler.config.shape import ScheduleConfig, SourceConfig, SourceEntry
from crawler.config.units import span_text
from crawler.model import Details, Entrance, Kind, Scope, Value
from crawler.urls import dedupe_key

KINDS: Final = {"feed": Kind.FEED, "sitemap": Kind.SITEMAP, "section": Kind.SECTION, "site": Kind.SECTION}
DEPTH: Final = 2
"""Of a site, unless it says otherwise: its sections, and theirs."""

_OURS: Final = {
    "cookie": "cookies",
    "user-agent": "user_agent",
    "proxy-authorization": "proxy",
    "host": "",
    "connection": "",
    "content-length": "",
    "transfer-encoding": "",
    "accept-encoding": "",
    "if-none-match": "",
    "if-modified-since": "",
    "range": "",
}
"""Headers that are set by us; and the key that is for them."""


class _Placed(Value, frozen=True, kw_only=True):
    """A source, and where its address stands."""

    source: SourceConfig
    key: str
    spot: Spot
    every_at: Spot | None


def sources(node: Node | None, schedule: ScheduleConfig) -> tuple[tuple[SourceConfig, ...], list[Problem]]:
    """All sources that could be read, in their order, and what is wrong with the others."""
    placed, problems = _placed(node)
    problems += _twice(placed) + _out_of_bounds(placed, schedule)
    return tuple(one.source for one in placed), problems


def said(values: Mapping[str, object], schedule: ScheduleConfig) -> tuple[SourceConfig | None, list[Problem]]:
    """One source as the file would have it; of each mistake `key` is the key it is made under."""
    found, problems = sources(
        compose(yaml.dump([dict(values)], Dumper=yaml.CSafeDumper, allow_unicode=True).encode()), schedule
    )
    bare = [replace(problem, key=problem.key.rpartition(".")[2]) for problem in problems]
    return (found[0] if found else None), bare


def spots(node: Node | None) -> dict[str, Spot]:
    """Where the address of each source stands, by its dedupe key."""
    return {dedupe_key(one.source.url): one.spot for one in _placed(node)[0]}


def _placed(node: Node | None) -> tuple[list[_Placed], list[Problem]]:
    if node is None or is_null(node):
        return [], []
    if not isinstance(node, SequenceNode):
        text = "a list is wanted - write each source in lines of its own, the first one beginning with `- feed: https://…`"
        return [], [Problem(spot=spot_of(node), key="sources", text=text)]
    placed: list[_Placed] = []
    problems: list[Problem] = []
    for number, item in enumerate(items(node)):
        source, wrong = _source(item, f"sources[{number}]")
        problems += wrong
        placed += [source] if source else []
    return placed, problems


def _source(node: Node, name: str) -> tuple[_Placed | None, list[Problem]]:
    if isinstance(node, ScalarNode) and node.value:
        text = "a source says what it is - write `feed:`, `sitemap:`, `section:` or `site:` before the address"
        return None, [Problem(spot=spot_of(node), key=name, text=text)]
    read = mapping(SourceEntry, node, name)
    problems = list(read.problems)
    entry = replace(SourceEntry(), **read.values)
    asked = [key for key in KINDS if key in read.spots]
    if len(asked) > 1:
        return None, [*problems, Problem(spot=spot_of(node), key=name, text=_only_one(asked))]
    if not asked:
        text = f"needs one of {', '.join(KINDS)} - write `feed: https://…`"
        # A misspelt key or a broken entry has been told already.
        return None, problems or [Problem(spot=spot_of(node), key=name, text=text)]
    problems = problems or _within(entry, read, name)
    if problems:
        return None, problems
    source = configured(entry, asked[0])
    return _Placed(source=source, key=dotted(name, asked[0]), spot=read.spots[asked[0]], every_at=read.spots.get("every")), []


def configured(entry: SourceEntry, word: str) -> SourceConfig:
    """A source as it is used; `word` is the key its address stands behind."""
    return SourceConfig(
        kind=KINDS[word],
        url=getattr(entry, word),
        name=entry.name or "",
        every=entry.every,
        cron=entry.cron,
        tags=entry.tags,
        priority=entry.priority,
        details=_details(entry, site=word == "site"),
    )


def _details(entry: SourceEntry, *, site: bool) -> Details:
    depth = entry.depth if entry.depth is not None else DEPTH
    return Details(
        site=site,
        scope=Scope(
            depth=depth if site else Scope().depth,
            include=entry.include,
            exclude=entry.exclude,
            max_age=entry.max_age,
            languages=entry.languages,
        ),
        entrance=Entrance(
            headers=tuple(entry.headers.items()),
            cookies=tuple(entry.cookies.items()),
            user=entry.user,
            password=entry.password,
            user_agent=entry.user_agent,
            proxy=entry.proxy,
        ),
        assets=entry.assets,
        delay=entry.delay,
        language=entry.language,
    )


def _only_one(keys: list[str]) -> str:
    return f"has {' and '.join(keys)} - keep one, and make a source of its own for the other"


def _within(entry: SourceEntry, read: Read, name: str) -> list[Problem]:
    """What no key of a source can know by itself."""
    told = [*_contradictions(entry), *_headers(entry)]
    return [Problem(spot=read.spots[key], key=dotted(name, key), text=text) for key, text in told if key in read.spots]


def _contradictions(entry: SourceEntry) -> Iterator[tuple[str, str]]:
    if entry.every is not None and entry.cron is not None:
        yield "cron", "it has `every`, too - keep one of them"
    if entry.password is not None and entry.user is None:
        yield "password", "whose is it - write `user: …` beside it"
    if entry.user is not None and (entry.password is None or ":" in entry.user):
        yield "user", "needs a password, and no colon in it - write `password: ${NAME}` beside it"
    if entry.depth is not None and not entry.site:
        yield "depth", "only a site has it - write `site:` before the address, or take it out"


def _headers(entry: SourceEntry) -> Iterator[tuple[str, str]]:
    for name, value in entry.headers.items():
        ours = _OURS.get(name.lower())
        if ours is not None:
            yield "headers", f"{name} is set by us - {f'write `{ours}: …` for it' if ours else 'take it out'}"
        elif name.lower() == "authorization" and entry.user is not None:
            yield "headers", f"{name} says who asks, as `user` does - keep one of them"
        elif is_secret(name) and not refers(value):
            yield "headers", f"{name} can't stand here - write ${{NAME}} and set that variable, or file:/path/to/it"


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
