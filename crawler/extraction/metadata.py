"""From evidence to fields: each with where it was found, none invented."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from crawler import urls
from crawler.extraction import marks
from crawler.extraction.authors import handle, like_a_name, named, office, offices, people
from crawler.extraction.dateline import Dateline
from crawler.extraction.head import Head, categories, crumbs
from crawler.extraction.head import tags as linked_tags
from crawler.extraction.jsonld import Story
from crawler.extraction.labels import HOME
from crawler.extraction.marks import Byline
from crawler.extraction.nodes import Nodes
from crawler.extraction.words import key

MOST_TAGS: Final = 40
MOST_CHARS: Final = 2_000

_SURE: Final = 0.5
_SHOWN: Final = 0.2
"""How sure an office is that only an element made for writers gives."""
_WRITTEN_BY: Final = frozenset({"written by", "author", "by"})
_AUTHORS_NAMES: Final = (
    "citation_author|citation_authors|dc.creator|dcterms.creator|article:author|byl|parsely-author|sailthru.author|author|"
    "article:byline|article:author_name|og:article:author|dc.contributor|cxenseparse:author|mediator_author|twitter:data1|"
    "dcsext.author|rnews:author|authors|article.author|qc:author|articleauthor"
)
_AUTHORS: Final = tuple(_AUTHORS_NAMES.split("|"))
_FILE: Final = re.compile(r"/([^/?#]{6,}?)(?:[-_]\d{2,4}x\d{2,4})?\.(?:jpe?g|png|webp|avif|gif)", re.IGNORECASE)
"""A picture's file name without the size at its end."""
_OLD_CAPTIONED: Final = re.compile(r"/wp-|\bwp\.com/|wordpress")
"""In the address of a picture that was put into a page by the one system whose figures were once made of other tags."""
_NO_SECTION: Final = frozenset(
    key(word) for word in ("uncategorized", "غير مصنف", "sin categoría", "non classé", "allgemein", "без рубрики")
)

Field = tuple[str, str]
"""A value, and where it was found."""


class Names(NamedTuple):
    """Authors, where they were found, and how sure that is."""

    names: tuple[str, ...]
    where: str
    sure: float


class Sites(NamedTuple):
    """The site's name, and the keys of all names it goes by."""

    name: Field | None
    keys: frozenset[str]


def sites(head: Head, url: str | None) -> Sites:
    """What the site calls itself: OpenGraph, JSON-LD, application-name; its host's label is among the keys."""
    name = _first(
        (
            _meta(head, "og", "og:site_name"),
            (head.story.publisher, "json-ld"),
            _meta(head, "meta", "application-name", "al:android:app_name"),
        )
    )
    names = (
        name[0] if name else "",
        head.story.publisher or "",
        *head.every("og:site_name"),
        *head.every("application-name"),
        (head.first("twitter:site") or ("", ""))[0].lstrip("@"),
    )
    return Sites(name, _keys(names, urls.hostname(url).removeprefix("www.") if url else ""))


# A child reads many pages of few sites in a row.
@lru_cache(maxsize=256)
def _keys(names: tuple[str, ...], host: str) -> frozenset[str]:
    site = urls.site(host) if host else ""
    said = (*names, host, host.partition(".")[0], site, site.partition(".")[0])
    return frozenset([folded for name in said if (folded := key(name))])


def is_sure(found: Names | None) -> bool:
    """Whether the authors are persons for sure, before whom no line around the text is heard."""
    return found is not None and found.sure >= _SURE


def writers(found: Names | None, near: Dateline) -> Names | None:
    """The authors, where the lines around the text are heard too: before a name that isn't sure to be a person's."""
    if near.authors and not is_sure(found):
        return Names(near.authors, "text", 0.7)
    if near.bare and (found is None or found.sure == _SHOWN):
        return Names(near.bare, "text", 0.4)
    return found or (Names((near.office,), "text", _SHOWN) if near.office else None)


def authors(head: Head, known: frozenset[str], seen: Iterable[Byline]) -> Names | None:
    """People that JSON-LD, a meta tag or an element made for them names.

    Where none does, what JSON-LD or a meta tag gives for the author, be it an agency or the paper: said, so not left out, but
    not sure.
    """
    if found := named(head.story.authors, known):
        return Names(found, "json-ld", 0.9)
    if head.story.thread and (nick := next((name for name in head.story.authors if handle(name, known)), None)):
        return Names((nick,), "json-ld", 0.7)
    if head.story.offices:
        known |= frozenset(map(key, head.story.offices))
    metas = head.metas
    tags = [_in_order(metas[name], name) for name in _AUTHORS if name in metas and _is_of_author(head, name)]
    if found := next(filter(None, (named(texts, known) for texts in tags)), ()):
        return Names(found, "meta", 0.8)
    heard = list[Byline]()
    for byline in seen:
        if byline.kind != "office" and (names := _of_byline(byline, known)):
            return names
        heard.append(byline)
    return _office(head.story, tags, heard)


def _office(story: Story, tags: Iterable[tuple[str, ...]], heard: Iterable[Byline]) -> Names | None:
    """An agency, a newsroom or the paper: what is given for the author where nobody is named."""
    if found := offices((*story.authors, *story.offices)):
        return Names(found, "json-ld", 0.3)
    if found := next(filter(None, map(offices, tags)), ()):
        return Names(found, "meta", 0.3)
    shown = ((office(one.texts), one.kind) for one in heard if one.kind != "handle")
    return next((Names((name,), "byline", 0.3 if kind == "office" else _SHOWN) for name, kind in shown if name), None)


def _in_order(texts: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Libraries' tags give "Doe, Jane"."""
    if not name.startswith(("citation_", "dc")):
        return texts
    return tuple(" ".join(reversed(text.split(", "))) if text.count(", ") == 1 else text for text in texts)


def _is_of_author(head: Head, name: str) -> bool:
    """A card of two labels and values may have the author in the first, or the reading time."""
    return name != "twitter:data1" or (head.first("twitter:label1") or ("", ""))[0].lower() in _WRITTEN_BY


def _of_byline(byline: Byline, known: frozenset[str]) -> Names | None:
    found, sure = people(byline.texts, known), byline.kind == "person"
    if names := tuple([name for name in found if like_a_name(name) or (sure and " " not in name)]):
        return Names(names, "byline", 0.7 if sure else 0.5)
    return _nick(byline, known) if byline.kind != "byline" else None


def _nick(byline: Byline, known: frozenset[str]) -> Names | None:
    nick = next((text for text in byline.texts if handle(text, known)), None)
    return Names((nick,), "byline", 0.4) if nick else None


def others(
    head: Head, nodes: Nodes, base: str | None, title: str | None
) -> dict[str, tuple[str | tuple[str, ...], str] | None]:
    """The fields that need nothing but the page's own words: section, tags, lead picture and what is below it, own address."""
    picture = image(head, base)
    return {
        "section": section(head, nodes, title),
        "tags": tags(head, nodes),
        "image": picture,
        "image_caption": caption(head, nodes, picture[0] if picture else None),
        "canonical_url": canonical(head, base),
    }


def section(head: Head, nodes: Nodes, title: str | None) -> Field | None:
    """The section: JSON-LD, `article:section`, the category link, the last step of the breadcrumb trail before the article."""
    said = _meta(
        head, "meta", "article:section", "articlesection", "section", "parsely-section", "cxenseparse:recs:articlesection"
    )
    found = (
        _first(((next(iter(head.story.sections), None), "json-ld"), said))
        or next(((text, "link") for text in categories(nodes)), None)
        or _last_step(head.story.crumbs, title, "json-ld")
        or _last_step(crumbs(nodes.tree), title, "breadcrumb")
    )
    return (found[0][:200], found[1]) if found and key(found[0]) not in _NO_SECTION else None


def _last_step(trail: tuple[str, ...], title: str | None, where: str) -> Field | None:
    own = key(title) if title else None
    named = (step for step in reversed(trail) if len(step) <= 60 and (folded := key(step)) not in HOME and folded != own)
    last = next(named, None)
    return (last, where) if last is not None else None


def tags(head: Head, nodes: Nodes) -> tuple[tuple[str, ...], str] | None:
    """Keywords, in the page's order."""
    for values, where in ((head.every("article:tag") + head.every("og:article:tag"), "og"), (head.story.tags, "json-ld")):
        if kept := _keywords(values):
            return kept, where
    if kept := _keywords(linked_tags(nodes)):
        return kept, "link"
    kept = _keywords(head.every("news_keywords") or head.every("keywords"))
    return (kept, "meta") if kept else None


def _keywords(values: tuple[str, ...]) -> tuple[str, ...]:
    words = values if len(values) > 1 else tuple(part for value in values for part in re.split(r"[,،;、，]", value))
    return tuple(dict.fromkeys(word.strip()[:100] for word in words if word.strip()))[:MOST_TAGS]


def summary(head: Head) -> Field | None:
    """The standfirst as the page gives it to others."""
    found = _first(
        (
            _meta(head, "og", "og:description"),
            _meta(head, "meta", "description"),
            (head.story.summary, "json-ld"),
            _meta(head, "meta", "twitter:description"),
        )
    )
    return (found[0][:MOST_CHARS], found[1]) if found else None


def image(head: Head, base: str | None) -> Field | None:
    """The lead picture, absolute."""
    for field in (
        _meta(head, "og", "og:image", "og:image:url", "og:image:secure_url"),
        (head.story.image, "json-ld"),
        _meta(head, "meta", "twitter:image", "twitter:image:src", "thumbnail"),
    ):
        if field and field[0] and (address := absolute(field[0], base)):
            return address, field[1]
    return None


def caption(head: Head, nodes: Nodes, image: str | None) -> Field | None:
    """What is written below the lead picture: of the figure that shows the same file, or in JSON-LD."""
    file = _FILE.search(image) if image else None
    # Only the lead picture's own figure is wanted, and two pages in five name no file for one.
    if file and (shown := marks.caption(nodes.figures or _old_figures(nodes, file.string), file[1])):
        return shown, "figure"
    return (head.story.caption, "json-ld") if head.story.caption else None


def _old_figures(nodes: Nodes, image: str) -> list[LexborNode]:
    return nodes.tree.css(".wp-caption") if _OLD_CAPTIONED.search(image) else []


def canonical(head: Head, base: str | None) -> Field | None:
    """The address the page says is its own, absolute."""
    for text, where in ((head.canonical, "link"), (next(iter(head.every("og:url")), None), "og")):
        if text and (address := absolute(text, base)):
            return address, where
    return None


def absolute(address: str, base: str | None) -> str | None:
    """An http(s) address without fragment, or None for one that can't be asked for."""
    if address == base:  # most pages name themselves, and `base` was read already
        return address
    try:
        return urls.parse(address.strip(), base)
    except urls.UrlError:
        return None


def _meta(head: Head, where: str, *names: str) -> tuple[str | None, str]:
    found = head.first(*names)
    return (found[0] if found else None), where


def _first(fields: Iterable[tuple[str | None, str]]) -> Field | None:
    return next(((text, where) for text, where in fields if text), None)
