"""What of a source's finds lies within the bounds that were said of it; and what of a site is watched besides. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from crawler import urls
from crawler.decide import lists
from crawler.model import (
    Context,
    Decision,
    Details,
    Discovery,
    Job,
    Kind,
    Millis,
    Offer,
    PassedOver,
    Receipt,
    Said,
    Source,
    Url,
)
from crawler.polling import moment
from crawler.sources.scope import beyond, outside, unwanted

MOST_SECTIONS: Final = 40
"""Of a site's first page; of one that was found on it a quarter: menus repeat themselves."""
MOST_DEEPER: Final = 10  # of a section's own menu; 40 sections with 40 each would be a crawl of the whole site


def scoped(decision: Decision, receipt: Receipt, found: Discovery, said: Said, now: Millis) -> Decision:
    """A decision without what lies beyond the bounds of its source, and with the sections that were found on a site."""
    if found.found in ("feed", "sitemap", "section"):
        return replace(_pages_within(decision, said, now), found=decision.found + _sections(receipt.job, found, said, now))
    if found.found == "article" and found.article is not None:
        page = _article_within(decision, receipt, said)
        listing = (_section(receipt.job, receipt.capture.url, said.details, 0, now),) if _leads_on(found, said) else ()
        return replace(page, found=page.found + listing)
    return decision


def _pages_within(decision: Decision, said: Said, now: Millis) -> Decision:
    """Its pages but for those whose address or age speaks against them. What isn't offered is known all the same."""
    written = {entry.link: entry.published for entry in decision.entries if entry.link is not None and entry.published}
    whys = [_beyond(offer, said, moment(written.get(offer.url)), now) for offer in decision.offers]
    if not any(whys):
        return decision
    kept = tuple(offer for offer, why in zip(decision.offers, whys, strict=True) if why is None)
    return replace(decision, offers=kept, passed_over=decision.passed_over + _passed(decision.offers, whys))


def _beyond(offer: Offer, said: Said, published: Millis | None, now: Millis) -> str | None:
    if offer.kind is not Kind.PAGE:
        return None
    scope = said.details.scope
    why = outside(scope, offer.url, home=said.url, depth=0) if said.details.site else beyond(scope, offer.url)
    return why or unwanted(scope, published=published, language=None, now=now)


def _passed(offers: Sequence[Offer], whys: Sequence[str | None]) -> tuple[PassedOver, ...]:
    return tuple(
        PassedOver(why=f"{why} of its source", count=count, example=offers[whys.index(why)].url)
        for why, count in Counter(why for why in whys if why).items()
    )


def _article_within(decision: Decision, receipt: Receipt, said: Said) -> Decision:
    """A page that is too old, or in another language, as it says itself, becomes no article; its bytes are archived."""
    at = receipt.capture.key.fetched_at
    for record in decision.records:
        published = moment(record.published)
        why = unwanted(said.details.scope, published=published, language=record.language, now=at)
        if why is not None:
            over = PassedOver(why=f"{why} of its source", count=1, example=receipt.capture.url)
            return replace(decision, records=(), articles=(), offers=(), passed_over=(*decision.passed_over, over))
    return decision


# --- sites -------------------------------------------------------------------------------------------------------------


def _leads_on(found: Discovery, said: Said) -> bool:
    """A page of a site that turned out to be a list of others."""
    return said.details.site and said.details.scope.depth > 0 and found.article is not None and lists(found.article)


def _sections(job: Job, found: Discovery, said: Said, now: Millis) -> tuple[tuple[Source, Offer], ...]:
    """The section pages a site's page leads to: each becomes a source, with a rhythm of its own."""
    details = said.details
    if not details.site or details.scope.depth < 1 or job.poll is None:
        return ()
    most = MOST_SECTIONS if job.poll.parent is None else MOST_DEEPER
    inside = _inside(found.sections, details, said.url)
    return tuple(_section(job, url, details, details.scope.depth - 1, now) for url in inside[:most])


def _inside(sections: Iterable[Url], details: Details, home: Url) -> list[Url]:
    return [url for url in sections if outside(details.scope, url, home=home, depth=0) is None]


def _section(job: Job, url: Url, details: Details, depth: int, now: Millis) -> tuple[Source, Offer]:
    host = urls.host(url)
    poll = job.poll
    # Due at once: the site's own page was read just now, and what is new on its sections is no older.
    child = Source(
        source_id=urls.source_id(url),
        kind=Kind.SECTION,
        url=url,
        host_id=urls.host_id(host),
        h=urls.url_hash(url),
        every_ms=poll.every_ms if poll else None,
        cron=poll.cron if poll else None,
        weight=poll.weight if poll else 1,
        origin="index",
        parent=(poll.parent if poll else None) or job.context.source,
        details=replace(details, scope=replace(details.scope, depth=depth)),
    )
    first = Offer(
        host=host,
        host_id=child.host_id,
        h=child.h,
        url=url,
        kind=Kind.SECTION,
        due_at=now,
        context=Context(source=child.source_id),
        gated=False,
    )
    return child, first
