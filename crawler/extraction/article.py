"""Orders the reading of one document: characters, evidence, title, body, and what the lines around the body give away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Final, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawler import rights, urls
from crawler.charset import UTF8, Decoded, decode, is_utf8, noted
from crawler.extraction import (
    adverts,
    blocks,
    body,
    boilerplate,
    head,
    kinds,
    language,
    markdown,
    marks,
    metadata,
    nodes,
    noscript,
    others,
    parts,
    plaintext,
    rules,
    tables,
    times,
    titles,
)
from crawler.extraction.access import access
from crawler.extraction.boilerplate import Known, Line
from crawler.extraction.dateline import Around, around, dateline, source_in
from crawler.extraction.fingerprint import fingerprint
from crawler.extraction.labelled import labelled, usual
from crawler.extraction.metadata import Field
from crawler.extraction.plaintext import Parts
from crawler.model import Article, Picture, Rule

MOST_TEXT: Final = 2_000_000
_MARKUP: Final = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|br|article|section|table|span|h[1-6]|a|ul|script|style|link)[\s>/]",
    re.IGNORECASE,
)
_GLANCE: Final = 256
_SNIFFED: Final = 8_192
"""Bytes in which the first tag stands: of most pages, and of all."""
_TOP: Final = 500

Fields = dict[str, tuple[str | tuple[str, ...], str] | None]
"""Name of a field of `Article` -> its value and where it was found."""


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
    read: Decoded | None = None
    text = data
    if isinstance(data, bytes):  # in UTF-8 the parser wants them as they came
        read = UTF8 if is_html and is_utf8(data) else decode(data, content_type, html=is_html, tld=_tld(base))
        # A parser passes zeros over in a text; here they would be copied with it, and a child has little room.
        text = data if read is UTF8 else read.text.replace("\0", "")
        read = msgspec.structs.replace(read, text="")
    if isinstance(text, str) and not is_html:
        article = _document(_taken(text, base, content_type), headers or {})
    else:
        article = _page(text, base, headers or {}, rule)
    return msgspec.structs.replace(noted(article, read) if read else article, url=url)


def _taken(text: str, base: str | None, content_type: str | None) -> Parts:
    marked = markdown.declared(content_type) or markdown.looks(text)
    return markdown.parts(text, base) if marked else plaintext.parts(text)


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
    picked: rules.Picked
    said: head.Head
    base: str | None
    """What its links are relative to."""
    site: metadata.Sites
    title: Field | None
    summary: Field | None
    authors: metadata.Names | None
    stamps: list[marks.Stamp]


class _Chosen(NamedTuple):
    """Which of its blocks are the text, and what kind of page that makes it."""

    page: blocks.Page
    found: body.Found
    kind: kinds.Kind


def _page(text: bytes | str, url: str | None, headers: Mapping[str, str], rule: Rule | None) -> Article:
    tree = LexborHTMLParser(text)
    picked = rules.pick(tree, rule) if rule else rules.NOTHING
    seen = nodes.find(tree)
    heard = _heard(text, seen, url, picked)
    rest = metadata.others(heard.said, seen, heard.base, _value(heard.title))
    page = noscript.uncovered(text, blocks.parse(tree))  # without menus and scripts from here on
    if heard.title and heard.title[1] == "title":
        shown = titles.as_shown(heard.title[0], (block.text for block in page.blocks[:_TOP]))
        heard = heard._replace(title=(shown, "title"))
    return _told(heard, _chosen(page, heard, url), {**rest, **heard.picked.fields()}, url, headers)


def _heard(page: bytes | str, seen: nodes.Nodes, url: str | None, picked: rules.Picked) -> _Heard:
    said, tree = head.read(seen), seen.tree
    base = (metadata.absolute(said.base, url) if said.base else None) or url
    site = metadata.sites(said, url)
    title = (picked.title, rules.RULE) if picked.title else titles.headline(said, site.keys, front=_is_front(url))
    at = marks.place(seen.headings, _value(title))
    return _Heard(
        page=page,
        picked=picked,
        said=said,
        base=base,
        site=site,
        title=title,
        summary=metadata.summary(said),
        authors=metadata.authors(said, site.keys, marks.bylines(tree, at)),
        stamps=[] if times.settled(said) else marks.stamps(tree, seen.times, at, named=not times.told(said)),
    )


def _chosen(page: blocks.Page, heard: _Heard, url: str | None) -> _Chosen:
    survey = body.surveyed(page, _value(heard.title), _value(heard.summary))
    kind = kinds.judge(page, survey.kept, heard.said, url)
    if heard.picked.body:
        return _Chosen(*rules.whole(heard.picked.body), kind)
    return _Chosen(page, body.find(survey) if kind.reads else others.find(survey, kind.name), kind)


def _told(heard: _Heard, chosen: _Chosen, rest: Fields, url: str | None, headers: Mapping[str, str]) -> Article:
    """The page's article: what it says of itself, and what the lines in and around its text add to that."""
    said, title, site, (page, found, kind) = heard.said, _value(heard.title), heard.site, chosen
    known = Known(title, heard.authors.names if heard.authors else (), site.keys)
    clean = boilerplate.clean(parts.lines(tables.rows(list(adverts.without(found.text))), heard.base), known)
    lines = around(page, found.text, title)
    tongue = _tongue(clean.lines, [*_declared_by(said), *_declared(headers)], said.dir)
    spoken = said.lang or next(map(str, tongue["language"] or ()), None)
    order = language.order(spoken, _tld(heard.base)) or usual(page, [*chain(*lines[:3]), *(s.text for s in heard.stamps)])
    near = dateline(lines, site.keys, order, named=metadata.is_sure(heard.authors))
    writers = metadata.writers(heard.authors, near if kind.reads else near._replace(bare=()))
    published = (
        times.published(said, heard.stamps, near, url, order)
        or times.on_page(labelled(page, order))
        or times.in_scripts(heard.page)
    )
    below = [block.text for block in found.below]
    fields: Fields = {
        "title": heard.title,
        "authors": (writers.names, writers.where) if writers else None,
        "published": _iso(published),
        "modified": _iso(times.modified(said, heard.stamps, near, order)),
        "site": site.name,
        "source": _of_text(clean.source or near.source or source_in(below)) or _of_story(said),
        "summary": heard.summary,
        "kind": (kind.name, kind.where) if found.text else None,
        "access": access(said, clean.lines[-1].text if clean.lines else "", below),
        **tongue,
        **rest,
    }
    sure = {
        "title": titles.sure(said, title) if title else None,
        "authors": writers and writers.sure,
        "published": published and published.sure,
        "kind": kind.sure if found.text else None,
    }
    pictures = parts.pictures(page, found.text, [line.text for line in clean.lines], heard.base)
    signals = rights.of_page(said.metas, said.license) | rights.of_headers(headers)
    return _article(clean.lines, fields, signals, "html", images=pictures, sure=sure)


def _document(taken: Parts, headers: Mapping[str, str]) -> Article:
    clean = boilerplate.clean(taken.lines, Known(taken.title, taken.authors, frozenset()))
    near = dateline(Around([*taken.labels, *clean.above], [], [], [], []), frozenset())
    fields: Fields = {
        "title": _of_text(taken.title),
        "authors": _of_text(near.authors or taken.authors),
        "published": _of_text(near.published.iso if near.published else None),
        "modified": _of_text(near.modified.iso if near.modified else None),
        "section": _of_text(taken.section),
        "source": _of_text(clean.source or near.source),
        **_tongue(clean.lines, _declared(headers), None),
    }
    return _article(clean.lines, fields, rights.of_headers(headers), "text")


def _article(
    lines: list[Line],
    fields: Fields,
    signals: dict[str, str],
    where: str,
    *,
    images: tuple[Picture, ...] = (),
    sure: Mapping[str, float | None] | None = None,
) -> Article:
    composed = parts.compose(lines, MOST_TEXT)
    mark = fingerprint(composed.text)
    found = {name: field for name, field in fields.items() if field is not None}
    return msgspec.convert(
        {
            "text": composed.text,
            "links": composed.links,
            "layout": composed.layout,
            "anchors": composed.anchors,
            "images": images,
            "rights": signals,
            "fingerprint": mark,
            "found_in": {name: place for name, (_, place) in found.items()}
            | ({"text": where} if composed.text else {})
            | ({"fingerprint": "text"} if mark else {}),
            "sure": {name: value for name, value in (sure or {}).items() if value is not None and found[name][1] != rules.RULE},
            "note": None if composed.text else "no running text found",
            **{name: value for name, (value, _) in found.items()},
        },
        Article,
    )


def _tongue(lines: list[Line], declared: list[tuple[str | None, str]], way: str | None) -> Fields:
    """Language and direction, by the letters of the text and what was declared."""
    sample = " ".join(line.text for line in lines)[: language.SAMPLE_CHARS]
    script = language.script(sample)
    direction = language.direction(script, way)
    found = language.language(sample, script, declared)
    return {
        "language": found,
        "language_declared": language.contradicted(_value(found), declared),
        "direction": (direction, "text" if script else "html") if direction else None,
    }


def _declared(headers: Mapping[str, str]) -> list[tuple[str | None, str]]:
    return [(value, "header") for name, value in headers.items() if name.lower() == "content-language"]


def _declared_by(said: head.Head) -> list[tuple[str | None, str]]:
    tags = (("og", "og:locale"), ("meta", "content-language"))
    named = [(value, where) for where, name in tags for value in said.every(name)[:1]]
    return [(said.lang, "html"), (said.story.language, "json-ld"), *named]


def _of_story(said: head.Head) -> Field | None:
    return (said.story.source, "json-ld") if said.story.source else None


def _iso(found: times.Moment | None) -> tuple[str, str] | None:
    return (found.when.iso, found.where) if found else None


def _of_text(value: str | tuple[str, ...] | None) -> tuple[str | tuple[str, ...], str] | None:
    return (value, "text") if value else None


def _value(field: tuple[str, str] | None) -> str | None:
    return field[0] if field else None
