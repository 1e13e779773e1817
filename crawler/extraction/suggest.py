"""A rule for a page, from what was found in it without one: where it stands, as the shortest selector that finds just that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import dates
from crawler.extraction.words import key
from crawler.model import Article, Rule

MOST_NODES: Final = 20_000
MOST_DROPPED: Final = 12
_LEAST: Final = 0.8
"""Of the paragraphs that are found in a box, so many must lie in one of its children to go on into that."""
_PROBE: Final = 60
_STABLE: Final = re.compile(r"^[a-zA-Z][a-zA-Z_-]*\d{0,2}(?:[-_][a-zA-Z_-]+)*$")
"""A name that a person gave; hashes and counters change with the next page or release."""
_LONGEST: Final = 40
_TEXT: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "script", "style"})
"""What is no stranger by its tag alone."""
_DATES: Final = (("time[datetime]", "datetime"), ("[itemprop=datePublished]", "content"), ("meta[content]", "content"))


def suggest(html: str, article: Article, host: str) -> Rule:
    """A rule for the host of a page; keys for which nothing was found, or no selector, are left out."""
    tree = LexborHTMLParser(html)
    body = _body(tree, article)
    return Rule(
        host=host,
        title=_selected(tree, _saying(tree, article.title or "")),
        authors=_selected(tree, _saying(tree, article.authors[0] if article.authors else ""), alone=False),
        date=_date(tree, article.published),
        body=_selected(tree, body),
        drop=tuple(_strangers(tree, body, article)) if body is not None else (),
    )


def _selected(tree: LexborHTMLParser, node: LexborNode | None, *, alone: bool = True) -> tuple[str, ...]:
    """The shortest selector of which a node is the first match, and the only one where it has to be `alone`.

    Others need a name that somebody gave: a tag alone would find too much on the next page.
    """
    if node is None:
        return ()
    for selector in _selectors(node, tags=alone):
        found = tree.css(selector)
        if found and found[0].mem_id == node.mem_id and (len(found) == 1 or not alone):
            return (selector,)
    return ()


def _selectors(node: LexborNode, *, tags: bool) -> Iterator[str]:
    """Selectors for an element, the shortest first: by itself, then within its parent; with `tags` also by a tag alone."""
    own, parent = list(_names(node)), node.parent
    above = list(_names(parent)) if parent is not None else []
    yield from own if tags else own[:-1]
    yield from (f"{one} {name}" for one in (above if tags else above[:-1]) for name in own)


def _names(node: LexborNode) -> Iterator[str]:
    """Ways to call an element: by what is most its own first."""
    tag = node.tag or "*"
    said = node.attributes
    name = said.get("id") or ""
    if _lasts(name):
        yield f"#{name}"
    for attribute in ("itemprop", "rel"):
        if _lasts(said.get(attribute) or ""):
            yield f"{tag}[{attribute}={said[attribute]}]"
    yield from (f"{tag}.{one}" for one in (said.get("class") or "").split()[:10] if _lasts(one))
    yield tag


def _lasts(name: str) -> bool:
    return len(name) <= _LONGEST and _STABLE.match(name) is not None


def _saying(tree: LexborHTMLParser, text: str) -> LexborNode | None:
    """The innermost element of the body that says a text and nothing else; a heading before others."""
    wanted = key(text)
    if not wanted:
        return None
    saying = [node for node in _within(tree) if _same(node, wanted, len(text))]
    headings = [node for node in saying if node.tag in ("h1", "h2")]
    return next(reversed(headings[:1] or saying[-1:]), None)


def _same(node: LexborNode, wanted: str, length: int) -> bool:
    said = node.text(deep=True, separator=" ")
    return len(said) <= 4 * length + 200 and key(said) == wanted


def _within(tree: LexborHTMLParser) -> list[LexborNode]:
    return tree.css("body *")[:MOST_NODES]


def _date(tree: LexborHTMLParser, published: str | None) -> tuple[str, ...]:
    """Where the day stands in an attribute."""
    for css, attribute in _DATES if published else ():
        for node in tree.css(css):
            when = dates.read((node.attributes.get(attribute) or "")[:100])
            if when is not None and published and when.iso[:10] == published[:10]:
                return tuple(f"{selector}@{attribute}" for selector in _of_date(tree, node))
    return ()


def _of_date(tree: LexborHTMLParser, node: LexborNode) -> tuple[str, ...]:
    for attribute in ("property", "name"):
        if node.tag == "meta" and (named := node.attributes.get(attribute)) and '"' not in named:
            return (f'meta[{attribute}="{named}"]',)
    return _selected(tree, node, alone=False)


def _body(tree: LexborHTMLParser, article: Article) -> LexborNode | None:
    """The innermost element that holds most paragraphs of the text."""
    probes = [key(paragraph[:_PROBE]) for paragraph in article.paragraphs if len(paragraph) > _PROBE]
    node = tree.body
    if not probes or node is None:
        return None
    while (best := max(_children(node), key=_counting(probes), default=None)) is not None:
        if _counting(probes)(best) < _LEAST * _counting(probes)(node):
            break
        node = best
    return None if node.tag == "body" else node


def _counting(probes: Iterable[str]) -> Callable[[LexborNode], int]:
    def count(node: LexborNode) -> int:
        said = key(node.text(deep=True, separator=" "))
        return sum(probe in said for probe in probes)

    return count


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter())


def _strangers(tree: LexborHTMLParser, body: LexborNode, article: Article) -> Iterator[str]:
    """Selectors of elements right in the body that say something of which nothing was kept."""
    kept = key(article.text)
    seen: dict[str, None] = {}
    for child in _children(body):
        said = key(child.text(deep=True, separator=" "))
        if said and said[:_PROBE] not in kept and child.tag not in _TEXT:
            seen |= dict.fromkeys(_selected(tree, child, alone=False))
    yield from list(seen)[:MOST_DROPPED]
