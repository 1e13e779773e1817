"""A house that polls a scripted publisher on a clock of its own: real decisions, a real store, no network and no waiting."""

from base64 import b32encode
from hashlib import sha1
from itertools import count

from msgspec.structs import replace

from crawler import politeness, polling, settle
from crawler.decide import decide
from crawler.fetching import answers
from crawler.fetching.answers import Answer
from crawler.fetching.blocks import RecognisingFetcher
from crawler.messages import header, read_head, read_response
from crawler.model import (
    Capture,
    CaptureKey,
    Exchange,
    Fetched,
    Kind,
    ParseTask,
    Receipt,
    Request,
    SegmentId,
    Span,
    Validators,
    Visit,
    WorkerId,
)
from crawler.parse.reading import read_body
from crawler.schedule import Tempo
from crawler.store.memory import MemoryStore
from crawler.terms import Policy, Terms
from tests.store.samples import poll_offer, source

START = 1_795_000_000_000
MINUTE, HOUR, DAY = 60, 3600, 86_400
ME, SEGMENT = WorkerId("run-1"), SegmentId("S")
FEED = "https://paper.example/feed"


def said(status, *headers, body=b""):
    """An answer as it comes over the wire."""
    return "\r\n".join([f"HTTP/1.1 {status} x", *headers, f"Content-Length: {len(body)}", "", ""]).encode() + body


def rss(*guids, head=""):
    """A feed with these items, each with a page."""
    items = "".join(f"<item><guid>{g}</guid><title>خبر {g}</title><link>https://paper.example/{g}</link></item>" for g in guids)
    return f'<rss version="2.0"><channel><title>جريدة</title>{head}{items}</channel></rss>'.encode()


def feed(*guids, etag=None, modified=None, head="", headers=()):
    """A feed that came whole."""
    given = [f"ETag: {etag}"] if etag else []
    given += [f"Last-Modified: {modified}"] if modified else []
    return said(200, "Content-Type: application/rss+xml", *given, *headers, body=rss(*guids, head=head))


def moved(status, target, *headers):
    return said(status, f"Location: {target}", *headers)


class Polled:
    """`web` says what a request (with `url`, `validators`) is answered with at `now`; `asked` remembers them all."""

    def __init__(self, web, *, store=None, tempo=None, policy=None, chance=0.5, reader=read_body):
        self.web, self.store, self.now = web, store or MemoryStore(), START
        self.policy, self.tempo, self.chance = policy or Policy(), tempo or Tempo(), chance
        self.reader, self._bodies = reader, {}
        self.asked, self.offers, self.entries = [], [], []
        self.promised = lambda row: None
        """Told of each row that a source comes back with, once that is acknowledged."""
        self._numbers = count(1)
        self._fetcher = RecognisingFetcher(self)

    async def watch(self, *urls, spread=0, **more):
        """Follow these; `more` as in `Source`."""
        sources = [source(url, **{"every_ms": None, **more}) for url in urls or (FEED,)]
        offers = [poll_offer(one, self.now + round(spread * 1000 * n / len(sources))) for n, one in enumerate(sources)]
        await self.store.sync_sources(sources, offers, self.now)
        if not await self.store.unsealed():
            await self.store.open_segment(SEGMENT, ME, self.now)

    async def poll(self):
        """Go on to the next request, and make it. Gives the seconds until then."""
        before, ready = self.now, await self.store.next_ready()
        self.now = max(self.now, ready)
        await self._visit_due()
        return (self.now - before) / 1000

    async def until(self, seconds):
        """Poll whatever is due within so many seconds from the start."""
        while (ready := await self.store.next_ready()) is not None and max(ready, self.now) <= START + seconds * 1000:
            await self.poll()
        self.now = max(self.now, START + seconds * 1000)

    async def status(self, url=FEED):
        return next(one for one in await self.store.sources() if one.source.url == url)

    def times(self, url=FEED):
        """When it was asked, in seconds from the start."""
        return [(at - START) / 1000 for at, request in self.asked if request.url == url]

    async def fetch(self, request):
        """As `Fetcher.fetch`."""
        self.asked.append((self.now, request))
        raw, sent = self.web(request, self.now), request.validators
        head = read_head(raw)
        conditions = f"If-None-Match: {sent.etag}\r\n" if sent.etag else ""
        conditions += f"If-Modified-Since: {sent.last_modified}\r\n" if sent.last_modified else ""
        body = raw[head.size :]
        exchange = Exchange(
            url=request.url,
            kind=request.kind,
            fetched_at=self.now,
            took=0.1,
            request=f"GET / HTTP/1.1\r\n{conditions}\r\n".encode(),
            response=raw,
            status=head.status,
            payload_digest=f"sha1:{b32encode(sha1(body).digest()).decode()}" if body else None,
            payload_bytes=len(body),
        )
        return answers.settle(
            Answer(
                exchange=exchange,
                asked=sent != Validators(),
                validators=Validators(etag=header(head.headers, "etag"), last_modified=header(head.headers, "last-modified")),
                location=header(head.headers, "location"),
                retry_after=politeness.retry_after(header(head.headers, "retry-after"), self.now),
            )
        )

    async def _visit_due(self):
        """A group: all that is due now asked, acknowledged together, and read."""
        leases = await self.store.lease(ME, hosts=64, urls=1, ttl=180_000, delay=2000, now=self.now)
        settled = [await self._settled(lease, job) for lease in leases for job in lease.jobs]
        if settled:
            assert not await self.store.commit_captures(ME, SEGMENT, 0, settled, self.now)
            self._promise(one.again for one in settled)
            await self.read([one.receipt for one in settled if one.receipt is not None])
        return len(settled)

    async def _settled(self, lease, job):
        request = Request(url=job.url, kind=job.kind, validators=polling.validators(job, self.now))
        outcome = polling.recognise(job, await self._fetcher.fetch(request))
        verdict = settle.host_verdict(outcome, lease.strain.fails, self.policy)
        polite_at = self.now + max(2000, round(verdict.pause * 1000))
        visit = Visit(job=job, epoch=lease.epoch, outcome=outcome, polite_at=polite_at, delay_ms=2000, last=True)
        if isinstance(outcome, Fetched):
            self._bodies[job.url] = outcome.exchanges[-1].response
        return settle.settle(visit, [self._receipt(job, outcome)], self._terms())

    def _terms(self):
        return Terms(policy=self.policy, now=self.now, chance=self.chance, tempo=self.tempo)

    def _receipt(self, job, outcome):
        number = next(self._numbers)
        exchange = outcome.exchanges[-1]
        capture = Capture(
            key=CaptureKey(host_id=job.host_id, h=job.h, fetched_at=self.now),
            url=job.url,
            kind=job.kind,
            status=exchange.status,
            mime="text/xml",
            digest=exchange.payload_digest,
            segment=SEGMENT,
            offset=number,
            length=1,
            group_length=1,
        )
        return Receipt(capture=capture, job=job)

    async def read(self, receipts):
        """Commit 2 of these."""
        decisions = [decide(receipt, await self._found(receipt), self._terms()) for receipt in receipts]
        self.entries += [entry for one in decisions for entry in one.entries]
        self.offers += [offer for one in decisions for offer in one.offers]
        kept = [replace(one, offers=tuple(offer for offer in one.offers if offer.kind is not Kind.PAGE)) for one in decisions]
        spans = {SEGMENT: [(0, 1)] * max((len(one.records) for one in kept), default=0)}
        await self.store.commit_records(ME, {SEGMENT: 0}, kept, spans, self.now)
        self._promise(one.source.next for one in decisions if one.source)

    def _promise(self, rows):
        for row in rows:
            if row is not None:
                self.promised(row)

    async def _found(self, receipt):
        poll, url = receipt.job.poll, receipt.capture.url
        known = dict(await self.store.known_entries(poll.source_id)) if poll else {}
        task = ParseTask(span=Span(path="", offset=0, length=0), url=url, kind=receipt.job.kind, known=known)
        raw = self._bodies.get(url) or self.web(Request(url=url, kind=receipt.job.kind), receipt.capture.key.fetched_at)
        return self.reader(task, read_response(raw, 1 << 24))
