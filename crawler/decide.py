"""What follows from what a parser found: commit 2. Pure: no clock, no network, no chance; all of it comes in as arguments."""

from __future__ import annotations

from typing import Final, assert_never

from msgspec.structs import replace

from crawler import following, polling, records, revisits, rhythm
from crawler.model import (
    SOURCE_KINDS,
    Article,
    Decision,
    Discovery,
    Extracted,
    Job,
    Kind,
    Poll,
    Receipt,
    SourceUpdate,
    Trouble,
    Validators,
)
from crawler.polling import BLOCKED_LEAST
from crawler.settle import failure, next_try
from crawler.terms import Terms

EXTRACTOR: Final = "warraq/3"
"""Name and version of the extractor, in each record; raised when its results change."""
_WITHOUT_RECORD: Final = SOURCE_KINDS | {Kind.ASSET}
LISTED: Final = 0.88
"""So sure a page must be a list of others to be left out of the catalog. No page of 925 with an article was taken for a list so
surely by forests that hadn't seen its site; one was at .84."""


def decide(receipt: Receipt, found: Discovery, terms: Terms) -> Decision:
    """All that commit 2 writes about one capture that was read.

    `ArticleRow.record` is the index among this decision's own records; who writes several decisions at once adds up.
    """
    decision = revisits.decided(receipt, _decision(receipt, found, terms), terms)
    if found.assets:
        decision = replace(decision, offers=decision.offers + following.of_assets(receipt.job, found.assets, terms))
    return decision if _followed(receipt.job, terms) else replace(decision, offers=())


def _followed(job: Job, terms: Terms) -> bool:
    """What a one-shot's target names is for that one-shot to fetch, not for a daemon that finds its capture in the outbox."""
    return terms.policy.oneshot or job.kind is not Kind.TARGET or job.context.source is not None


def _decision(receipt: Receipt, found: Discovery, terms: Terms) -> Decision:
    job = receipt.job
    plain = Decision(
        key=receipt.capture.key,
        segment=receipt.capture.segment,
        extracted=Extracted.GIVEN_UP if found.given_up else Extracted.DONE,
        source_id=job.poll.source_id if job.poll else None,
        source=_source_update(receipt, found, terms),
        judges=job.context.judges,
    )
    if found.blocked is not None:
        return _blocked(plain, receipt, found, terms)
    if found.given_up:
        return replace(_unread(plain, receipt, found), failure=failure(job, "unreadable", found.note or "", terms.now))
    return _read(plain, receipt, found, terms)


def _read(plain: Decision, receipt: Receipt, found: Discovery, terms: Terms) -> Decision:
    match found.found:
        case "feed":
            return _feed_read(plain, receipt, found, terms)
        case "sitemap":
            return _sitemap_read(plain, receipt.job, found, terms)
        case "section":
            return replace(plain, entries=found.entries, offers=following.of_pages(receipt.job, found, terms))
        case "article" | "nothing":
            return _page_read(plain, receipt, found)
        case _:
            assert_never(found.found)


def _page_read(plain: Decision, receipt: Receipt, found: Discovery) -> Decision:
    """A page has a record in any case; one without text (it says why) and a list of others are no articles of the catalog."""
    article = found.article
    if article is None:
        return _unread(plain, receipt, found)
    record = records.page_record(receipt, article, EXTRACTOR, found.sums)
    listed = not article.text or lists(article)
    rows = () if listed else (records.catalog_row(record, article, receipt, 0, found.sums),)
    return replace(plain, records=(record,), articles=rows)


def lists(article: Article) -> bool:
    """Whether a page is surely a list of others."""
    return article.kind == "listing" and article.sure.get("kind", 0.0) >= LISTED


def _unread(plain: Decision, receipt: Receipt, found: Discovery) -> Decision:
    if receipt.job.kind in _WITHOUT_RECORD:
        return plain
    note = found.note or "nothing to read"
    return replace(plain, records=(records.unread_record(receipt, note, EXTRACTOR, given_up=found.given_up),))


def _blocked(plain: Decision, receipt: Receipt, found: Discovery, terms: Terms) -> Decision:
    """A challenge in the place of what was asked for: a page is tried again, its host slowed, its source shown as blocked."""
    job = receipt.job
    plain = replace(_unread(plain, receipt, found), strained=True)
    if job.poll is not None:
        return plain
    again = next_try(job, "blocked", terms, most=terms.policy.tries)
    if again is not None:
        return replace(plain, offers=(again,))
    return replace(plain, failure=failure(job, "blocked", found.note or "", terms.now))


def _feed_read(plain: Decision, receipt: Receipt, found: Discovery, terms: Terms) -> Decision:
    own = [entry for entry in found.entries if entry.link is None]
    lines = tuple(records.entry_record(receipt, entry, EXTRACTOR) for entry in own)
    rows = tuple(
        records.catalog_row(line, entry.article, receipt, index)
        for index, (line, entry) in enumerate(zip(lines, own, strict=True))
        if entry.article is not None and entry.article.text
    )
    offers = following.of_entries(receipt.job, found.entries, terms) + following.of_archive(
        receipt.job, found.archive, terms.now
    )
    return replace(plain, entries=found.entries, removed=found.removed, records=lines, articles=rows, offers=offers)


def _sitemap_read(plain: Decision, job: Job, found: Discovery, terms: Terms) -> Decision:
    """Entries first: of an address that is offered twice the first counts, and theirs tells title and date."""
    told = following.of_entries(job, found.entries, terms)
    offers = told + following.of_pages(job, found, terms) + following.of_index(job, found.sitemaps, terms.now)
    return replace(plain, entries=found.entries, offers=offers, found=following.listed(job, found.sitemaps, terms.now))


def _source_update(receipt: Receipt, found: Discovery, terms: Terms) -> SourceUpdate | None:
    """Validators and digest only of a body that was read to the end: else a 304 would lose its entries for ever."""
    poll = receipt.job.poll
    if poll is None:
        return None
    trouble = polling.trouble(found, receipt.job.kind)
    if trouble is not None or found.given_up:
        return _unread_source(receipt, poll, trouble, terms)
    known, moved = polling.at_home(poll, polling.read(receipt, poll, found, terms.now), terms.now)
    return SourceUpdate(
        source_id=poll.source_id,
        captured_at=receipt.capture.key.fetched_at,
        validators=receipt.validators,
        body_digest=receipt.capture.digest,
        next=polling.source_row(receipt.job, poll, polling.due(poll, known, terms).at, moved),
        title=found.title,
        new=sum(not entry.changed and not entry.backfill for entry in found.entries),
        changed=sum(entry.changed for entry in found.entries),
        rhythm=known,
        moved=moved,
    )


def _unread_source(receipt: Receipt, poll: Poll, trouble: Trouble | None, terms: Terms) -> SourceUpdate:
    """What we hold stays as it is; but where the parser gave up the next body is read even if it is the same."""
    known = rhythm.failed(poll.rhythm, terms.now)
    floor = BLOCKED_LEAST if trouble == "blocked" else None
    return SourceUpdate(
        source_id=poll.source_id,
        captured_at=receipt.capture.key.fetched_at,
        validators=poll.validators if trouble else Validators(),
        body_digest=poll.body_digest if trouble else None,
        next=polling.source_row(receipt.job, poll, polling.due(poll, known, terms, floor=floor).at),
        rhythm=known,
        trouble=trouble,
    )
