"""A table of behaviours, crawled as `warraq fetch` does it, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crawler import oneshot, urls, wiring
from crawler.config import ArchiveConfig, Config, FetchConfig, ParseConfig, PolitenessConfig, RetryConfig
from crawler.model import Record, Value
from crawler.oneshot import Report
from tests.hostile.behaviours import Behaviour
from tests.hostile.server import HostileServer

FETCH = FetchConfig(
    contact="https://w.example/",
    allow_private=("127.0.0.0/8",),
    idle=0.5,
    total=1.6,
    least_rate=1000,
    body_max=400_000,
    decoded_max=2_000_000,
    header_max=32_768,
    concurrency=200,
)


class Got(Value, frozen=True, kw_only=True):
    """What came of a behaviour."""

    right: str
    reason: str = ""
    detail: str = ""


def config(folder: Path, fetch: FetchConfig = FETCH) -> Config:
    """Limits that end a test soon, and nobody waits."""
    return Config(
        digest="0" * 64,
        archive=ArchiveConfig(dir=folder),
        fetch=fetch,
        politeness=PolitenessConfig(delay=0),
        retry=RetryConfig(base=0.01),
        parse=ParseConfig(workers=1),
    )


async def crawl(table: Iterable[Behaviour], folder: Path) -> dict[str, Got]:
    """Crawl all of them in one go; by name."""
    table = tuple(table)
    records: list[Record] = []
    report = Report(records.append)

    async with HostileServer(table) as server:
        targets = {urls.parse(server.url(behaviour)): behaviour for behaviour in table}
        async with wiring.open_oneshot(config(folder), archive=False) as shot:
            crawling = await oneshot.start(shot.tools, wiring.settings(config(folder), "drained"), list(targets), report.told)
            await crawling.run()
    got = {behaviour.name: Got(right="refused", reason="nothing came of it") for behaviour in table}
    for miss in report.misses:
        got[_named(targets, miss.url)] = Got(right="refused", reason=miss.reason, detail=miss.detail)
    for record in records:
        name = _named(targets, record.url)
        whole = next(one.mark for one in table if one.name == name) in record.text and "<p>" not in record.text
        told_so = record.note is not None
        got[name] = Got(right="marked" if told_so else "stored" if whole else "stored in part", detail=record.note or "")
    return got


def _named(targets: dict[urls.Url, Behaviour], url: str) -> str:
    """By the port: after redirects, the address is another."""
    return next(behaviour.name for target, behaviour in targets.items() if urls.host(target) == urls.host(url))


def wrong(table: Iterable[Behaviour], got: dict[str, Got]) -> dict[str, str]:
    """What didn't go right, with what was right."""
    return {
        one.name: f"{one.right} {one.reason}: {got[one.name].right} {got[one.name].reason} {got[one.name].detail}"
        for one in table
        if got[one.name].right != one.right or (one.reason and got[one.name].reason != one.reason)
    }
