"""Small values for the store's tests: hosts `a.example` …, times in ms from 0, worker `run-1`, segment `S`."""

from msgspec.structs import replace

from crawler import urls
from crawler.model import (
    ArticleRow,
    Capture,
    CaptureKey,
    Context,
    Decision,
    Entry,
    Extracted,
    Kind,
    Offer,
    PollRow,
    Receipt,
    Rhythm,
    SegmentId,
    Settlement,
    Source,
    SourceUpdate,
    Strain,
    Url,
    Validators,
    WorkerId,
)

ME, OTHER = WorkerId("run-1"), WorkerId("run-2")
SEGMENT = SegmentId("S")
TTL, DELAY = 180_000, 2_000
ALL = frozenset(Kind)
SHA1 = "sha1:" + "A" * 31 + "{}"


def host_id(name="a.example"):
    return urls.host_id(name)


def offer(url="https://a.example/1", due=0, **more):
    host = urls.host(url)
    more = {"kind": Kind.PAGE, **more}
    return Offer(host=host, host_id=urls.host_id(host), h=urls.url_hash(Url(url)), url=Url(url), due_at=due, **more)


def source(url="https://a.example/feed", **more):
    host = urls.host(url)
    more = {"kind": Kind.FEED, "every_ms": 60_000, **more}
    h = urls.url_hash(Url(url))
    return Source(source_id=urls.source_id(Url(url)), url=Url(url), host_id=urls.host_id(host), h=h, **more)


def poll_offer(of, due=0, **more):
    more = {"kind": of.kind, "gated": False, "context": Context(source=of.source_id), **more}
    return offer(more.pop("url", of.url), due, **more)


async def watch(store, *sources, now=0):
    await store.sync_sources(sources, [poll_offer(one, now) for one in sources], now)


async def lease(store, worker=ME, *, now=0, hosts=9, urls=9, ttl=TTL, delay=DELAY, **more):
    return list(await store.lease(worker, hosts=hosts, urls=urls, ttl=ttl, delay=delay, now=now, **more))


async def only_job(store, worker=ME, *, now=0):
    """The one job there is to lease, and its lease."""
    (got,) = await lease(store, worker, now=now)
    (job,) = got.jobs
    return got, job


def capture(job, at=1, **more):
    key = CaptureKey(host_id=job.host_id, h=job.h, fetched_at=at)
    more = {"status": 200, "mime": "text/html", "digest": SHA1.format("A"), "segment": SEGMENT, **more}
    more = {"offset": 100 * at, "length": 50, "group_length": 90, **more}
    return Capture(key=key, url=job.url, kind=job.kind, **more)


def receipt(job, at=1, **more):
    known = {name: more.pop(name) for name in ("truncated", "body", "validators") if name in more}
    return Receipt(capture=capture(job, at, extracted=Extracted.WAITING, **more), job=job, **known)


def settle(got, job, **more):
    more = {"last": True, "polite_at": DELAY, "delay_ms": DELAY, "strain": Strain(), "slowed": True, **more}
    key = {"host_id": job.host_id, "epoch": got.epoch, "h": job.h, "due_at": job.due_at}
    return Settlement(**key, **more)


def kept(got, job, at=1, **more):
    """A visit whose answer is archived and waits for a parser."""
    waiting = receipt(job, at, **{name: more.pop(name) for name in ("digest", "validators") if name in more})
    return settle(got, job, captures=(waiting.capture,), receipt=waiting, **more)


async def commit(store, *settlements, worker=ME, segment=None, committed=0, now=1):
    return await store.commit_captures(worker, segment, committed, settlements, now)


async def archived(store, got, job, at=1, **more):
    """Commit 1 of `kept`; gives the receipt. The segment is opened if it isn't."""
    if not await store.unsealed():
        await store.open_segment(SEGMENT, ME, 0)
    settlement = kept(got, job, at, **more)
    assert await commit(store, settlement, segment=SEGMENT, committed=1000 * at) == frozenset()
    return settlement.receipt


def article(of, *, text_hash="t1", article_id="A", **more):
    more = {"url": of.capture.url, "title": "عنوان", "published": None, "language": "ar", "source": None, **more}
    return ArticleRow(article_id=article_id, key=of.capture.key, words=3, text_hash=text_hash, record=0, **more)


def decision(of, **more):
    more = {"extracted": Extracted.DONE, **more}
    return Decision(key=of.capture.key, segment=of.capture.segment, **more)


def feed_read(of, due=60_000, *, entries=(), etag=None, **more):
    """Commit 2 of a source's body."""
    poll = of.job.poll
    row = Offer(
        host=of.job.host,
        host_id=poll.host_id,
        h=poll.h,
        url=poll.url,
        kind=of.job.kind,
        due_at=due,
        context=Context(source=poll.source_id),
        gated=False,
    )
    update = SourceUpdate(
        source_id=poll.source_id,
        captured_at=of.capture.key.fetched_at,
        validators=Validators(etag=etag),
        body_digest=of.capture.digest,
        next=row,
        rhythm=Rhythm(),
    )
    return decision(of, source_id=poll.source_id, source=update, entries=entries, **more)


async def publish(store, *decisions, size=0, spans=((0, 10),), now=5, worker=ME):
    segments = {one.segment for one in decisions}
    await store.commit_records(worker, dict.fromkeys(segments, size), decisions, dict.fromkeys(segments, spans), now)


def entry(key="e1", item_hash="x", **more):
    return Entry(key=key, item_hash=item_hash, **more)


def polled(of, at=1, outcome="unchanged", **more):
    more = {"failed": False, "status": 304, **more}
    return PollRow(source_id=of.source_id, at=at, outcome=outcome, **more)


def again(job, due):
    """The job's row at another time."""
    row = offer(job.url, due, kind=job.kind, context=job.context, tries=job.tries, gated=False)
    return replace(row, host=job.host, host_id=job.host_id, h=job.h)


async def status(store, of=None):
    """How one source fares."""
    return next(one for one in await store.sources() if of is None or one.source.source_id == of.source_id)
