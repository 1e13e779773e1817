"""What every feed format has in common: items, their identity, and which of them are news to us."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, Literal

import msgspec

from crawler import dates
from crawler.charset import Decoded
from crawler.extraction.fragment import fragment
from crawler.model import Article, Enclosure, Entry, Hints, Url, Value
from crawler.sources import markup
from crawler.sources.history import MOST_REMOVED
from crawler.urls import dedupe_key

HASH_DIGITS: Final = 32
"""Of an item hash that tell what the item says; what follows is its mark, which tells how that is written."""
MOST_ITEMS: Final = 20_000
"""Of one document; those behind are not read."""
_MOST_KEY: Final = 2_000  # characters of a guid; a longer one is cut and its hash put behind
_MOST_TITLE: Final = 1_000  # feeds of short messages put the whole text there
_SCHEME: Final = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_FIELDS: Final = ("title", "authors", "published", "language", "tags", "summary", "text", "links")


class Item(Value, frozen=True, kw_only=True):
    """One item of a feed, as it says itself."""

    guid: str | None = None
    """Verbatim; None if there is none or it is blank."""
    link: Url | None = None
    title: str | None = None
    date: str | None = None
    """When it was published, as written there."""
    body: str = ""
    """HTML, or plain text if `plain`."""
    plain: bool = False
    summary: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    thumbnails: tuple[Enclosure, ...] = ()
    """Not part of what an item says: sites resize them at will."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    base: str = ""
    """What links in the body are relative to."""
    mark: str = ""
    """A hash of how it stands in the document (see `delta`), where that is known."""


class Document(Value, frozen=True, kw_only=True):
    """A feed as it was read."""

    items: tuple[Item, ...] = ()
    title: str | None = None
    hints: Hints | None = None
    archive: Url | None = None
    """Where its older items are."""
    removed: tuple[str, ...] = ()
    """Ids of items it took away."""
    complete: bool = False
    """It says that it holds all items there are."""
    note: str | None = None
    passed: int = 0
    """Known items that were passed over; they are not in `items`."""
    read_as: Decoded | None = None
    """How its bytes were read; without the text."""


def news(items: Sequence[Item], known: Mapping[str, str]) -> tuple[Entry, ...]:
    """Entries of the items that are new or changed, in the order of the document; `known` maps keys to item hashes."""
    fresh: dict[str, Entry] = {}
    identified = list(_identified(items))
    keys = {key for _, key, _ in identified}
    names = _known_names(keys, known)
    for item, own, digest in identified:
        key = names.pop(own, own)
        # Under its guid alone, or with its link, where others claim that guid now or claimed it before.
        others = {str(item.guid), f"{item.guid}\n{item.link}"} - keys
        told = {known[name][:HASH_DIGITS] for name in (key, *others) if name in known}
        if digest not in told and key not in fresh:
            fresh[key] = _entry(item, key, digest + item.mark, known)
    return tuple(fresh.values())


def gone(items: Sequence[Item], known: Mapping[str, str]) -> tuple[str, ...]:
    """Which known keys none of these items claims: taken away, where the document holds all items there are."""
    there = {claim(key) for _, key, _ in _identified(items)}
    return tuple(key for key in known if claim(key) not in there)[:MOST_REMOVED]


def _known_names(keys: set[str], known: Mapping[str, str]) -> dict[str, str]:
    """Keys that are known by another name: a site that moves to https or drops its `www.` brings no new entries.

    Each known name stands for one key at most, and never for one that the document has besides.
    """
    new = {_alias(key): key for key in sorted(keys - known.keys()) if _SCHEME.match(key)} if known else {}
    if not new:
        return {}
    free = {_alias(key): key for key in known if key not in keys and _SCHEME.match(key)}
    return {key: free[alias] for alias, key in new.items() if alias in free}


def _alias(key: str) -> str:
    return _SCHEME.sub("", key)


def claim(key: str) -> str:
    """What an item is known by, told from its key, without what tells it from others: items that share it are one matter."""
    return _alias(key.partition("\n")[0])[: _MOST_KEY - 20]


def plain_key(item: Item) -> str:
    """An item's key where no other one of its document claims the same."""
    return _key(item, shared=False)


def item_hash(item: Item) -> str:
    """What an item says, as `HASH_DIGITS` hex digits. Dates do not count: feeds touch them without a change."""
    link = _alias(dedupe_key(item.link)) if item.link else None
    files = [enclosure.url for enclosure in item.enclosures]
    said = msgspec.json.encode([item.title, link, item.body, item.summary, files])
    return blake2b(said, digest_size=16).hexdigest()


def _identified(items: Sequence[Item]) -> Iterator[tuple[Item, str, str]]:
    """Each item with its key and hash; keys are unique but for items that are the same in all.

    A guid that several items of the document claim is told apart by their links, and what is left by its position.
    """
    claims = Counter(item.guid for item in items if item.guid)
    taken: dict[tuple[str, str], str] = {}
    bearers: Counter[str] = Counter()
    for item in items:
        digest = item_hash(item)
        wanted = _key(item, shared=item.guid is not None and claims[item.guid] > 1)
        if (wanted, digest) not in taken:
            bearers[wanted] += 1
            taken[wanted, digest] = wanted if bearers[wanted] == 1 else f"{wanted}\n{bearers[wanted]}"
        yield item, taken[wanted, digest], digest


def _key(item: Item, *, shared: bool) -> str:
    if item.guid and shared and item.link:
        return _cut(f"{item.guid}\n{item.link}")
    if item.guid or item.link:
        return _cut(item.guid or str(item.link))
    said = msgspec.json.encode([item.title, item.date, item.body or item.summary])
    return f"hash:{blake2b(said, digest_size=16).hexdigest()}"


def _cut(key: str) -> str:
    if len(key) <= _MOST_KEY:
        return key
    return key[:_MOST_KEY] + blake2b(key.encode(), digest_size=16).hexdigest()


def _entry(item: Item, key: str, digest: str, known: Mapping[str, str]) -> Entry:
    when = dates.read(item.date) if item.date else None
    published = when.iso if when else None
    return Entry(
        key=key,
        item_hash=digest,
        changed=key in known,
        backfill=not known,
        link=item.link,
        guid=item.guid,
        title=_title(item),
        published=published,
        published_raw=item.date,
        enclosures=item.enclosures + item.thumbnails,
        article=None if item.link else _article(item, published),
    )


def _article(item: Item, published: str | None) -> Article:
    """What the feed itself says of an item that has no page."""
    html = item.body or item.summary
    read = Article(text=markup.lines(html)) if item.plain else _set(html, item.base)
    said = msgspec.structs.replace(
        read,
        title=_title(item),
        authors=item.authors,
        published=published,
        language=item.language,
        direction=direction(read.text or item.title or ""),
        tags=item.tags,
        summary=_summary(item),
        note=None if read.text else "the feed gives no text for this entry, and no page",
    )
    found_in = {name: "feed" for name in _FIELDS if getattr(said, name)} | ({"direction": "text"} if said.direction else {})
    return msgspec.structs.replace(said, found_in=found_in)


def _title(item: Item) -> str | None:
    return item.title[:_MOST_TITLE] if item.title else None


def _summary(item: Item) -> str | None:
    """None where it is all there is: then it is the text."""
    return markup.words(item.summary) or None if item.body and item.summary != item.body else None


def _set(html: str, base: str | None) -> Article:
    return Article(text=markup.paragraphs(html)) if markup.freezes(html) else fragment(html, base)


def direction(text: str) -> Literal["rtl", "ltr"] | None:
    """The direction most letters of a text run in (Unicode bidi classes); None where there are none."""
    classes = Counter(unicodedata.bidirectional(char) for char in text[:4_000])
    right, left = classes["R"] + classes["AL"], classes["L"]
    if not right and not left:
        return None
    return "rtl" if right > left else "ltr"
