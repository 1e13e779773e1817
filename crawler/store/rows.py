"""Values to columns and back. The order of the columns is that of the statements in the `.sql` files."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawler.digests import sha1_name
from crawler.model import (
    Capture,
    CaptureKey,
    Extracted,
    Failure,
    Job,
    Kind,
    Lease,
    Millis,
    Offer,
    Original,
    Receipt,
    RobotsCopy,
    SegmentState,
    Strain,
)
from crawler.ports import ArticleStatus
from crawler.store import contexts, receipts
from crawler.store.aliases import Kin
from crawler.store.connection import Column, Row
from crawler.store.rules import SEGMENT_STATES, QueueKey

LEASE_COLUMNS: Final = 9
"""What `ready` says of a host, before what it says of its jobs; the last of them is the first of a job's."""

_CALM: Final = Strain()
_KINDS: Final = {int(kind): kind for kind in Kind}
"""A look-up: `Kind(…)` takes ten times as long."""
_SHA1_CHARS: Final = len("sha1:") + 32
_BASE_32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_AS_DIGITS: Final = bytes(
    b"0123456789abcdefghijklmnopqrstuv"[_BASE_32.index(one)] if one in _BASE_32 else 0x21 for one in range(256)
)
"""From the letters of RFC 4648 to those `int` takes; all others become "!", which it refuses."""

_DIGITS: Final = re.compile("[0-9a-f]{16}")


# Each is asked for three times within a group: as a key, for its capture, and for its payload.
@lru_cache(maxsize=256)
def digest_out(digest: str | None) -> bytes | str | None:
    """20 bytes for the usual kind; any other as the text it is."""
    if digest is None or not digest.startswith("sha1:") or len(digest) != _SHA1_CHARS:
        return digest
    try:
        # a fifth of the time that base64.b32decode takes, and there is one a page
        return int(digest[5:].encode("ascii").translate(_AS_DIGITS), 32).to_bytes(20)
    except ValueError:
        return digest


def digest_in(stored: bytes | str | None) -> str | None:
    """As it was given."""
    return sha1_name(stored) if isinstance(stored, bytes) else stored


def queue_row(key: QueueKey, offer: Offer) -> tuple[Column, ...]:
    """For `put`."""
    return (
        *key,
        int(offer.kind),
        contexts.target(offer.host, offer.url),
        offer.depth,
        offer.tries,
        contexts.shortened(offer.context, offer.host, offer.url),
    )


def job(host: str, row: Row) -> Job:
    """From `ready` or `active_rows`, from the host_id on, without what a host's row says beside it."""
    host_id, due_at, h, kind, path, depth, tries, leases, packed = row
    url = contexts.address(host, path)
    return Job(
        host=host,
        host_id=host_id,
        h=h,
        due_at=due_at,
        url=url,
        kind=_KINDS[kind],
        depth=depth,
        tries=tries,
        leases=leases,
        context=contexts.lengthened(packed, host, url),
    )


def lease(row: Row, *, until: Millis, jobs: tuple[Job, ...] = ()) -> Lease:
    """From `ready` or `take_host`; the epoch there is the one taken."""
    host, epoch, delay_ms, last_at, fails, latency_ms, slow_ms, calm, host_id = row
    return Lease(
        host=host,
        host_id=host_id,
        epoch=epoch,
        until=until,
        delay_ms=delay_ms,
        last_at=last_at,
        strain=known_strain(fails, latency_ms, slow_ms, calm),
        jobs=jobs,
    )


def known_strain(fails: int, latency_ms: Millis, slow_ms: Millis, calm: int) -> Strain:
    """From a host's columns, in this order."""
    if not (fails or latency_ms or slow_ms or calm):
        return _CALM
    return Strain(fails=fails, latency_ms=latency_ms, slow_ms=slow_ms, calm=calm)


def strain_columns(strain: Strain | None) -> tuple[Column, ...]:
    """For `settle_host`, without `slow_ms`; NULLs leave what is there."""
    return (None, None, None) if strain is None else (strain.fails, strain.latency_ms, strain.calm)


def capture_row(capture: Capture) -> tuple[Column, ...]:
    """For `add_capture`."""
    key, revisit = capture.key, capture.revisit_of
    return (
        *(key.host_id, key.h, key.fetched_at),
        *(capture.segment, capture.offset, capture.length, capture.group_length),
        *(int(capture.kind), capture.status, capture.mime, digest_out(capture.digest)),
        *((revisit.host_id, revisit.h, revisit.fetched_at) if revisit else (None, None, None)),
        *(capture.url, int(capture.extracted)),
    )


def waiting_row(receipt: Receipt) -> tuple[Column, ...]:
    """For `add_waiting`."""
    capture, key = receipt.capture, receipt.capture.key
    return capture.segment, capture.offset, key.host_id, key.h, key.fetched_at, receipts.packed(receipt)


def receipt(row: Row) -> Receipt:
    """From `outbox`."""
    *columns, packed = row
    return receipts.unpacked(packed, capture(tuple(columns)))


def capture(row: Row) -> Capture:
    """From `captures`, or `outbox` without what waits."""
    host_id, h, fetched_at, segment, offset, length, group, kind, status, mime, digest, *revisit, url, extracted = row
    return Capture(
        key=CaptureKey(host_id=host_id, h=h, fetched_at=fetched_at),
        url=url,
        kind=Kind(kind),
        status=status,
        mime=mime,
        digest=digest_in(digest),
        segment=segment,
        offset=offset,
        length=length,
        group_length=group,
        revisit_of=None if revisit[2] is None else CaptureKey(host_id=revisit[0], h=revisit[1], fetched_at=revisit[2]),
        extracted=Extracted(extracted),
    )


def original(row: Row) -> Original:
    """From `originals` or `last_capture`."""
    host_id, h, fetched_at, url, segment, offset, length, digest = row
    return Original(
        key=CaptureKey(host_id=host_id, h=h, fetched_at=fetched_at),
        url=url,
        segment=segment,
        offset=offset,
        length=length,
        digest=digest_in(digest),
    )


def robots_row(copy: RobotsCopy) -> tuple[Column, ...]:
    """For `put_robots`."""
    return copy.origin, copy.host_id, copy.status, copy.body, copy.fetched_at, copy.until


def robots(row: Row) -> RobotsCopy:
    """From `robots`."""
    origin, host_id, status, body, fetched_at, until = row
    return RobotsCopy(origin=origin, host_id=host_id, status=status, body=body, fetched_at=fetched_at, until=until)


def segment(row: Row) -> SegmentState:
    """From `unsealed`."""
    seg_id, owner, state, committed, rec_committed, created_at, waiting = row
    return SegmentState(
        segment=seg_id,
        owner=owner,
        state=SEGMENT_STATES[state - 1],
        committed=committed,
        records_committed=rec_committed,
        created_at=created_at,
        waiting=waiting,
    )


def failure_row(failure: Failure) -> tuple[Column, ...]:
    """For `add_failure`."""
    key = (failure.host_id, failure.h, failure.at)
    said = (failure.reason, failure.detail, failure.tries, contexts.packed(failure.context))
    return (*key, failure.url, int(failure.kind), *said)


def failure(row: Row) -> Failure:
    """From `failures`."""
    host_id, h, at, url, kind, reason, detail, tries, packed = row
    return Failure(
        host_id=host_id,
        h=h,
        at=at,
        url=url,
        kind=Kind(kind),
        reason=reason,
        detail=detail,
        tries=tries,
        context=contexts.unpacked(packed),
    )


def kin(row: Row) -> Kin:
    """From `kin`."""
    *columns, name, first_at, last_at = row
    return Kin(_article_status(tuple(columns)), name, first_at, last_at)


def _article_status(row: Row) -> ArticleStatus:
    article_id, version, url, title, published, language, words, seg_id, offset, length = row
    return ArticleStatus(
        seq=0,
        article_id=article_id,
        version=version,
        url=url,
        title=title,
        published=published,
        language=language,
        words=words,
        segment=seg_id,
        offset=offset,
        length=length,
    )


def fingerprint_in(digits: str | None) -> int | None:
    """A fingerprint as SQLite has whole numbers: 64 bits with a sign; None for what is none (a line may come from anywhere)."""
    if digits is None or not _DIGITS.fullmatch(digits):
        return None
    number = int(digits, 16)
    return number - (1 << 64) if number >> 63 else number


def fingerprint_out(number: int) -> str:
    """Its sixteen hexadecimal digits."""
    return f"{number & (1 << 64) - 1:016x}"
