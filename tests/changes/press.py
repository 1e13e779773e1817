"""The newsroom watched by the real decisions over a real store, on a clock of its own: only network and disk are played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from crawler import decide, settle, urls
from crawler.archive import marks
from crawler.archive.recorded import RecordReader
from crawler.comparing import Told, stories
from crawler.differing import KINDS
from crawler.extraction import extract
from crawler.model import (
    Discovery,
    Exchange,
    Fetched,
    Job,
    Kind,
    Lease,
    Offer,
    Outcome,
    Receipt,
    Refused,
    SegmentId,
    Visit,
    WorkerId,
)
from crawler.store.sqlite import SqliteStore
from crawler.store.versions import open_versions
from crawler.terms import Policy, Terms
from tests import making
from tests.changes import newsroom
from tests.changes.newsroom import Story

SEGMENT = SegmentId("WARRAQ-20261122072108123-00001-run-0a1b2c")
ME = WorkerId("run-0a1b2c")
BEGIN = 1_795_327_800_000
"""Ten minutes after all stories were published."""
POLICY = Policy(revisits=(3_600.0, 21_600.0, 86_400.0, 604_800.0))
DELETED = 20
"""Of so many articles one is taken away."""


def edit_of(number: int) -> Callable[[Story], Story] | None:
    """What an editor does to an article; three of ten are edited, each in one way."""
    if number % 10 not in (0, 3, 6):
        return None
    every = (*newsroom.SUBSTANCE, *newsroom.STYLE)
    return every[(number // 10 + number) % len(every)]


def deleted(number: int) -> bool:
    """Whether its publisher takes an article away."""
    return number % DELETED == 7


class Press:
    """Asks for whatever is due until nothing is."""

    def __init__(self, folder: Path, articles: int) -> None:
        self.folder = folder
        self.articles = articles
        self.now = BEGIN
        self.asked: dict[int, int] = {}
        self._size = 0
        self._offset = 0
        self._records = folder / "2026/11/22" / f"{SEGMENT}.jsonl"
        self._records.parent.mkdir(parents=True)

    @property
    def db(self) -> Path:
        return self.folder / "warraq.db"

    async def run(self) -> None:
        self._store = await SqliteStore.open(self.db)
        await self._store.open_segment(SEGMENT, ME, self.now)
        await self._store.offer([_offer(number) for number in range(self.articles)], self.now)
        while (ready := await self._store.next_ready()) is not None:
            self.now = max(self.now, ready)
            for lease in await self._store.lease(ME, hosts=9, urls=500, ttl=180_000, delay=0, now=self.now):
                await self._visit_all(lease)
        await self._store.close()

    async def _visit_all(self, lease: Lease) -> None:
        visits = [self._visit(lease, at, job) for at, job in enumerate(lease.jobs)]
        terms = Terms(policy=POLICY, now=self.now)
        settled = [settle.settle(visit, [self._receipt(visit)], terms) for visit in visits]
        self._size += 1
        assert not await self._store.commit_captures(ME, SEGMENT, self._size, settled, self.now)
        for one in settled:
            if one.receipt is not None:
                await self._read(one.receipt, terms)

    def _visit(self, lease: Lease, at: int, job: Job) -> Visit:
        number = int(job.url.rpartition("/")[2])
        self.asked[number] = self.asked.get(number, 0) + 1
        exchange = Exchange(
            url=job.url, kind=Kind.PAGE, fetched_at=max(self.now, lease.last_at + 1) + at, took=0.1, request=b"G",
            response=b"H", status=200, payload_digest=f"sha1:{number}.{self.asked[number]}",
        )  # fmt: skip
        outcome: Outcome = Fetched(exchanges=(exchange,))
        if deleted(number) and self.asked[number] > 2:
            gone = replace(exchange, status=404, payload_digest=None)
            outcome = Refused(reason="missing", detail="404", exchanges=(gone,))
        return Visit(
            job=job, epoch=lease.epoch, outcome=outcome, evidence=outcome.exchanges, polite_at=self.now, delay_ms=0,
            last=at == len(lease.jobs) - 1,
        )  # fmt: skip

    def _receipt(self, visit: Visit) -> Receipt:
        receipt = making.receipt(visit.job, visit.evidence[-1])
        self._offset += 1
        return replace(receipt, capture=replace(receipt.capture, segment=SEGMENT, offset=self._offset))

    async def _read(self, receipt: Receipt, terms: Terms) -> None:
        number = int(receipt.job.url.rpartition("/")[2])
        article = extract(newsroom.page(self._story(number), self.asked[number]), receipt.job.url)
        decision = decide.decide(receipt, Discovery(found="article", article=article), terms)
        spans = []
        with self._records.open("ab") as file:
            for record in decision.records:
                line = marks.marked(msgspec.json.encode(record))
                spans.append((file.tell(), len(line)))
                file.write(line)
            size = file.tell()
        await self._store.commit_records(ME, {SEGMENT: size}, [decision], {SEGMENT: spans}, self.now)

    def _story(self, number: int) -> Story:
        edit, one = edit_of(number), newsroom.story(number)
        return edit(one) if edit is not None and self.asked[number] > 1 + number % 4 else one

    def told(self) -> list[Told]:
        """What `warraq changes` is made of."""
        with open_versions(self.db) as reader, RecordReader(self.folder) as records:
            return list(stories(reader.changes(0, None), reader, records))


def _offer(number: int) -> Offer:
    url = urls.parse(f"https://paper{number % 9}.example/story/{number}")
    host = urls.host(url)
    return Offer(host=host, host_id=urls.host_id(host), h=urls.url_hash(url), url=url, kind=Kind.PAGE, due_at=BEGIN)


KIND_OF = {"number_changed": "number", "headline_changed": "headline", "paragraph_removed": "deletion"}


async def each_edit_and_deletion_is_told(folder: Path, articles: int) -> None:
    """The whole of it: all that was done is told for what it is, nothing else is, and substance stands before style."""
    press = Press(folder, articles)
    await press.run()
    told = {int(one.changed.article.url.rpartition("/")[2]): one for one in press.told()}
    assert sorted(told) == [number for number in range(articles) if edit_of(number) or deleted(number)]
    assert len(told) == len(press.told())
    assert set(press.asked.values()) == {5}
    for number, one in told.items():
        edit = edit_of(number)
        if deleted(number):
            assert one.kind == "deleted"
        elif edit is not None and edit.__name__ in KIND_OF:
            assert one.kind == KIND_OF[edit.__name__]
    ranked = sorted((KINDS.index(one.kind), edit_of(number) in newsroom.STYLE) for number, one in told.items())
    assert [style for _, style in ranked] == sorted(style for _, style in ranked)
