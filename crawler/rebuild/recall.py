"""What an archived exchange says of the catalog and the queue. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crawler import following, urls
from crawler.archive.rebuilding import Kept
from crawler.model import SOURCE_KINDS, Extracted, Job, Kind, Millis, Original, Poll, Receipt, RobotsCopy, SourceId
from crawler.store.rules import Address

ROBOTS_FRESH: Final[Millis] = 24 * 3_600_000
"""How long a copy of robots.txt holds (RFC 9309, section 2.4)."""

# The job was put back, or went on elsewhere: nothing says that its address is done with.
_OPEN: Final = ("refused later", "refused blocked", "refused robots_unreachable", "broken", "redirected", "unasked")


def extracted(kept: Kept, *, read: Extracted | None, sealed: bool, oneshot: bool) -> Extracted | None:
    """How far its reading had come; `read` is what a record line of it says. None: it may have been read or not.

    A sealed segment has no capture that waits. Sources leave no lines, so that an unsealed one doesn't tell.
    """
    capture = kept.capture
    if kept.outcome != "fetched" or not following.leads_on(capture.kind, capture.mime, kept.depth):
        return Extracted.NOTHING
    known = capture.revisit_of is not None and capture.revisit_of.h == capture.key.h
    if known and source_of(kept) is None and not oneshot and not kept.context.revisit:
        return Extracted.NOTHING
    return read or (Extracted.DONE if sealed else None)


def deletes(kept: Kept) -> bool:
    """Whether it says that an article that was there is gone."""
    return kept.capture.kind is Kind.PAGE and kept.context.revisit and kept.outcome in ("refused gone", "refused missing")


def source_of(kept: Kept) -> SourceId | None:
    """The source whose poll it was; None: a page, or robots.txt."""
    return kept.context.source if kept.capture.kind in SOURCE_KINDS else None


def receipt(kept: Kept, every_ms: Millis | None, original: Original | None) -> Receipt:
    """The order to read it, as it stood in the outbox; `original` has the payload of a revisit."""
    capture, url = kept.capture, kept.job_url
    job = Job(
        host=kept.host,
        host_id=capture.key.host_id,
        h=urls.url_hash(url),
        due_at=capture.key.fetched_at,
        url=url,
        kind=capture.kind,
        depth=kept.depth,
        context=kept.context,
        poll=_poll(kept, every_ms),
    )
    return Receipt(
        capture=capture,
        job=job,
        validators=kept.validators,
        truncated=kept.truncated,
        body=original,
        rights=kept.rights,
    )


def _poll(kept: Kept, every_ms: Millis | None) -> Poll | None:
    source = source_of(kept)
    if source is None:
        return None
    url = kept.context.first_url or kept.job_url
    host_id = urls.host_id(urls.host(url))
    return Poll(source_id=source, url=url, host_id=host_id, h=urls.url_hash(url), every_ms=every_ms)


def done(kept: Kept) -> Iterator[Address]:
    """Addresses that needn't be asked again, since this visit ended there."""
    if kept.outcome is None or kept.outcome.startswith(_OPEN):
        return
    for url in (kept.job_url, kept.context.first_url, kept.context.via):
        if url is not None:
            yield urls.address(url)


def redirect(kept: Kept) -> tuple[Address, Address] | None:
    """Who points where."""
    return (urls.address(kept.job_url), urls.address(kept.target)) if kept.target else None


def robots(kept: Kept) -> RobotsCopy | None:
    """The copy that an answer for robots.txt makes; None for a redirect, and for an error that says nothing."""
    capture = kept.capture
    if capture.kind is not Kind.ROBOTS or not (kept.robots is not None or 400 <= capture.status < 500):
        return None
    if capture.status == 429:
        return None
    return RobotsCopy(
        origin=urls.origin(kept.job_url),
        host_id=capture.key.host_id,
        status=capture.status,
        body=kept.robots or b"",
        fetched_at=capture.key.fetched_at,
        until=capture.key.fetched_at + ROBOTS_FRESH,
    )
