"""Visits and readers for the archive's tests."""

from __future__ import annotations

import base64
import hashlib
from itertools import count
from pathlib import Path

from crawler import urls
from crawler.archive.disk import DiskArchive
from crawler.archive.names import segment_id
from crawler.model import (
    Context,
    Exchange,
    Fetched,
    Job,
    Kind,
    Outcome,
    Receipt,
    SegmentId,
    SegmentState,
    Truncated,
    Unchanged,
    Url,
    Visit,
    WorkerId,
)

NOW = 1_795_332_068_123  # 2026-11-22T07:21:08.123Z
WORKER = WorkerId("run-0a1b2c")
PAGE = Url("https://news.example/%D8%A7%D9%84%D8%B1%D8%A6%D9%8A%D8%B3")
HTML = "<html lang=ar><h1>وصل الرئيس</h1><p>صوت العقل”.</p></html>".encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def digest(payload: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(payload).digest()).decode()


def job(url: Url = PAGE, kind: Kind = Kind.PAGE, context: Context = Context()) -> Job:  # noqa: B008 - frozen
    host = urls.host(url)
    return Job(host=host, host_id=urls.host_id(host), h=urls.url_hash(url), due_at=NOW, url=url, kind=kind, context=context)


def exchange(
    payload: bytes = HTML,
    *,
    url: Url = PAGE,
    head: bytes = HEAD,
    at: int = NOW,
    status: int = 200,
    kind: Kind = Kind.PAGE,
    truncated: Truncated | None = None,
    **more: object,
) -> Exchange:
    values = {
        "url": url,
        "kind": kind,
        "fetched_at": at,
        "took": 0.25,
        "request": f"GET {urls.path(url)} HTTP/1.1\r\nHost: {urls.host(url)}\r\n\r\n".encode(),
        "response": head + payload,
        "peer": "192.0.2.7",
        "status": status,
        "mime": "text/html",
        "payload_digest": digest(payload) if payload else None,
        "payload_bytes": len(payload),
        "truncated": truncated,
    }
    return Exchange(**{**values, **more})  # type: ignore[arg-type]


def visit(*exchanges: Exchange, job_: Job | None = None, outcome: Outcome | None = None) -> Visit:
    asked = job_ or job(exchanges[-1].url)
    return Visit(
        job=asked,
        epoch=1,
        outcome=outcome or Fetched(exchanges=exchanges),
        evidence=exchanges,
        polite_at=NOW,
        delay_ms=0,
        last=True,
    )


def not_modified(at: int, url: Url = PAGE) -> Visit:
    answer = exchange(b"", url=url, at=at, status=304, head=b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", mime=None)
    return visit(answer, outcome=Unchanged(exchanges=(answer,)))


def pages(number: int, *, start: int = 0) -> list[Visit]:
    made = []
    for index in count(start):
        if len(made) == number:
            return made
        url = Url(f"https://news.example/{index}")
        made.append(visit(exchange(f"<p>خبر {index}</p>".encode(), url=url, at=NOW + index)))
    return made


def archive(root: Path, **more: object) -> DiskArchive:
    return DiskArchive(root, archive_id="test-archive", info={"software": "Warraq/test", "robots": "obey"}, **more)  # type: ignore[arg-type]


def name(serial: int = 1, worker: WorkerId = WORKER, now: int = NOW) -> SegmentId:
    return segment_id(now, serial, worker)


def state(segment: SegmentId, committed: int, records: int = 0, at: str = "open") -> SegmentState:
    return SegmentState(
        segment=segment,
        owner=WORKER,
        state=at,
        committed=committed,
        records_committed=records,
        created_at=NOW,  # type: ignore[arg-type]
    )


def tell(receipt: Receipt) -> tuple[int, int]:
    return receipt.capture.offset, receipt.capture.length
