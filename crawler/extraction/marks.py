"""Elements made for writers and dates, nearest to the headline first; those of other stories and of comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.places import MOST, Place, family_of, nearest, text_of, within
from crawler.extraction.words import fold
from crawler.model import Value

_MOST_FIGURES: Final = 12
_BESIDE: Final = 200

_MARKED: Final = '[rel~="author"],[itemprop~="author"]'
_MOST_LINKS: Final = 5 * MOST
_MOST_LEVELS: Final = 30
_OFFICE: Final = "organization"
"""What schema.org calls an agency or a paper."""
# Each `*=` costs a twentieth of parsing the page, a tag's name nothing: so queries ask for more, and Python looks closer.
_LINKS: Final = "a"
_REST: Final = r"\w{0,8}(?:\.\w{3,4}(?=[?/]))?[/?&=+-]"
_OF_PERSON: Final = re.compile(
    rf"/(?:aut(?:h?or|eur)(?!i[sz]|it){_REST}|staff/|people/|journalist{_REST}|reporter{_REST}|profile{_REST}|by/"
    rf"|contributor{_REST}|columnist{_REST}|writer{_REST}|editors/|yazar{_REST})(?P<who>.+)"
)
"""The name stands behind the word: `/people/` and `/opinion/columnists` are sections. In one row: nested it takes half as
long again."""
_BYLINES: Final = '[class*="byline" i],[class*="aut" i]'
_RARER: Final = '[class*="er" i]'
_RARER_NAMES: Final = ("writer", "reporter", "username")
_WRITER: Final = re.compile("writer|reporter", re.IGNORECASE)
_HANDLE: Final = "username"
_CALLED: Final = re.compile(r"byline|author|autor(?!i)|auteur|writer|reporter|journalist|\beditor\b", re.IGNORECASE)
_MENU: Final = re.compile(r"[Mm]enu|[Nn]av(?:igation|bar)|[Dd]ropdown|(?<![A-Za-z])nav(?![a-z])|Nav(?![a-z])")
_OF_MEMBER: Final = re.compile(r"/(?:members|users?|u)/(?P<who>.+)")
_ENTRANCE: Final = re.compile(r"/(?:log[-_]?in|sign[-_]?(?:in|up|on)|regist|account|subscri)")
_HOST: Final = re.compile(r"(?:https?:)?//([^/?#:]+)", re.IGNORECASE)
_NAMES: Final = '[itemprop="name"],[rel~="author"],.fn,[class*="name" i],a[href*="/author" i],a[href*="/autor" i]'
_DATELINES: Final = '[class*="date" i],[class*="time" i],[class*="publish" i],[id*="date" i],[id*="time" i]'
"""What is only called published, or a time by its id, tells a day on two of 2,703 pages, and on one nothing else does."""

_OF_CHANGE: Final = re.compile("modif|updat|lastmod")


class Stamp(Value, frozen=True, kw_only=True):
    """An element that is made for a date."""

    text: str
    said: str
    """The text of the element around it, if that is short: "Updated: May 3, 2022"."""
    machine: str
    """Its `datetime` or `content`."""
    modified: bool
    first: bool = False
    """schema.org's `datePublished`."""
    sure: bool
    """It is a `<time>` or schema.org's, not only called so."""
    far: int
    """Levels from the headline up to the box that holds both."""


Kind = Literal["person", "byline", "handle", "office"]
"""Marked up or linked as a person; only called a byline; a name people take in a forum; marked up as an organisation."""


class Byline(NamedTuple):
    """What an element made for writers says."""

    texts: tuple[str, ...]
    kind: Kind


def bylines(tree: LexborHTMLParser, at: Place, home: str | None) -> Iterator[Byline]:
    """Elements for writers, neighbours together: those marked up as persons first, then the nearest to the headline.

    `home` is the page's host: a member of another site, as its own page at a network, wrote nothing here.
    """
    marked = _own(tree.css(_MARKED), at, anywhere=True)
    yield from _bylines([node for node in marked if not _is_office(node)], at, "person")
    links = _Links(tree)
    people = [node for node in links.to(_OF_PERSON)[:_MOST_LINKS] if _is_person(node) and not _is_else(node, at)]
    yield from _bylines(_own(people, at, anywhere=True), at, "person")
    yield from _bylines(_called(tree.css(_BYLINES), at), at, "byline")
    rarer = _rarer(tree)
    yield from _bylines(_called([node for node in rarer if _is_writers(node)], at), at, "byline")
    handles = [node for node in rarer if _is_handle(node)]
    members = [node for node in links.to(_OF_MEMBER)[:_MOST_LINKS] if _is_member(node) and not _is_else(node, at)]
    for node in _own([*handles, *members], at, anywhere=False):
        if _is_at_home(node, home):
            yield Byline(tuple(_own_names(node)), "handle")
    yield from _bylines([node for node in marked if _is_office(node)], at, "office")


def _rarer(tree: LexborHTMLParser) -> list[LexborNode]:
    """Elements for what most pages have none of, a writer or a member's name. To ask for each name takes half as long again."""
    likely = tree.css(_RARER)
    names = " ".join([node.attrs.sget("class") for node in likely]).lower()
    return likely if any(name in names for name in _RARER_NAMES) else []


def _called(nodes: Sequence[LexborNode], at: Place) -> list[LexborNode]:
    """Those that are called a writer's; of what has `aut` in its classes half is set to `auto`, and no place is looked for."""
    called = _own([node for node in nodes[:MOST] if _is_called_writer(node)], at, anywhere=False)
    return [node for node in called if not _is_entrance(node)]


def _own(nodes: Sequence[LexborNode], at: Place, *, anywhere: bool) -> list[LexborNode]:
    return [node for _, node in nearest(nodes, at, anywhere=anywhere)] if nodes else []


def _bylines(nodes: list[LexborNode], at: Place, kind: Kind) -> Iterator[Byline]:
    return (Byline(tuple([text for node in together for text in _own_names(node)]), kind) for together in _families(nodes, at))


def _families(nodes: list[LexborNode], at: Place) -> Iterator[list[LexborNode]]:
    """Writers of one article together, the nearest first."""
    while nodes:
        family = family_of(nodes[0], at)
        yield [node for node in nodes if within(node, family)]
        nodes = [node for node in nodes if not within(node, family)]


class _Links:
    """The links of a page and their addresses; most pages have none that leads to a person."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._nodes = tree.tags(_LINKS)
        self._addresses = [node.attrs.sget("href") for node in self._nodes]
        self._all = "\n".join(self._addresses).lower()

    def to(self, wanted: re.Pattern[str]) -> list[LexborNode]:
        """Those whose address, in small letters, has what is wanted."""
        if not wanted.search(self._all):
            return []
        return [node for node, address in zip(self._nodes, self._addresses, strict=True) if wanted.search(address.lower())]


def caption(figures: Sequence[LexborNode], file: str) -> str | None:
    """What is written below the first of some pictures that shows a file and has a caption."""
    for node in figures[:_MOST_FIGURES]:
        if any(file in address for address in _sources(node)):
            below = node.css_first("figcaption,[class*='caption-text'],[class*='image-caption']")
            if below is not None and (said := text_of(below, 600)):
                return said
    return None


def _sources(figure: LexborNode) -> Iterator[str]:
    """The addresses of a figure's pictures, as they stand there."""
    for image in figure.css("img,source")[:6]:
        attributes = image.attributes
        yield from (value for name in ("src", "srcset", "data-src", "data-srcset") if (value := attributes.get(name)))


def _is_at_home(node: LexborNode, home: str | None) -> bool:
    away = _HOST.match(node.attributes.get("href") or "")
    return away is None or home is None or f".{away[1].lower()}".endswith("." + home.removeprefix("www."))


def _is_called_writer(node: LexborNode) -> bool:
    attributes = node.attributes
    return _CALLED.search(f"{attributes.get('class')} {attributes.get('id')}") is not None


def _is_entrance(node: LexborNode) -> bool:
    """Whether the first link in an element is where readers sign in."""
    link = node if node.tag == "a" else node.css_first("a")
    return link is not None and _ENTRANCE.search(link.attrs.sget("href").lower()) is not None


def _is_writers(node: LexborNode) -> bool:
    return _WRITER.search(node.attrs.sget("class")) is not None


def _is_office(node: LexborNode) -> bool:
    return _OFFICE in node.attrs.sget("itemtype").lower()


def _is_handle(node: LexborNode) -> bool:
    return _HANDLE in node.attrs.sget("class").lower()


def _is_person(node: LexborNode) -> bool:
    """Whether a link's address holds a word of its text, as `/people/jane-doe` does, and it stands in no paragraph."""
    if node.parent is not None and len(text_of(node.parent, _BESIDE)) == 0:
        return False
    who = _who(node, _OF_PERSON)
    return any(len(word) > 2 and word in who for word in fold(text_of(node, 100)).split())


def _is_member(node: LexborNode) -> bool:
    """Whether a link's address names a member, by a number or a word of its text: `/user/register` is anybody's."""
    who = _who(node, _OF_MEMBER)
    return any(map(str.isdigit, who)) or any(word.lstrip("@") in who for word in fold(text_of(node, 100)).split())


def _who(node: LexborNode, wanted: re.Pattern[str]) -> str:
    """Whom a link's address names, in small letters."""
    found = wanted.search(unquote(node.attrs.sget("href")).lower())
    return found["who"] if found else ""


def _is_else(node: LexborNode, at: Place) -> bool:
    """Whether a link leads to where readers sign in, or stands in a menu that isn't around the headline.

    A section's columnists stand there, of whom none need be the writer.
    """
    around = node.parent
    for _ in range(_MOST_LEVELS):
        if around is None or around.mem_id in at.boxes:
            break
        attributes = around.attributes
        if around.tag == "nav" or _MENU.search(f"{attributes.get('class')} {attributes.get('id')}"):
            return True
        around = around.parent
    return _is_entrance(node)


def stamps(tree: LexborHTMLParser, times: Sequence[LexborNode], at: Place, *, named: bool) -> list[Stamp]:
    """Elements made for dates, nearest to the headline first: `<time>` and schema.org's; if `named`, also those called so."""
    made = nearest(times, at, anywhere=True)
    called = nearest(tree.css(_DATELINES), at, anywhere=False) if named else []
    return [_stamp(node, far, sure=sure) for nodes, sure in ((made, True), (called, False)) for far, node in nodes]


def _own_names(node: LexborNode) -> list[str]:
    """The texts of the parts made for names; else the element's own. Half hold nothing but text, and so no parts."""
    child = node.child
    plain = child is None or (child.next is None and child.tag == "-text")
    parts = [] if plain else [part for part in node.css(_NAMES)[:10] if part.mem_id != node.mem_id]
    texts = [text for part in parts if (text := text_of(part, 200) or part.attrs.sget("content")[:200])]
    return texts or [text for text in [text_of(node, 300)] if text]


def _stamp(node: LexborNode, far: int, *, sure: bool) -> Stamp:
    attributes = node.attributes
    names = " ".join(attributes.get(name) or "" for name in ("class", "itemprop", "property", "id")).lower()
    machine = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
    text = text_of(node, 120)
    return Stamp(
        text=text,
        said=text_of(node.parent, 80) if text and node.parent is not None else "",
        machine=machine[:100],
        modified="publish" not in names and _OF_CHANGE.search(names) is not None,
        first="datepublished" in names and "datemodified" not in names,
        sure=sure,
        far=far,
    )
