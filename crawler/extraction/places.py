"""Where elements stand, seen from the headline; which of them are other stories', comments or the page's furniture.

An element's distance is how far up one must go from it to a box that holds the headline too: what stands in the same header is
the article's, what stands in a sidebar or a list of stories is far away, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from crawler.extraction.lines import repeats
from crawler.extraction.names import branched

MOST: Final = 40
"""Elements of one kind; more are other stories'."""
_MOST_LEVELS: Final = 30
_MOST_HEADINGS: Final = 12
_NEIGHBOURS: Final = 3
"""Writers of one article stand in boxes at most so many levels apart."""

_FURNITURE: Final = frozenset({"aside", "nav", "footer", "form"})
_QUOTED: Final = frozenset({"blockquote"})
"""A post of somebody else that is shown within an article, with its own date."""
_OTHER_NAMES: Final = r"""
relat(?:ed|ion) recommend recent side-?bar see-?also slider widget(?<!\wwidget)(?<!elementor-widget) comment copyright
card(?<!\wcard) carousel swiper clock(?<!\wclock)(?!\w) current-?(?:date|time) popular prev latest trending teaser ticker
top-?bar today more-?(?:on|from|news) most-?read next-?post breaking
"""
_OTHERS: Final = re.compile(branched(_OTHER_NAMES.split(), 2))


# A page's boxes have fifteen names that the pages before it hadn't.
@lru_cache(maxsize=4096)
def is_other(names: str) -> bool:
    """Whether a box is called one of other stories, of comments, or of today's date."""
    return _OTHERS.search(names.lower()) is not None


class _Where(NamedTuple):
    far: int
    other: bool = False
    apart: bool = False


_LEVELS: Final = tuple(map(_Where, range(2 * _MOST_LEVELS)))
_AFAR: Final = _LEVELS[_MOST_LEVELS]
_FAR: Final = itemgetter(0)


class Place(NamedTuple):
    """Where the headline stands: its boxes, by their identity in the tree."""

    boxes: frozenset[int]
    known: dict[int, _Where]
    """Boxes judged already, the headline's own among them; the tree must not change meanwhile."""


def place(headings: Sequence[LexborNode], title: str | None) -> Place:
    """The boxes around the heading that repeats the title, else around the first one."""
    headings = headings[:_MOST_HEADINGS]
    said = next((node for node in headings if title and repeats(text_of(node, 500), title)), None)
    around = said or next((node for node in headings if node.tag == "h1"), None)
    known: dict[int, _Where] = {}
    for level in _LEVELS:
        if around is None:
            break
        known[around.mem_id] = level
        around = around.parent
    return Place(frozenset(known), known)


def nearest(nodes: Sequence[LexborNode], at: Place, *, anywhere: bool) -> list[tuple[int, LexborNode]]:
    """The article's own with their distance, nearest first; `anywhere`: also in `<aside>` and the like, where bylines are."""
    found = [(far, node) for node in nodes[:MOST] if (far := _distance(node, at, anywhere=anywhere)) is not None]
    return sorted(found, key=_FAR)


def _distance(node: LexborNode, at: Place, *, anywhere: bool) -> int | None:
    """Levels from the headline up to the box that holds both; None for what belongs to another story or to the furniture."""
    where = _where(node, at)
    return None if where.other or (where.apart and not anywhere and where.far > _NEIGHBOURS) else where.far


def _where(node: LexborNode, at: Place) -> _Where:
    """Each box is judged once: elements that stand together share most of those around them."""
    known, chain = at.known, list[LexborNode]()
    around: LexborNode | None = node
    where: _Where | None = None
    while around is not None and (where := known.get(around.mem_id)) is None and len(chain) < _MOST_LEVELS:
        chain.append(around)
        around = around.parent
    judged = where or _AFAR
    for inner in reversed(chain):
        judged = known[inner.mem_id] = _inside(judged, inner)
    return judged


def _inside(outer: _Where, inner: LexborNode) -> _Where:
    """Where an element stands that is in a box: what is true of that one is of it, too, and most boxes add nothing."""
    if outer.other:
        return outer
    attributes, tag = inner.attributes, inner.tag
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if tag in _QUOTED or is_other(names):
        return _Where(outer.far, other=True)
    apart = not outer.apart and (tag in _FURNITURE or "footer" in names)
    return _Where(outer.far, apart=True) if apart else outer


def family_of(node: LexborNode, at: Place) -> int:
    """The identity of the box in which other writers of the same article stand."""
    around = node
    for _ in range(_NEIGHBOURS):
        if around.parent is None or around.parent.mem_id in at.boxes:
            break
        around = around.parent
    return around.mem_id


def within(node: LexborNode, box: int) -> bool:
    """Whether an element is a box, or stands in it; deeper than a family's boxes go it isn't looked."""
    around: LexborNode | None = node
    for _ in range(2 * _NEIGHBOURS + 2):
        if around is None:
            return False
        if around.mem_id == box:
            return True
        around = around.parent
    return False


def text_of(node: LexborNode, longest: int) -> str:
    """The text of an element; nothing if it is longer than anything of its kind."""
    text = " ".join((node.text(deep=True, separator=" ") or "")[: longest * 4].split())
    return text if len(text) <= longest else ""
