"""The sources that commands change: each change is a line in the manifest first, for a rebuild, then a transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from crawler import urls, wiring
from crawler.archive import manifest
from crawler.archive.files import make_folder
from crawler.config import Config, SourceConfig
from crawler.model import Kind, Millis, Source, SourceId, UnwatchedLine, Value, WatchedLine
from crawler.ports import ArchiveError, Clock
from crawler.records import rfc3339
from crawler.store.roster import Enrolled, Roster, open_roster
from crawler.wiring import first_poll, source_of


class Added(Value, frozen=True, kw_only=True):
    """What became of sources that were to be added."""

    new: tuple[Source, ...] = ()
    changed: tuple[Source, ...] = ()
    known: tuple[Source, ...] = ()
    """They were there, and stay as they are."""
    configured: tuple[Source, ...] = ()
    """The configuration has them: what it says holds."""


class Watchlist:
    """The sources of a configuration's store, to be looked at and changed. Make one with `open_watchlist`."""

    def __init__(self, config: Config, roster: Roster, clock: Clock) -> None:
        self._config = config
        self._roster = roster
        self._clock = clock

    @property
    def roster(self) -> Roster:
        """For looking only."""
        return self._roster

    async def add(self, wanted: Sequence[SourceConfig], *, change: bool) -> Added:
        """Add sources; `change`: what is said now of one that a command added before holds from now on."""
        there = {one.source.source_id: one for one in await self._roster.all()}
        configured = {source_of(self._config, entry).source_id for entry in self._config.sources}
        sorted_out: dict[str, list[Source]] = {"new": [], "changed": [], "known": [], "configured": []}
        for source_id, source in self._sources(wanted).items():
            before = there.get(source_id)
            sort = "configured" if source_id in configured else _became(source, before, change=change)
            sorted_out[sort].append(source)
        await self._put([*sorted_out["new"], *sorted_out["changed"]], paused=False)
        return Added(**{sort: tuple(sources) for sort, sources in sorted_out.items()})

    def _sources(self, wanted: Iterable[SourceConfig]) -> dict[SourceId, Source]:
        sources = (source_of(self._config, entry, "command") for entry in wanted)
        return {source.source_id: source for source in sources}

    async def _put(self, sources: Sequence[Source], *, paused: bool) -> None:
        now = self._clock.now()
        # The manifest first: killed between the two, a rebuild knows too much rather than too little; adding again heals that.
        self._note([_line(source, now, paused=paused) for source in sources])
        span = wiring.span_of(len(sources))
        await self._roster.put([(source, first_poll(source, now, span)) for source in sources])

    async def pause(self, wanted: Sequence[Enrolled]) -> None:
        """Ask them no more until they are resumed."""
        self._note_paused(wanted, paused=True)
        await self._roster.pause(_ids(wanted))

    async def resume(self, wanted: Sequence[Enrolled]) -> None:
        """Ask them again, from now on."""
        now = self._clock.now()
        self._note_paused(wanted, paused=False)
        await self._roster.resume(_ids(wanted), lambda source: first_poll(source, now))

    async def poll(self, wanted: Sequence[Enrolled]) -> None:
        """Ask them now."""
        await self._roster.poll(_ids(wanted), self._clock.now())

    async def remove(self, wanted: Sequence[Enrolled]) -> None:
        """Watch them no more; the pages that came of them stay."""
        now = rfc3339(self._clock.now())
        self._note([UnwatchedLine(at=now, url=one.source.url) for one in wanted if one.source.origin == "command"])
        await self._roster.remove(_ids(wanted))

    def _note_paused(self, wanted: Iterable[Enrolled], *, paused: bool) -> None:
        now = self._clock.now()
        # What was found in a site is none of its own: it comes and goes with that.
        self._note([_line(one.source, now, paused=paused) for one in wanted if one.source.origin != "index"])

    def _note(self, lines: Sequence[WatchedLine | UnwatchedLine]) -> None:
        manifest.note(self._config.archive.dir, lines)


@asynccontextmanager
async def open_watchlist(config: Config, clock: Clock) -> AsyncIterator[Watchlist]:
    """The sources of a configuration's store; archive and store are made if they aren't there.

    Raises:
        StoreError: the store can't be used.
        ArchiveError: the archive's folder can't be written.
    """
    path = config.store.path or config.archive.dir / "warraq.db"
    for folder in (config.archive.dir, path.parent):
        try:
            make_folder(folder)
        except OSError as error:
            text = f"{folder}: {error.strerror}: can't make the folder; set archive.dir to one that can be written"
            raise ArchiveError(text) from None
    async with open_roster(path) as roster:
        yield Watchlist(config, roster, clock)


async def restore(path: Path, root: Path, now: Millis) -> int:
    """Make the sources of commands in a store those the manifest tells of, due from now on. Returns how many there are.

    What the store has as the configuration's stays so, paused or awake as a command said last. Doing it again changes nothing
    more.

    Raises:
        StoreError: the store can't be used.
        ArchiveError: the manifest can't be read.
    """
    lines = manifest.watched(manifest.read(root))
    sources = [_source(line) for line in lines if line.origin == "command"]
    async with open_roster(path) as roster:
        known = await roster.all()
        of_config = _of(known, "config")
        told = [source for source in sources if source.source_id not in of_config]
        span = wiring.span_of(len(told))
        await roster.put([(source, first_poll(source, now, span)) for source in told])
        await roster.pause([urls.source_id(line.url) for line in lines if line.paused])
        await roster.resume(_asleep(known, lines), lambda source: first_poll(source, now))
        await roster.remove(sorted(_of(known, "command") - {source.source_id for source in sources}))
    return len(told)


def _of(known: Sequence[Enrolled], origin: str) -> set[SourceId]:
    return {one.source.source_id for one in known if one.source.origin == origin}


def _asleep(known: Iterable[Enrolled], lines: Iterable[WatchedLine]) -> list[SourceId]:
    """Those that are paused in the store, and by what a command said last should not be."""
    awake = {urls.source_id(line.url) for line in lines if not line.paused}
    return [one.source.source_id for one in known if one.held and one.source.source_id in awake]


def _source(line: WatchedLine) -> Source:
    return Source(
        source_id=urls.source_id(line.url),
        kind=Kind[line.kind.upper()],
        url=line.url,
        host_id=urls.host_id(urls.host(line.url)),
        h=urls.url_hash(line.url),
        every_ms=line.every_ms,
        cron=line.cron,
        weight=line.weight,
        name=line.name,
        origin="command",
        tags=line.tags,
        details=line.details,
    )


def _became(source: Source, before: Enrolled | None, *, change: bool) -> Literal["new", "changed", "known"]:
    # One that the config had, and a command adds now: it is the command's from now on.
    if before is None or before.source.origin != "command":
        return "new"
    return "changed" if change and before.source != source else "known"


def _ids(wanted: Iterable[Enrolled]) -> list[SourceId]:
    return [one.source.source_id for one in wanted]


def _line(source: Source, now: Millis, *, paused: bool) -> WatchedLine:
    return WatchedLine(
        at=rfc3339(now),
        url=source.url,
        kind=source.kind.name.lower(),
        name=source.name,
        tags=source.tags,
        every_ms=source.every_ms,
        cron=source.cron,
        weight=source.weight,
        details=source.details,
        paused=paused,
        origin="config" if source.origin == "config" else "command",
    )
