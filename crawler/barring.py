"""What was taken down doesn't come back with what is read later: a feed may go on to carry it for weeks. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from crawler import urls
from crawler.model import Decision, HostId, Record, UrlHash
from crawler.model.takedowns import Barred


def named(decisions: Iterable[Decision]) -> tuple[list[tuple[HostId, UrlHash]], list[str]]:
    """The addresses and the articles that decisions speak of."""
    listed = list(decisions)
    links = {entry.link for one in listed for entry in one.entries if entry.link is not None}
    return sorted({urls.address(link) for link in links}), sorted({record.id for one in listed for record in one.records})


def permitted(decision: Decision, barred: Barred) -> Decision:
    """The decision without what was taken down; a record keeps its line, and says nothing but that."""
    if not barred.addresses and not barred.articles:
        return decision
    return replace(
        decision,
        entries=tuple(one for one in decision.entries if one.link is None or urls.address(one.link) not in barred.addresses),
        records=tuple(_bare(record) if record.id in barred.articles else record for record in decision.records),
        articles=tuple(row for row in decision.articles if row.article_id not in barred.articles),
    )


def _bare(record: Record) -> Record:
    return Record(
        id=record.id,
        url=record.url,
        canonical_url=None,
        title=None,
        authors=(),
        published=None,
        modified=None,
        language=None,
        direction=None,
        section=None,
        tags=(),
        site=None,
        source=None,
        summary=None,
        text="",
        words=0,
        image=None,
        links=(),
        rights={},
        found_in={},
        note="taken down",
        feed={},
        capture=replace(record.capture, item=None),
        extractor=record.extractor,
    )
