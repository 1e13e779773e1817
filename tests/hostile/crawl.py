"""A table of behaviours, crawled as `warraq fetch` does it or asked for one by one, and what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from crawler import oneshot, urls, wiring
from crawler.clock import SystemClock
from crawler.config import ArchiveConfig, Config, FetchConfig, ParseConfig, PolitenessConfig, RetryConfig
from crawler.fetching.http import Limits, open_fetcher
from crawler.messages import read_response
from crawler.model import Broken, Fetched, Kind, Outcome, Record, Refused, Request, Url, Value
from crawler.oneshot import Miss, Report
from tests.hostile.behaviours import Behaviour
from tests.hostile.server import HostileServer, trusted

LIMITS = Limits(
    connect=0.8, idle=0.5, total=1.6, least_rate=1000, body_bytes=400_000, decoded_bytes=2_000_000, head_bytes=32_768
)
PATIENT = replace(LIMITS, connect=10, idle=10, total=20)
"""For servers that never wait: to connect to so many at once takes more than 0.8 s where the machine is busy."""


class Got(Value, frozen=True, kw_only=True):
    """What came of a behaviour."""

    right: str
    reason: str = ""
    detail: str = ""


async def crawl(table: Iterable[Behaviour], folder: Path) -> dict[str, Got]:
    """Crawl all of them in one go; by name."""
    table = tuple(table)
    async with HostileServer(table) as server:
        named = {urls.port(server.url(behaviour)): behaviour for behaviour in table}
        limits = LIMITS if any(behaviour.waits for behaviour in table) else PATIENT
        records, misses = await crawled([server.url(behaviour) for behaviour in table], folder, limits)
        asked = [one.name for one in table for path in one.never if server.paths(one, path)]
    got = {behaviour.name: Got(right="refused", reason="nothing came of it") for behaviour in table}
    for miss in misses:
        got[named[urls.port(miss.url)].name] = Got(right="refused", reason=miss.reason, detail=miss.detail)
    for record in records:
        behaviour = named[urls.port(record.url)]
        got[behaviour.name] = _read(behaviour, record)
    return got | dict.fromkeys(asked, Got(right="asked for what it must not"))


async def crawled(targets: Sequence[str], folder: Path, limits: Limits = LIMITS) -> tuple[list[Record], list[Miss]]:
    """What `warraq fetch` gives for some addresses, under limits that end a test soon."""
    config = Config(
        digest="0" * 64,
        archive=ArchiveConfig(dir=folder),
        fetch=_fetch_config(limits),
        politeness=PolitenessConfig(delay=0),
        retry=RetryConfig(base=0.01),
        parse=ParseConfig(workers=1),
    )
    records: list[Record] = []
    report = Report(records.append)
    async with wiring.open_oneshot(config, archive=False) as shot:
        wanted = [urls.parse(target) for target in targets]
        crawling = await oneshot.start(shot.tools, wiring.settings(config, "drained"), wanted, report.told)
        await crawling.run()
    return records, report.misses


def _fetch_config(limits: Limits) -> FetchConfig:
    return FetchConfig(
        contact="https://w.example/",
        allow_private=("127.0.0.0/8",),
        connect=limits.connect,
        idle=limits.idle,
        timeout=limits.total,
        least_rate=limits.least_rate,
        body_max=limits.body_bytes,
        decoded_max=limits.decoded_bytes,
        header_max=limits.head_bytes,
        concurrency=200,
    )


def _read(behaviour: Behaviour, record: Record) -> Got:
    if record.note is not None:
        return Got(right="marked", detail=record.note)
    whole = behaviour.mark in record.text and "<p>" not in record.text
    return Got(right="stored" if whole else "stored in part")


async def fetch(table: Iterable[Behaviour], limits: Limits = LIMITS, *, insecure: Sequence[str] = ()) -> dict[str, Got]:
    """Ask for each by a bare fetcher that trusts the test's authority; by name."""
    table = tuple(table)
    async with (
        HostileServer(table) as server,
        open_fetcher(
            limits, agent="Warraq/0", clock=SystemClock(), allow=["127.0.0.0/8"], tls=trusted(), insecure=insecure
        ) as fetcher,
    ):
        asked = (fetcher.fetch(Request(url=Url(server.url(one)), kind=Kind.PAGE)) for one in table)
        outcomes = await asyncio.gather(*asked)
    return {one.name: judged(one, outcome) for one, outcome in zip(table, outcomes, strict=True)}


def judged(behaviour: Behaviour, outcome: Outcome) -> Got:
    """What an outcome makes of a behaviour."""
    if isinstance(outcome, Refused | Broken):
        return Got(right="refused", reason=outcome.reason, detail=outcome.detail)
    if not isinstance(outcome, Fetched):
        return Got(right="refused", reason=type(outcome).__name__)
    exchange = outcome.exchanges[-1]
    body = read_response(exchange.response, 1 << 24)
    whole = body.whole and behaviour.mark.encode() in body.body
    return Got(right="marked" if exchange.truncated else "stored" if whole else "stored in part")


def wrong(table: Iterable[Behaviour], got: dict[str, Got]) -> dict[str, str]:
    """What didn't go right, beside what was right."""
    return {
        one.name: f"{one.right} {one.reason}: {got[one.name].right} {got[one.name].reason} {got[one.name].detail}"
        for one in table
        if got[one.name].right != one.right or (one.reason and got[one.name].reason != one.reason)
    }
