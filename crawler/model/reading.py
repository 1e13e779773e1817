"""Articles, entries, discoveries, records: what was read in a capture."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType, field

from crawler.model.archive import CaptureKey, Span
from crawler.model.base import Kind, Millis, SegmentId, SourceId, Url, Value
from crawler.model.rhythm import Hints
from crawler.model.sources import Assets

PageKind = Literal["article", "listing", "live", "product", "forum", "other"]
"""What a page is: a text of its own, a row of links to others, a live blog, a thing for sale, a talk, anything else."""

Access = Literal["paywalled", "truncated"]
"""Why a text isn't whole: the publisher keeps the rest for subscribers, or shows the beginning only."""


Anchor = tuple[int, int, int]
"""A link within a text: where its words begin and how many characters they are, and the index of its address in `links`."""


class Picture(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A picture within a text."""

    line: int
    """It stands before the line of this number, counted from 0."""
    src: str
    """Absolute."""
    alt: str = ""


class Article(Value, frozen=True, kw_only=True):
    """A page as a human reads it. None and empty mean "not found", never a guess.

    `text` has one paragraph a line and no empty lines.
    """

    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """RFC 3339, with the zone only if the page gave one; a day alone is `YYYY-MM-DD`."""
    modified: str | None = None
    """Likewise; of one page in thirty with a date it is the only one, and then it isn't taken for `published`."""
    language: str | None = None
    """BCP 47, primary tag first."""
    language_declared: str | None = None
    """What the page calls its language, where the letters of its text say otherwise."""
    direction: Literal["rtl", "ltr"] | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    site: str | None = None
    source: str | None = None
    """The outlet the page says it was taken from."""
    summary: str | None = None
    text: str = ""
    image: str | None = None
    image_caption: str | None = None
    kind: PageKind | None = None
    access: Access | None = None
    """None: nothing says that a part is kept back."""
    charset: str | None = None
    """The WHATWG name of the encoding the bytes were read as; `found_in` says by what, `sure` how sure."""
    fingerprint: str | None = None
    """Sixteen hexadecimal digits over the body text; near-duplicates differ in few of their 64 bits."""
    links: tuple[str, ...] = ()
    """Absolute addresses linked from the body text."""
    layout: str = ""
    """What the lines of the text are, in short (`p*3 h2 li*2`; `crawler.layout`); empty: all are paragraphs."""
    anchors: tuple[Anchor, ...] = ()
    """Where in the text links stand, in order."""
    images: tuple[Picture, ...] = ()
    """Pictures within the text, in order."""
    rights: dict[str, str] = field(default_factory=dict)
    """Signals a publisher gives on reuse, recorded and not enforced; `crawler.rights` lists the keys."""
    found_in: dict[str, str] = field(default_factory=dict)
    """For each field that is set: where it was found (`json-ld`, `og`, `meta`, `h1`, `text`, `feed` …)."""
    sure: dict[str, float] = field(default_factory=dict)
    """For fields that were found by more than one kind of evidence, or by weak evidence: how sure, 0 to 1."""
    note: str | None = None
    """Why there is no text."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body text, a paragraph each."""
        return tuple(self.text.splitlines())

    @property
    def date(self) -> str | None:
        """The date it bears, for whoever wants but one: when it was published, else when it was changed last."""
        return self.published or self.modified


class Enclosure(Value, frozen=True, kw_only=True):
    """A file a feed hands out with an item: a podcast's sound, a picture."""

    url: Url
    type: str | None = None
    length: int | None = None
    """Bytes, as the feed says."""


class Entry(Value, frozen=True, kw_only=True):
    """One item of a feed that is new to us or has changed."""

    key: str
    """Identity within its source: guid, else id, else link, else a hash of what it says."""
    item_hash: str
    changed: bool = False
    """Its key is known with another hash."""
    backfill: bool = False
    """Nothing of its source was known before: it is of the source's past, and nobody knows whether it is news."""
    link: Url | None = None
    guid: str | None = None
    title: str | None = None
    published: str | None = None
    """RFC 3339, or None if the feed gave no date that can be read."""
    published_raw: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    article: Article | None = None
    """For an entry without a page of its own: what the feed itself says."""

    @property
    def said(self) -> str:
        """The part of `item_hash` that changes only with what the item says; the rest, with how that is written."""
        return self.item_hash[:32]


class Sums(Value, frozen=True, kw_only=True):
    """What is counted over an article's text (`crawler.sums`)."""

    words: int
    text_hash: str


class Discovery(Value, frozen=True, kw_only=True):
    """What a parser found in one capture. A value also where it found nothing: then `note` says why."""

    found: Literal["article", "feed", "sitemap", "section", "nothing"]
    article: Article | None = None
    sums: Sums | None = None
    """Of `article`, where whoever read it has counted."""
    entries: tuple[Entry, ...] = ()
    """New and changed ones only."""
    items: int = 0
    """All items of the document, known ones too."""
    links: tuple[Url, ...] = ()
    """Pages to visit: of a sitemap or a section page."""
    told: tuple[Millis, ...] = ()
    """When each of `links` was last changed, as a sitemap tells; 0: it doesn't say. Empty: it says so of none."""
    sitemaps: tuple[Url, ...] = ()
    """Children of a sitemap index."""
    feeds: tuple[Url, ...] = ()
    """Autodiscovered."""
    archive: Url | None = None
    """Of a feed: the document its older entries are in."""
    removed: tuple[str, ...] = ()
    """Of a feed: keys of entries it says it took away."""
    sections: tuple[Url, ...] = ()
    """Pages like this one that its menu leads to, where they were asked for."""
    assets: tuple[Url, ...] = ()
    """What it is drawn with, as far as that was asked for; the weightiest first."""
    title: str | None = None
    hints: Hints | None = None
    """What the document says about when to come again; `fresh` is its answer's to say."""
    note: str | None = None
    given_up: bool = False
    """The parser was killed or failed on it; a source is then polled unconditionally next time."""
    blocked: str | None = None
    """Whose challenge this is, where one came with 200 in the place of what was asked for; `note` says so."""


class Rule(Value, frozen=True, kw_only=True):
    """What its operator says of one site's pages, in CSS; of each key the first selector that finds something holds."""

    host: str
    """A host's name, or `*.` and a domain for all below it."""
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    """Elements that go before anything is looked for; all of them hold."""


class Lent(Value, frozen=True, kw_only=True):
    """Bytes in the memory that a child shares with us (`crawler.at_hand`)."""

    at: int
    length: int
    checksum: int
    """Their CRC-32."""


class ParseTask(Value, frozen=True, kw_only=True):
    """One capture to read."""

    span: Span
    url: Url
    """The address the content is read for: links resolve against it."""
    kind: Kind
    known: dict[str, str] = field(default_factory=dict)
    """For a source: entry key -> item hash, as stored."""
    truncated: bool = False
    rule: Rule | None = None
    """What is to be done differently on pages of its site."""
    sections: bool = False
    """Of a section page also the sections its menu leads to are wanted."""
    assets: Assets = "none"
    """What is wanted of what a page is drawn with."""
    lent: Lent | None = None
    """Where the block of that record lies for who may read it sooner than from the archive."""


class Place(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Where the evidence of a record lies."""

    segment: SegmentId
    offset: int
    length: int
    fetched_at: str
    """RFC 3339 with milliseconds, UTC."""
    digest: str | None = None
    status: int = 200
    item: str | None = None
    """The entry key, where a feed entry has no page."""


class Record(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One line of a segment's `.jsonl`: an article and the capture it was read from."""

    schema: int = 1
    id: str
    """Base32 of blake2b-10 over the dedupe key (for an entry without page: the feed's key, NUL, the entry's key)."""
    url: str
    canonical_url: str | None
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    language: str | None
    direction: Literal["rtl", "ltr"] | None
    section: str | None
    tags: tuple[str, ...]
    site: str | None
    source: str | None
    summary: str | None
    text: str
    words: int
    """Runs of letters and digits; in unspaced scripts each character counts."""
    image: str | None
    links: tuple[str, ...]
    rights: dict[str, str]
    found_in: dict[str, str]
    note: str | None
    feed: dict[str, str]
    """`url`, `guid`, `published`, `title` as the feed gave them; empty for a page not found through one."""
    capture: Place
    extractor: str
    """Name and version of what read it."""
    language_declared: str | None = None
    image_caption: str | None = None
    kind: PageKind | None = None
    access: Access | None = None
    charset: str | None = None
    fingerprint: str | None = None
    layout: str = ""
    anchors: tuple[Anchor, ...] = ()
    images: tuple[Picture, ...] = ()
    sure: dict[str, float] = field(default_factory=dict)
    backfill: bool | UnsetType = UNSET
    """Set where its source named it when it was first read: nobody knows whether it was news then."""
    given_up: bool | UnsetType = UNSET
    """Set where the parser was killed or failed on it; `note` says why."""


class ArticleRow(Value, frozen=True, kw_only=True):
    """An article for the catalog; the store finds out whether it is new, a new version or known."""

    article_id: str
    key: CaptureKey
    url: str
    title: str | None
    published: str | None
    language: str | None
    source: SourceId | None
    words: int
    text_hash: str
    """Over normalised headline and text: a new version only where this differs from the last one."""
    fingerprint: str | None = None
    canonical: str | None = None
    """The id of the article this page calls its own, where that is believed and another's."""
    record: int
    """Index of its line among the batch's records of the same segment."""
