"""A small crawl on a scripted web and a disk that may fail: lived as often as needed, then everything it left is looked at.

The real engine, pipeline, store and archive; no socket, and the parser reads in this process. A life meets: a new segment,
several groups, a redirect, an error page, a repeated payload, a fenced group, records, commit 2, rotation, sealing.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import sqlite3
import zlib
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from crawler import urls
from crawler.archive import cdxj
from crawler.archive.disk import DiskArchive
from crawler.clock import SystemClock
from crawler.engine import Crawl, Settings
from crawler.model import Context, Exchange, Fetched, Kind, Offer, Redirected, Refused, Source, Strain, Url, WorkerId
from crawler.parse.reading import read
from crawler.patience import Patience
from crawler.pipeline import Kept, Tools
from crawler.ports import LocalError
from crawler.sealing import seal_all, seal_finished
from crawler.settle import Policy
from crawler.store import migrate, statements
from crawler.store.sqlite import SqliteStore
from tests.archive.devices import CountedDatabase, Died, Faulty
from tests.tools import tools

PAPER, OTHER = "https://paper.example", "https://other.example"
FEED = Url(f"{PAPER}/feed")
MOVED, GONE, FENCED = (Url(f"{PAPER}/{name}") for name in ("moved", "gone", "fenced"))
TARGET = Url(f"{OTHER}/target")
STORIES = [Url(f"{PAPER}/{n}") for n in range(5)] + [Url(f"{OTHER}/{n}") for n in range(3)] + [FENCED]
TIDIED = [STORIES[3], STORIES[7]]
COPIES = [Url(f"{PAPER}/copy-{n}") for n in range(2)]
ARTICLES = {*STORIES, TARGET, *COPIES}
ASKED = ARTICLES | {MOVED, GONE}


def _page(title: str) -> bytes:
    text = "".join(f"<p>{title}، الفقرة {n}: نص طويل بما يكفي ليكون خبرا، وفيه فواصل، وله بداية ونهاية.</p>" for n in range(4))
    return f"<!doctype html><html lang=ar><title>{title}</title><article><h1>{title}</h1>{text}</article></html>".encode()


def _feed() -> bytes:
    links = [*STORIES, *COPIES, MOVED, GONE]
    items = "".join(f"<item><title>{link}</title><link>{link}</link><guid>{link}</guid></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>صحيفة</title>{items}</channel></rss>'.encode()


def _exchange(url: Url, kind: Kind, at: int, status: int, mime: str, body: bytes, *more: str) -> Exchange:
    lines = "".join(f"{line}\r\n" for line in (f"Content-Type: {mime}", f"Content-Length: {len(body)}", *more))
    return Exchange(
        url=url,
        kind=kind,
        fetched_at=at,
        took=0.01,
        request=f"GET {urls.path(url)} HTTP/1.1\r\nHost: {urls.host(url)}\r\n\r\n".encode(),
        response=f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body,
        peer="192.0.2.7",
        status=status,
        mime=mime,
        payload_digest=_sha1(body),
        payload_bytes=len(body),
    )


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def answer(url: Url, kind: Kind, at: int = 0):
    """What the scripted web says."""
    if url == FEED:
        return Fetched(exchanges=(_exchange(url, kind, at, 200, "application/rss+xml", _feed()),))
    if url == MOVED:
        hop = _exchange(url, kind, at, 302, "text/plain", b"there", f"Location: {TARGET}")
        return Redirected(exchanges=(hop,), target=TARGET, permanent=False)
    if url == GONE:
        return Refused(exchanges=(_exchange(url, kind, at, 410, "text/plain", b"gone"),), reason="gone", detail="410")
    title = "نسخة" if url in COPIES else f"خبر {url}"
    return Fetched(exchanges=(_exchange(url, kind, at, 200, "text/html; charset=utf-8", _page(title)),))


class ScriptedTurn:
    """A lease's way to a web that answers at once. One address is fenced the first time: another worker took its host over."""

    def __init__(self, lease, life: Life) -> None:
        self._last = lease.last_at
        self._life = life

    async def fetch(self, request):
        if request.url == FENCED and not self._life.fenced:
            self._life.fenced = True
            await self._life.fence(urls.host_id(urls.host(FENCED)))
        if request.url in TIDIED:
            await self._life.tidy()
        clock = SystemClock()
        while clock.now() <= self._last:
            await asyncio.sleep(0.001)
        self._last = clock.now()
        return answer(request.url, request.kind, self._last)

    def rights(self):
        return {}

    def take_copy(self):
        return None

    def polite_at(self):
        return self._last

    def delay_ms(self):
        return 0

    def strain(self):
        return Strain()


class InHouseParser:
    """Reads as the children do, without a child."""

    async def parse(self, tasks):
        yield {index: read(task, 1 << 20) for index, task in enumerate(tasks)}

    async def close(self):
        pass


@dataclass
class Life:
    """One process: from opening the store to the end of the crawl, or to its death."""

    root: Path
    device: Faulty
    number: int
    patient: bool = False
    """It waits for a disk that refuses, as a daemon does."""
    fenced: bool = False
    acknowledged: list = field(default_factory=list)
    """Captures of which commit 1 was told."""

    async def run(self, *, rotate: int = 5_000) -> BaseException | None:
        """Live; what ended it, None: it got to the end."""
        try:
            async with self.open(rotate) as tools:
                await self._crawl(tools)
        except BaseExceptionGroup as group:
            return _leaf(group)
        except (Died, LocalError) as error:
            return error
        return None

    async def fence(self, host_id) -> None:
        """As if the lease had run out and another worker had had the host."""

        async def take_over():
            async with self._database.transaction() as tx:
                await tx.rows("UPDATE hosts SET epoch = epoch + 1, owner = NULL, polite_at = 0 WHERE host_id = ?", (host_id,))

        await self._patience.through(take_over)

    async def tidy(self) -> None:
        """What housekeeping does once a minute: seal what is finished."""
        await seal_finished(self._held)

    @asynccontextmanager
    async def open(self, rotate: int = 5_000):
        """The tools of this process."""
        real, archive_id = await migrate.open_store(self.root / "warraq.db", statements.migrations())
        self._database = CountedDatabase(real, self.device)
        self._patience = Patience(lasts=self.patient, least=0.001, most=0.001)
        store = SqliteStore(self._database, archive_id, self._patience)
        archive = DiskArchive(
            self.root, archive_id=archive_id, info={"software": "Warraq/test"}, rotate_bytes=rotate, device=self.device
        )
        try:
            async with self._database.outside() as inside:
                await inside.rows("PRAGMA synchronous = OFF")  # no power is cut in here
            yield self._tools(store, archive)
        finally:
            await archive.close()
            await store.close()

    def _tools(self, store: SqliteStore, archive: DiskArchive) -> Tools:
        return tools(
            WorkerId(f"run-life{self.number}"),
            SystemClock(),
            store,
            archive=archive,
            parser=InHouseParser(),
            turn=lambda lease, *_: ScriptedTurn(lease, self),
            policy=Policy(retry_base=0.001, host_base=0),
            patience=self._patience,
        )

    async def _crawl(self, tools: Tools) -> None:
        store, now = tools.store, tools.clock.now()
        for other in await store.workers():
            await store.reclaim(other, delay=0, now=now)
        await store.enlist(tools.worker, {}, now)
        await watch(store, now)
        self._held = tools
        await Crawl(tools, self._settings(), self._told).run()
        await self._patience.through(partial(seal_all, tools))

    def _settings(self) -> Settings:
        return Settings(goal="once", delay=0, group_size=4, group_wait=0.005, batch=4, readers=1, urls_a_lease=4, tidy_every=60)

    def _told(self, told) -> None:
        if isinstance(told, Kept):
            self.acknowledged += [capture for _, settlement in told.settled for capture in settlement.captures]


async def watch(store: SqliteStore, now: int) -> None:
    """Follow the feed."""
    host_id, h = urls.host_id(urls.host(FEED)), urls.url_hash(FEED)
    source = Source(source_id=urls.source_id(FEED), kind=Kind.FEED, url=FEED, host_id=host_id, h=h, every_ms=3_600_000)
    context = Context(source=source.source_id)
    offer = Offer(
        host=urls.host(FEED), host_id=host_id, h=h, url=FEED, kind=Kind.FEED, due_at=now, context=context, gated=False
    )
    await store.sync_sources([source], [offer], now)


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = next((one for one in error.exceptions if not isinstance(one, asyncio.CancelledError)), error.exceptions[0])
    return error


# --- what was left --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """All that lies in an archive, read without our own reader."""

    members: dict
    """(segment's file, offset) -> (headers, block) of every record."""
    records: list
    """(segment, offset, line) of every parsed record."""

    def responses(self) -> Counter[str]:
        return Counter(
            headers["WARC-Target-URI"]
            for headers, _ in self.members.values()
            if headers["WARC-Type"] in ("response", "revisit")
        )


def look(root: Path) -> Left:
    """Read everything, and stop at whatever isn't whole."""
    members, records = {}, []
    for path in sorted(root.rglob("*.warc.gz*")):
        if ".torn-" not in path.name:
            members |= {(path.name, offset): member for offset, member in _members(path.read_bytes(), path)}
    for path in sorted(root.rglob("WARRAQ-*.jsonl")):
        offset = 0
        for line in path.read_bytes().splitlines(keepends=True):
            assert line.endswith(b"\n"), path
            records.append((path.stem, offset, json.loads(line)))
            offset += len(line)
    return Left(members, records)


def _members(rest: bytes, path: Path):
    offset = 0
    while rest:
        inflater = zlib.decompressobj(31)
        text = inflater.decompress(rest)
        assert inflater.eof, f"{path} at {offset}: cut"
        head, _, block = text.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        assert version == "WARC/1.1"
        assert block[-4:] == b"\r\n\r\n"
        block = block[:-4]
        assert len(block) == int(headers["Content-Length"]), f"{path} at {offset}"
        assert headers.get("WARC-Block-Digest", _sha1(block)) == _sha1(block), f"{path} at {offset}"
        yield offset, (headers, block)
        offset += len(rest) - len(inflater.unused_data)
        rest = inflater.unused_data


def rows(root: Path, sql: str) -> list[tuple]:
    db = sqlite3.connect(root / "warraq.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def all_is_well(root: Path, acknowledged=()) -> None:
    """Nothing acknowledged is lost, nothing is twice, nothing is broken, and the crawl is complete."""
    left = look(root)
    wanted = dict.fromkeys([FEED, *ASKED], 1)
    assert dict(left.responses()) == wanted
    assert dict(rows(root, "SELECT url, count(*) FROM captures GROUP BY url")) == wanted
    assert rows(root, "SELECT count(*) FROM captures WHERE extracted = 0") == [(0,)]
    assert rows(root, "SELECT count(*) FROM queue WHERE kind = 2") == [(0,)]
    assert Counter(line["url"] for _, _, line in left.records) == dict.fromkeys(ARTICLES, 1)
    _captures_are_where_they_are_said_to_be(root, left, acknowledged)
    _records_are_where_they_are_said_to_be(root, left)
    _segments_are_final(root, left)
    assert rows(root, "PRAGMA integrity_check") == [("ok",)]


def _captures_are_where_they_are_said_to_be(root, left, acknowledged) -> None:
    told = rows(root, "SELECT seg_id, off, url FROM captures")
    there = {(f"{segment}.warc.gz", offset): url for segment, offset, url in told}
    answers = {
        place: headers["WARC-Target-URI"]
        for place, (headers, _) in left.members.items()
        if headers["WARC-Type"] in ("response", "revisit")
    }
    assert there == answers
    for capture in acknowledged:
        assert there.get((f"{capture.segment}.warc.gz", capture.offset)) == capture.url, "acknowledged, and lost"
    for headers, block in left.members.values():
        if headers["WARC-Type"] == "response":
            url = Url(headers["WARC-Target-URI"])
            assert block == answer(url, Kind.PAGE).exchanges[-1].response


def _records_are_where_they_are_said_to_be(root, left) -> None:
    lines = {(segment, offset): line["url"] for segment, offset, line in left.records}
    told = rows(root, "SELECT seg_id, rec_off, url FROM articles")
    assert sorted(rows(root, "SELECT seg_id, rec_off FROM versions")) == sorted(
        (segment, offset) for segment, offset, _ in told
    )
    assert {(segment, offset): url for segment, offset, url in told} == lines


def _segments_are_final(root, left) -> None:
    states = dict(rows(root, "SELECT seg_id, state FROM segments"))
    sealed = {f"{segment}.warc.gz" for segment, state in states.items() if state == 3}
    assert {file for file, _ in left.members} == sealed
    assert set(states.values()) <= {3, 4}
    listed = [json.loads(line) for line in (root / "manifest.jsonl").read_text().splitlines()]
    assert sorted(Path(entry["file"]).name for entry in listed) == sorted(sealed)
    digests = dict(rows(root, "SELECT seg_id, sha256 FROM segments WHERE state = 3"))
    for entry in listed:
        path = root / entry["file"]
        assert (
            hashlib.sha256(path.read_bytes()).hexdigest()
            == entry["sha256"]
            == digests[path.name.removesuffix(".warc.gz")].hex()
        )
        assert path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_bytes() == cdxj.index(path).text
    expected = {name.replace(".warc.gz", end) for name in sealed for end in (".warc.gz", ".cdxj", ".jsonl")}
    strangers = {path.name for path in root.rglob("WARRAQ*") if ".torn-" not in path.name} - expected
    assert strangers == set()
