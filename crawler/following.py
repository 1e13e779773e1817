"""What a source names, as offers: the pages of a feed, a sitemap, a section; and the sitemaps of an index, as sources. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from crawler import urls
from crawler.model import Context, Discovery, Entry, Job, Kind, Millis, Offer, Poll, Source, SourceId, Url
from crawler.polling import until
from crawler.sources.trust import holds
from crawler.terms import Terms

DEEPEST_SITEMAP: Final = 5
"""Levels of sitemap indexes that are followed (S5 of the feed rules; a loop ends here)."""
MOST_SITEMAPS: Final = 2_000
"""Of one index. Each is asked for itself from then on, once a day at least."""
DEEPEST_SHEET: Final = 2
"""A page's style sheet imports one, which imports the last: what that one names isn't asked for."""
MOST_ARCHIVES: Final = 10
"""Documents a feed's past is read from (RFC 5005)."""
PROBES: Final = 3
"""Pages a reading that are asked again because a sitemap says that they changed, as long as that isn't known to be true."""
MOST_CHANGED: Final = 1_000
"""The same, where it is."""
_JUDGED: Final = 20
"""After so many pages one probe a reading is enough: most sites never learn to tell the truth."""


def of_entries(job: Job, entries: Iterable[Entry], terms: Terms) -> tuple[Offer, ...]:
    """The pages of entries: of a new one if it was never seen, of a changed one in any case."""
    linked = (entry for entry in entries if entry.link is not None)
    return tuple(_entry_offer(job, entry, terms.now) for entry in islice(linked, terms.policy.limit))


def _entry_offer(job: Job, entry: Entry, now: Millis) -> Offer:
    context = Context(
        source=_root(job),
        via=job.url,
        guid=entry.guid,
        pub_date=entry.published_raw,
        title=entry.title,
        revisit=entry.changed,
        backfill=entry.backfill,
    )
    return _offer(entry.link or Url(""), Kind.PAGE, job, context, now, gated=not entry.changed)


def of_archive(job: Job, archive: Url | None, now: Millis) -> tuple[Offer, ...]:
    """The document of a feed's older entries, when it is first read, and so on back: to one that is known, or to a depth."""
    if archive is None or not _first_read(job) or job.context.source is None or job.depth >= MOST_ARCHIVES:
        return ()
    context = Context(source=job.context.source, via=job.url, backfill=True)
    return (_offer(archive, Kind.TARGET, job, context, now, gated=True),)


def _first_read(job: Job) -> bool:
    """Whether nothing of the source was known before."""
    return job.kind is Kind.TARGET if job.poll is None else not job.poll.rhythm.at


def of_pages(job: Job, found: Discovery, terms: Terms) -> tuple[Offer, ...]:
    """The pages a sitemap or a section lists, those that were never seen; and behind them some that a sitemap calls changed."""
    plain = Context(source=_root(job), via=job.url, backfill=_first_read(job))
    new = [_offer(link, Kind.PAGE, job, plain, terms.now, gated=True) for link in found.links[: terms.policy.limit]]
    changed = _changed(job.poll, found, terms.now) if job.poll is not None else {}
    again = replace(plain, revisit=True, judges=_root(job), backfill=False)
    return (*new, *(_offer(link, Kind.PAGE, job, again, terms.now, gated=True, since=at) for link, at in changed.items()))


def _changed(poll: Poll, found: Discovery, now: Millis) -> Mapping[Url, Millis]:
    """The pages whose `lastmod` is later than all before, the latest first; at the first reading there is no before."""
    before = poll.rhythm.told
    if not before or not found.told:
        return {}
    newer = [(at, link) for link, at in zip(found.links, found.told, strict=True) if before < at <= until(now)]
    trust = poll.trust
    untold = PROBES if trust.right + trust.wrong < _JUDGED else 1
    most = MOST_CHANGED if holds(trust) else untold
    return {link: at for at, link in sorted(newer, reverse=True)[:most]}


def of_index(job: Job, sitemaps: Sequence[Url], now: Millis) -> tuple[Offer, ...]:
    """The sitemaps of an index that is no source, to be read once; what they are is found out by content."""
    if job.depth >= DEEPEST_SITEMAP or job.poll is not None:
        return ()
    context = Context(source=job.context.source, via=job.url, revisit=True)
    return tuple(_offer(sitemap, Kind.TARGET, job, context, now, gated=False) for sitemap in sitemaps)


def listed(job: Job, sitemaps: Sequence[Url], now: Millis) -> tuple[tuple[Source, Offer], ...]:
    """The sitemaps of an index that is a source: each becomes one, with validators and a rhythm of its own."""
    if job.poll is None or job.depth >= DEEPEST_SITEMAP:
        return ()
    return tuple(_listed(job, sitemap, now) for sitemap in sitemaps[:MOST_SITEMAPS])


def _listed(job: Job, url: Url, now: Millis) -> tuple[Source, Offer]:
    source_id = urls.source_id(url)
    offer = _offer(url, Kind.SITEMAP, job, Context(source=source_id), now, gated=False)
    parent = _root(job)
    child = Source(
        source_id=source_id, kind=Kind.SITEMAP, url=url, host_id=offer.host_id, h=offer.h, origin="index", parent=parent
    )
    return child, offer


def of_assets(job: Job, assets: Sequence[Url], terms: Terms) -> tuple[Offer, ...]:
    """What a page, or a style sheet of it, is drawn with: each if it was never seen. `depth` counts from the page."""
    context = Context(source=_root(job), via=job.url)
    page = job if job.kind is Kind.ASSET else replace(job, depth=0)
    wanted = assets[: terms.policy.most_assets]
    return tuple(_offer(asset, Kind.ASSET, page, context, terms.now, gated=True) for asset in wanted)


def leads_on(kind: Kind, mime: str | None, depth: int) -> bool:
    """Whether what came is read: of assets only style sheets, those of a page and those that they name."""
    return kind is not Kind.ASSET or (mime == "text/css" and depth <= DEEPEST_SHEET)


def _root(job: Job) -> SourceId | None:
    """Whose finds these are: the source somebody named, whatever sitemap of it they stand in."""
    return job.poll.parent if job.poll is not None and job.poll.parent is not None else job.context.source


def _offer(url: Url, kind: Kind, job: Job, context: Context, now: Millis, *, gated: bool, since: Millis = 0) -> Offer:
    host = urls.host(url)
    return Offer(
        host=host,
        host_id=urls.host_id(host),
        h=urls.url_hash(url),
        url=url,
        kind=kind,
        due_at=now,
        depth=job.depth + 1,
        context=context,
        gated=gated,
        since=since,
    )
