"""All that is of a page: its captures, those that hold the same bytes, its articles, and what else holds its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

import msgspec

from crawler import assets, urls
from crawler.archive.members import Piece, pieces
from crawler.archive.names import Names
from crawler.archive.places import Places
from crawler.archive.reading import MemberError, open_file, read_member
from crawler.archive.rebuilding import fields
from crawler.charset import decode
from crawler.messages import header, read_response
from crawler.model import SOURCE_KINDS, Capture, CaptureKey, Kind, Record, SegmentId, Span, Url
from crawler.ports import ArchiveError
from crawler.preflight import objection
from crawler.store.rules import Address
from crawler.store.takedown import Known, Takedowns
from crawler.takedown.copies import Held, Words

_MOST_FEED = 64 << 20
_MOST_MEMBER = 1 << 26
_REDIRECTS = range(300, 400)
_SUCCESS = range(200, 300)
_PAGES = ("text/html", "application/xhtml+xml")
_record = msgspec.json.Decoder(Record).decode


class UnknownError(ArchiveError):
    """Nothing of what is to go is in the archive."""


class Exchange(NamedTuple):
    """An archived exchange with its members."""

    capture: Capture
    members: tuple[Piece, ...]

    def facts(self) -> dict[str, str]:
        """What its metadata record says."""
        said = self.members[-1].member
        return fields(said.block) if said is not None and said.kind == "metadata" else {}


class Elsewhere(NamedTuple):
    """Another capture that holds an article's words."""

    capture: Capture
    held: Held


class Scope(NamedTuple):
    """What an order is to name."""

    urls: frozenset[Url]
    addresses: frozenset[Address]
    """Never asked again."""
    exchanges: dict[CaptureKey, Exchange]
    articles: frozenset[str]
    whole: frozenset[CaptureKey]
    """Exchanges of which every record line goes; of the others, a feed's, only those of these articles."""
    elsewhere: tuple[Elsewhere, ...]
    drawn: tuple[Url, ...] = ()
    """Pictures and the like that were archived for it first; they stay, for other pages may be drawn with them, too."""


class Searcher:
    """Looks in one archive."""

    def __init__(self, root: Path, store: Takedowns) -> None:
        self._root = root
        self._store = store
        self._places = Places(root)
        self.titles: set[str] = set()
        """Headlines of what was looked for."""

    async def scope(self, word: str) -> Scope:
        """What is of a page or an article, by its address or its id.

        Raises:
            ArchiveError: nothing of it is archived, or a file can't be read.
        """
        article = await self._article(word)
        if article is not None and not article.paged:
            return await self._entry(article)
        pages = {article.url, *article.aliases} if article else {urls.parse(word)}
        exchanges = await self._of_pages(pages)
        if not exchanges and article is None:
            raise UnknownError(f"{word}: nothing of it is in the archive; nothing was changed")
        found = frozenset(pages | {one.capture.url for one in exchanges.values()})
        addresses = _addresses(found)
        articles = frozenset([*await self._store.articles_at(addresses), *([article.article_id] if article else [])])
        elsewhere = await self._elsewhere(articles, exchanges)
        drawn = await self._drawn(exchanges, found)
        return Scope(found, addresses, exchanges, articles, frozenset(exchanges), elsewhere, drawn)

    async def taking(self, scope: Scope, others: Iterable[Elsewhere]) -> Scope:
        """With other captures that hold its words, and what repeats these."""
        named = [one.capture for one in others]
        more = {one.key: self._exchange(one) for one in [*named, *await self._store.repeats(one.key for one in named)]}
        return scope._replace(exchanges={**more, **scope.exchanges})

    async def _article(self, word: str) -> Known | None:
        if "://" in word:
            return await self._store.article(urls.article_id(urls.parse(word)))
        article = await self._store.article(word)
        if article is None:
            raise UnknownError(f"{word}: no article has this id; nothing was changed")
        return article

    async def _entry(self, article: Known) -> Scope:
        """A feed's entry without a page: the bodies of the feed are all there is of it."""
        articles = frozenset([article.article_id])
        scope = Scope(frozenset(), frozenset(), {}, articles, frozenset(), ())
        there = [one for one in await self._store.captures_at([article.address]) if _may_hold(one)]
        return scope._replace(elsewhere=tuple(self._holding(there, await self._words(articles))))

    async def _of_pages(self, pages: Iterable[Url]) -> dict[CaptureKey, Exchange]:
        """What came from these addresses or with the same bytes, and the redirects that led there."""
        exchanges = {one.key: self._exchange(one) for one in await self._closure(pages)}
        before = {Url(one.facts()["firstUrl"]) for one in exchanges.values() if "firstUrl" in one.facts()}
        for one in await self._store.captures_at(_addresses(before)):
            if one.status in _REDIRECTS:
                exchanges[one.key] = self._exchange(one)
        return exchanges

    async def _closure(self, pages: Iterable[Url]) -> list[Capture]:
        """Captures of these addresses, and of whatever else came with the same bytes."""
        own = await self._store.captures_at(_addresses(pages))
        good = [one for one in own if one.status in _SUCCESS]
        first = await self._repeated(good)
        repeats = await self._store.repeats(one.key for one in [*own, *first])
        roots = _keys(first) | _keys(one for one in good if one.revisit_of is None)
        needed = _needed(roots, own, repeats)
        kept = [one for one in own if one.key not in needed]
        return [*kept, *first, *(one for one in repeats if one.revisit_of in roots)]

    async def _repeated(self, captures: Iterable[Capture]) -> list[Capture]:
        found = [await self._store.capture(one.revisit_of) for one in captures if one.revisit_of]
        return [one for one in found if one is not None]

    def _exchange(self, capture: Capture) -> Exchange:
        path = self._warc(capture.segment)
        with open_file(path) as file:
            file.seek(capture.offset)
            found = tuple(pieces(file, capture.group_length, len))
        return Exchange(capture, found)

    def _warc(self, segment: SegmentId) -> Path:
        path = self.names(segment).there()
        if path is None:
            raise ArchiveError(f"{self.names(segment).sealed}: isn't there; mount its disk and try again. Nothing was changed")
        return path

    def names(self, segment: SegmentId) -> Names:
        """The paths of a segment."""
        return self._places.names(segment)

    async def _elsewhere(self, articles: frozenset[str], exchanges: dict[CaptureKey, Exchange]) -> tuple[Elsewhere, ...]:
        """Of the lists that led to it, those that hold its words."""
        named = {Url(one.facts()["via"]) for one in exchanges.values() if "via" in one.facts()}
        lists = [one for one in await self._store.captures_at(_addresses(named)) if _may_hold(one) and one.key not in exchanges]
        return tuple(self._holding(lists, await self._words(articles)))

    async def _drawn(self, exchanges: dict[CaptureKey, Exchange], pages: AbstractSet[Url]) -> tuple[Url, ...]:
        needed: set[Url] = set()
        for one in exchanges.values():
            needed.update(self._needs(one.capture))
        known = [one for one in await self._store.captures_at(_addresses(needed)) if one.kind is Kind.ASSET]
        there = [one for one in known if self.names(one.segment).there()]
        return tuple(sorted({one.url for one in there if self._exchange(one).facts().get("via") in pages}))

    def _needs(self, capture: Capture) -> tuple[Url, ...]:
        """What a page is drawn with."""
        if capture.mime not in _PAGES or capture.status not in _SUCCESS:
            return ()
        page = self._text(capture).encode()
        if objection(page) is not None:
            return ()
        return assets.of_page(page, url=capture.url, content_type="text/html; charset=utf-8")

    async def _words(self, articles: frozenset[str]) -> Words:
        return Words(
            [said for line in await self._store.lines(articles) for said in self._said(line.segment, line[2], line[3])]
        )

    def _said(self, segment: SegmentId, offset: int, length: int) -> Iterator[tuple[str | None, str]]:
        path = self.names(segment).records
        if not path.exists():
            return
        with path.open("rb") as file:
            file.seek(offset)
            try:
                record = _record(file.read(length))
            except msgspec.DecodeError:
                return
        self.titles.update([record.title] if record.title else [])
        yield record.title, record.text

    def _holding(self, captures: Iterable[Capture], words: Words) -> Iterator[Elsewhere]:
        for capture in captures:
            held = words.held_by(self._text(capture))
            if held is not None:
                yield Elsewhere(capture, held)

    def _text(self, capture: Capture) -> str:
        span = Span(path=str(self._warc(capture.segment)), offset=capture.offset, length=capture.length)
        try:
            body = read_response(read_member(span, _MOST_MEMBER).block, _MOST_FEED)
        except MemberError:
            return ""
        return decode(body.body, header(body.headers, "content-type"), tld=None).text


def _may_hold(capture: Capture) -> bool:
    lists = capture.kind in SOURCE_KINDS or capture.kind is Kind.TARGET
    return lists and capture.revisit_of is None and capture.status in _SUCCESS


def _keys(captures: Iterable[Capture]) -> set[CaptureKey]:
    return {one.key for one in captures}


def _needed(roots: AbstractSet[CaptureKey], own: Iterable[Capture], repeats: Iterable[Capture]) -> set[CaptureKey | None]:
    """Errors' pages that others refer to: such a page may be that of a thousand addresses, so it stays."""
    theirs = _keys(own)
    return {one.revisit_of for one in repeats if one.revisit_of not in roots and one.key not in theirs}


def _addresses(pages: Iterable[Url]) -> frozenset[Address]:
    return frozenset(map(urls.address, pages))
