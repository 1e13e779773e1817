"""Orders the reading of one document: characters, evidence, title, body, and what the lines around the body give away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Final, NamedTuple

import msgspec
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from crawler import rights, urls
from crawler.charset import UTF8, Decoded, decode, is_utf8, noted
from crawler.dates import Order
from crawler.extraction import (
    adverts,
    blocks,
    body,
    boilerplate,
    document,
    fields,
    head,
    kinds,
    language,
    marks,
    metadata,
    nodes,
    noscript,
    others,
    parts,
    places,
    rules,
    scripted,
    tables,
    times,
    titles,
    twice,
    unseen,
)
from crawler.extraction.access import access
from crawler.extraction.around import around
from crawler.extraction.boilerplate import Cleaned, Known
from crawler.extraction.dateline import Dateline, dateline, source_in
from crawler.extraction.fields import Declared, Fields, Value, field, value
from crawler.extraction.labelled import labelled, usual
from crawler.extraction.metadata import Field
from crawler.model import Article, Rule

_MARKUP: Final = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|br|article|section|table|span|h[1-6]|a|ul|script|style|link)[\s>/]",
    re.IGNORECASE,
)
_GLANCE: Final = 256
_SNIFFED: Final = 8_192
"""Bytes in which the first tag stands: of most pages, and of all."""
_TOP: Final = 500
_NO_EVENTS: Final = int(LexborDocumentOptions.WO_EVENTS)
"""The parser needn't show what is chosen of a `<select>`, which is taken out: three hundredths of its time."""


def extract(
    data: bytes | str,
    url: str | None = None,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    rule: Rule | None = None,
) -> Article:
    """Read an article from a page or a plain text.

    Bad input is an Article too: fields that aren't there are None or empty, and without text `note` says why. Text given as
    `str` is taken as it is; bytes are decoded by `crawler.charset`. `url` is the address links resolve against; `headers`
    (any case) may tell the language and the signals on reuse. What a `rule` for the site finds goes before what we find.
    """
    base = metadata.absolute(url, None) if url else None
    is_html = _is_html(data, content_type)
    text, read = (data, None) if isinstance(data, str) else _decoded(data, content_type, _tld(base), html=is_html)
    if is_html or isinstance(text, bytes):
        article = _page(text, base, headers or {}, rule)
    else:
        article = document.read(text, base, content_type, headers or {})
    return msgspec.structs.replace(noted(article, read) if read else article, url=url)


def _decoded(data: bytes, content_type: str | None, tld: str | None, *, html: bool) -> tuple[bytes | str, Decoded]:
    """The text of some bytes, and how that was found; a page in UTF-8 as it came, for so the parser wants it."""
    if html and is_utf8(data):
        return data, UTF8
    read = decode(data, content_type, html=html, tld=tld)
    # A parser passes zeros over in a text; here they would be copied with it, and a child has little room.
    return read.text.replace("\0", ""), msgspec.structs.replace(read, text="")


def _is_html(data: bytes | str, content_type: str | None) -> bool:
    """As declared, but not without a single `<`; undeclared, by a tag in the first kilobytes."""
    mime = (content_type or "").partition(";")[0].strip().lower()
    if mime in ("text/plain", "text/markdown"):
        return False
    if mime:
        return ("<" in data) if isinstance(data, str) else (b"<" in data)
    return any(_marked_up(data[:size]) for size in (_GLANCE, _SNIFFED))


def _marked_up(start: bytes | str) -> bool:
    return bool(_MARKUP.search(start if isinstance(start, str) else start.replace(b"\0", b"").decode("latin-1")))


def _is_front(url: str | None) -> bool:
    return url is not None and url.endswith("/") and url.count("/") == 3


def _tld(url: str | None) -> str | None:
    return urls.hostname(url).rpartition(".")[2] if url else None


class _Heard(NamedTuple):
    """What a page says of itself outside of its text."""

    page: bytes | str
    url: str | None
    headers: Mapping[str, str]
    """It was sent with."""
    picked: rules.Picked
    seen: nodes.Nodes
    said: head.Head
    base: str | None
    """What its links are relative to."""
    site: metadata.Sites
    title: Field | None
    summary: Field | None
    authors: metadata.Names | None
    stamps: list[marks.Stamp]
    rest: Fields
    """Those of its fields that nothing else has a say in."""


class _Chosen(NamedTuple):
    """Which of its blocks are the text, and what kind of page that makes it."""

    page: blocks.Page
    found: body.Found
    kind: kinds.Kind


class _Text(NamedTuple):
    """The lines that are the text's own, and what those around it say."""

    clean: Cleaned
    tongue: Fields
    order: Order | None
    """Of day and month, where the page writes both in figures."""
    near: Dateline
    below: list[str]
    """Short lines right after it."""
    source: str | None
    """The outlet that any of them names."""


def _page(text: bytes | str, url: str | None, headers: Mapping[str, str], rule: Rule | None) -> Article:
    heard, own = _seen(text, url, headers, rule)
    # To look at all bytes of all pages would take a fiftieth of their time.
    if twice.is_seen("\n".join([block.text for block in own.blocks])):
        return twice.noted(_read(*_seen(twice.once(text), url, headers, rule)))
    return _read(heard, own)


def _seen(text: bytes | str, url: str | None, headers: Mapping[str, str], rule: Rule | None) -> tuple[_Heard, blocks.Page]:
    """What a page says of itself, and what it shows."""
    tree = LexborHTMLParser(text, options=_NO_EVENTS)
    heard = _heard(text, tree, url, headers, rule)
    return heard, noscript.uncovered(text, blocks.parse(tree, heard.seen.left_out))  # without menus and scripts from here on


def _read(heard: _Heard, own: blocks.Page) -> Article:
    """The article of a page, in its `own` blocks or in those a script of it would draw."""
    page = scripted.drawn(heard.page, own)
    if heard.title and heard.title[1] == "title":
        shown = titles.as_shown(heard.title[0], (block.text for block in page.blocks[:_TOP]))
        heard = heard._replace(title=(shown, "title"))
    return _told(heard, _chosen(page, heard), "html" if page is own else "script")


def _heard(page: bytes | str, tree: LexborHTMLParser, url: str | None, headers: Mapping[str, str], rule: Rule | None) -> _Heard:
    picked = rules.pick(tree, rule) if rule else rules.NOTHING
    seen = nodes.find(tree)
    said = head.read(seen)
    base = (metadata.absolute(said.base, url) if said.base else None) or url
    site = metadata.sites(said, url)
    title = (picked.title, rules.RULE) if picked.title else titles.headline(said, site.keys, front=_is_front(url))
    at = places.place(seen.headings, value(title))
    return _Heard(
        page=page,
        url=url,
        headers=headers,
        picked=picked,
        seen=seen,
        said=said,
        base=base,
        site=site,
        title=title,
        summary=metadata.summary(said),
        authors=metadata.authors(said, site.keys, marks.bylines(tree, at, urls.hostname(url) if url else None)),
        stamps=[] if times.settled(said) else marks.stamps(tree, seen.times, at, named=not times.told(said)),
        rest={**metadata.others(said, seen, base, value(title)), **picked.fields()},
    )


def _chosen(page: blocks.Page, heard: _Heard) -> _Chosen:
    survey = body.surveyed(page, value(heard.title), value(heard.summary))
    kind = kinds.judge(page, survey.kept, heard.said, heard.url)
    if heard.picked.body:
        return _Chosen(*rules.whole(heard.picked.body), kind)
    return _Chosen(page, body.find(survey) if kind.reads else others.find(survey, kind.name), kind)


def _told(heard: _Heard, chosen: _Chosen, where: str) -> Article:
    """The page's article: what it says of itself, and what the lines in and around its text, found `where`, add to that."""
    said, title, (page, found, kind) = heard.said, value(heard.title), chosen
    text = _text(heard, chosen)
    lines = text.clean.lines
    writers = metadata.writers(heard.authors, text.near if kind.reads else text.near._replace(bare=()))
    published = _published(heard, page, text)
    told: Fields = {
        "title": heard.title,
        "authors": (writers.names, writers.where) if writers else None,
        "published": _iso(published),
        "modified": _iso(times.modified(said, heard.stamps, text.near, text.order)),
        "site": heard.site.name,
        "source": _source(said, text),
        "summary": heard.summary,
        "kind": (kind.name, kind.where) if found.text else None,
        "access": access(said, lines[-1].text if lines else "", text.below),
        **text.tongue,
        **heard.rest,
    }
    sure = {
        "title": titles.sure(said, title) if title else None,
        "authors": writers and writers.sure,
        "published": published and published.sure,
        "kind": kind.sure,
    }
    pictures = parts.pictures(page, found.text, [line.text for line in lines], heard.base)
    signals = rights.of_page(said.metas, said.license) | rights.of_headers(heard.headers)
    return fields.article(lines, told, signals, where, images=pictures, sure=sure)


def _text(heard: _Heard, chosen: _Chosen) -> _Text:
    said, title, (page, found, _) = heard.said, value(heard.title), chosen
    known = Known(title, heard.authors.names if heard.authors else (), heard.site.keys)
    clean = boilerplate.clean(parts.lines(tables.rows(list(unseen.without(adverts.without(found.text)))), heard.base), known)
    lines = around(page, found.text, title)
    tongue = fields.tongue(clean.lines, [*_declared_by(said), *fields.declared(heard.headers)], said.dir)
    spoken = said.lang or next(map(str, tongue["language"] or ()), None)
    asked = [*chain(*lines[:3]), *(stamp.text for stamp in heard.stamps)]
    order = language.order(spoken, _tld(heard.base)) or usual(page, asked)
    near = dateline(lines, heard.site.keys, order, named=metadata.is_sure(heard.authors))
    below = [block.text for block in found.below]
    source = clean.source or near.source or source_in([text for text in below if text not in lines.below])
    return _Text(clean, tongue, order, near, below, source)


def _published(heard: _Heard, page: blocks.Page, text: _Text) -> times.Moment | None:
    """When it came out. A label far from the text, and the data of programs, are heard only where all else is silent."""
    return (
        times.published(heard.said, heard.stamps, text.near, heard.url, text.order)
        or times.on_page(labelled(page, text.order))
        or times.in_scripts(heard.page)
    )


def _source(said: head.Head, text: _Text) -> tuple[Value, str] | None:
    return field(text.source, "text") or field(said.story.source, "json-ld")


def _declared_by(said: head.Head) -> Declared:
    tags = (("og", "og:locale"), ("meta", "content-language"))
    named = [(value, where) for where, name in tags for value in said.every(name)[:1]]
    return [(said.lang, "html"), (said.story.language, "json-ld"), *named]


def _iso(found: times.Moment | None) -> tuple[str, str] | None:
    return (found.when.iso, found.where) if found else None
