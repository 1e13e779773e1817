"""Receipts as they lie in the outbox: without what their capture says, nor names. Each is written once and soon gone."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from crawler.model import Capture, HostId, Job, Kind, Millis, Original, Poll, Receipt, Url, UrlHash, Validators, Value
from crawler.store import contexts

_UNSAID: Final = Validators()


class _Row(Struct, array_like=True, frozen=True):
    """What a receipt holds beside its capture, by place: 130 bytes of a page in place of 280. What few have is cut off."""

    host: str
    due_at: Millis
    kind: Kind
    context: bytes | None = None
    leases: int | None = None
    depth: int | None = None
    validators: Validators | None = None
    rights: dict[str, str] | None = None
    tries: int | None = None
    poll: Poll | None = None
    truncated: bool | None = None
    body: Original | None = None
    url: Url | None = None
    """Of the job; None: as its capture's. So are the other two."""
    host_id: HostId | None = None
    h: UrlHash | None = None


class _Named(Value, frozen=True, kw_only=True):
    """The same as older stores have it."""

    job: Job
    validators: Validators = Validators()
    truncated: bool = False
    body: Original | None = None
    rights: dict[str, str] = msgspec.field(default_factory=dict)


_decode: Final = msgspec.msgpack.Decoder(_Row).decode
_decode_named: Final = msgspec.msgpack.Decoder(_Named).decode
_encode: Final = msgspec.msgpack.Encoder().encode


def packed(receipt: Receipt) -> bytes:
    """What else than its capture a receipt holds."""
    job, capture = receipt.job, receipt.capture
    key = capture.key
    row = [
        *(job.host, job.due_at, job.kind, contexts.shortened(job.context, job.host, job.url)),
        *(job.leases or None, job.depth or None, None if receipt.validators == _UNSAID else receipt.validators),
        *(receipt.rights or None, job.tries or None, job.poll, receipt.truncated or None, receipt.body),
        None if job.url == capture.url else job.url,
        *(None if job.host_id == key.host_id else job.host_id, None if job.h == key.h else job.h),
    ]
    return _encode(contexts.cut(row))


def unpacked(column: bytes, capture: Capture) -> Receipt:
    """As `packed` made it, now or in an older store; beside its capture."""
    if not contexts.is_array(column):
        named = _decode_named(column)
        return Receipt(
            capture=capture,
            job=named.job,
            validators=named.validators,
            truncated=named.truncated,
            body=named.body,
            rights=named.rights,
        )
    row = _decode(column)
    return Receipt(
        capture=capture,
        job=_job(row, capture),
        validators=_UNSAID if row.validators is None else row.validators,
        truncated=row.truncated or False,
        body=row.body,
        rights=row.rights or {},
    )


def _job(row: _Row, capture: Capture) -> Job:
    url = capture.url if row.url is None else row.url
    return Job(
        host=row.host,
        host_id=capture.key.host_id if row.host_id is None else row.host_id,
        h=capture.key.h if row.h is None else row.h,
        due_at=row.due_at,
        url=url,
        kind=row.kind,
        depth=row.depth or 0,
        tries=row.tries or 0,
        leases=row.leases or 0,
        context=contexts.lengthened(row.context, row.host, url),
        poll=row.poll,
    )
