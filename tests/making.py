"""Values for tests, with everything that doesn't matter filled in."""

from __future__ import annotations

from crawler import urls
from crawler.model import (
    Capture,
    CaptureKey,
    Context,
    Exchange,
    Job,
    Kind,
    Millis,
    Offer,
    Outcome,
    Poll,
    Receipt,
    Rhythm,
    SegmentId,
    Url,
    Visit,
)

NOW: Millis = 1_700_000_000_000
SEGMENT = SegmentId("WARRAQ-20231114221320000-00001-run-abc")


def url(text: str) -> Url:
    return urls.parse(text)


def offer(
    text: str, *, kind: Kind = Kind.PAGE, due_at: Millis = NOW, gated: bool = True, context: Context | None = None
) -> Offer:
    address = url(text)
    host = urls.host(address)
    return Offer(
        host=host,
        host_id=urls.host_id(host),
        h=urls.url_hash(address),
        url=address,
        kind=kind,
        due_at=due_at,
        gated=gated,
        context=context or Context(),
    )


def job(
    text: str = "https://news.example/a",
    *,
    kind: Kind = Kind.PAGE,
    poll: Poll | None = None,
    tries: int = 0,
    context: Context | None = None,
) -> Job:
    address = url(text)
    host = urls.host(address)
    return Job(
        host=host,
        host_id=urls.host_id(host),
        h=urls.url_hash(address),
        due_at=NOW,
        url=address,
        kind=kind,
        poll=poll,
        tries=tries,
        context=context or Context(),
    )


def poll(
    text: str = "https://news.example/feed",
    *,
    every_ms: Millis | None = 900_000,
    body_digest: str | None = None,
    failures: int = 0,
) -> Poll:
    address = url(text)
    return Poll(
        source_id=urls.source_id(address),
        url=address,
        host_id=urls.host_id(urls.host(address)),
        h=urls.url_hash(address),
        every_ms=every_ms,
        body_digest=body_digest,
        rhythm=Rhythm(failures=failures),
    )


def feed_job(text: str = "https://news.example/feed", **more: object) -> Job:
    known = poll(text, **more)  # type: ignore[arg-type]
    return job(text, kind=Kind.FEED, poll=known, context=Context(source=known.source_id))


def exchange(
    text: str = "https://news.example/a", *, status: int = 200, payload: str | None = "sha1:AAAA", at: Millis = NOW
) -> Exchange:
    return Exchange(
        url=url(text),
        kind=Kind.PAGE,
        fetched_at=at,
        took=0.1,
        request=b"GET /a HTTP/1.1\r\n\r\n",
        response=b"HTTP/1.1 200 OK\r\n\r\nbody",
        status=status,
        payload_digest=payload,
        payload_bytes=4,
    )


def visit(of: Job, outcome: Outcome, *, last: bool = True) -> Visit:
    return Visit(job=of, epoch=1, outcome=outcome, evidence=outcome.exchanges, polite_at=NOW + 2000, delay_ms=2000, last=last)


def receipt(of: Job, answer: Exchange | None = None) -> Receipt:
    answer = answer or exchange(of.url)
    capture = Capture(
        key=CaptureKey(host_id=of.host_id, h=of.h, fetched_at=answer.fetched_at),
        url=of.url,
        kind=of.kind,
        status=answer.status,
        mime="text/html",
        digest=answer.payload_digest,
        segment=SEGMENT,
        offset=0,
        length=100,
        group_length=200,
    )
    return Receipt(capture=capture, job=of)
