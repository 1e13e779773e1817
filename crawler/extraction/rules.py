"""What a site's rule picks out of a page. What it doesn't find is found as on any other page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import dates
from crawler.extraction.blocks import Page, parse
from crawler.extraction.body import Found
from crawler.model import Rule
from crawler.rules import parted

MOST_NODES: Final = 200
"""Of a selector; more is no choice."""

RULE: Final = "rule"
"""How `found_in` names it."""


class Picked(NamedTuple):
    """What a rule says of a page; None and empty: nothing."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    body: str | None = None
    """The HTML of what holds the text."""

    def fields(self) -> dict[str, tuple[str | tuple[str, ...], str]]:
        """What stands in the place of what was found, with where it is from."""
        said: dict[str, str | tuple[str, ...] | None] = {"authors": self.authors, "published": self.published}
        return {name: (value, RULE) for name, value in said.items() if value}


NOTHING: Final = Picked()


def pick(tree: LexborHTMLParser, rule: Rule) -> Picked:
    """Take out what the rule drops, and find what it names; of each key the first selector that finds something holds."""
    for selector in rule.drop:
        for node in reversed(tree.css(parted(selector)[0])):  # inner ones first: never touch a destroyed node
            node.decompose()
    return Picked(
        title=next(_said(tree, rule.title), None),
        authors=tuple(dict.fromkeys(_said(tree, rule.authors))),
        published=next((when.iso for text in _said(tree, rule.date) if (when := dates.read(text))), None),
        body="".join(node.html or "" for node in _outermost(tree, rule.body)) or None,
    )


def whole(body: str) -> tuple[Page, Found]:
    """All of a body that was picked, as its text."""
    page = parse(LexborHTMLParser(f"<body>{body}"))
    return page, Found(page.blocks, [])


def counts(tree: LexborHTMLParser, rule: Rule) -> Iterator[tuple[str, str, int]]:
    """For each selector: its key, itself, how many elements it finds."""
    for key in ("drop", "title", "authors", "date", "body"):
        for selector in getattr(rule, key):
            yield key, selector, len(tree.css(parted(selector)[0]))


def _said(tree: LexborHTMLParser, selectors: Sequence[str]) -> Iterator[str]:
    """What the elements of the first selector that finds something say."""
    for selector in selectors:
        css, attribute = parted(selector)
        nodes = tree.css(css)[:MOST_NODES]
        said = [" ".join(_words(node, attribute).split()) for node in nodes]
        if any(said):
            yield from filter(None, said)
            return


def _words(node: LexborNode, attribute: str | None) -> str:
    return (node.attributes.get(attribute) or "") if attribute else node.text(deep=True, separator=" ")


def _outermost(tree: LexborHTMLParser, selectors: Sequence[str]) -> list[LexborNode]:
    """The elements of the first selector that finds some, none of them within another."""
    for selector in selectors:
        kept: list[LexborNode] = []
        ids: set[int] = set()
        for node in tree.css(parted(selector)[0])[:MOST_NODES]:
            if not any(above.mem_id in ids for above in _above(node)):
                kept.append(node)
                ids.add(node.mem_id)
        if kept:
            return kept
    return []


def _above(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
