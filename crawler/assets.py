"""What a browser would load to draw a page: pictures, style sheets, fonts, icons; of pictures in several sizes the best. Pure.

Never scripts, frames, sound and video: the first are never run here, the others are larger than all else. What is a pixel wide
is there to count readers, and isn't asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.charset import decode
from crawler.extraction.addresses import LAZY, LAZY_LISTS, absolute, base_of, candidates, in_css
from crawler.model import Url
from crawler.urls import dedupe_key

MOST: Final = 1_000
"""Of a page or a style sheet; the policy takes fewer."""

_WIDEST: Final = 2_048
"""Of the sizes of a picture the largest up to so many pixels: screens are no wider, and newspapers offer 4,000."""
_DENSEST: Final = 2.0  # with more pixels than that to a point a picture is only larger
_MOST_NODES: Final = 20_000
_WANTED: Final = (
    "link[href], style, [style*='url('], img, picture > source:first-of-type, input[type=image], image, use, [background],"
    " video[poster]"
)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_FACE: Final = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_FORMATS: Final = (".woff2", ".woff", ".ttf", ".otf")
"""Browsers know them all, and load one: the first is half as large as the last."""
_DRAWN: Final = re.compile(r"image/(?:avif|webp|png|jpe?g|gif|svg\+xml)\b", re.IGNORECASE)
_SIZE: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)([wx])\s*")
_PIXEL: Final = re.compile(r"\s*[01](?:px)?\s*")


def of_page(data: bytes, *, url: Url, content_type: str | None, lead: str | None = None) -> tuple[Url, ...]:
    """What an HTML page needs, each once: style sheets, then pictures in their order, then icons.

    The first picture is `lead`, or else the one the page is shared with.
    """
    tree = LexborHTMLParser(decode(data, content_type).text)
    base = base_of(tree, url)
    nodes = tree.css(_WANTED)[:_MOST_NODES]
    links = [node for node in nodes if node.tag == "link"]
    within = (found for node in nodes if node.tag != "link" for found in _named(node, base))
    ahead = [*_linked(filter(_is_sheet, links), base), absolute(lead or _shared_with(tree), base)]
    return _once([*ahead, *within, *_linked(filter(_is_icon, links), base)], url)


def _linked(links: Iterable[LexborNode], base: Url) -> Iterator[Url | None]:
    for link in links:
        yield absolute(link.attributes.get("href"), base)


def _shared_with(tree: LexborHTMLParser) -> str | None:
    shared = tree.css_first("meta[property='og:image']")
    return shared.attributes.get("content") if shared is not None else None


def of_style(data: bytes, *, url: Url, content_type: str | None) -> tuple[Url, ...]:
    """What a style sheet needs, each once: other sheets first, of a font in several formats one."""
    return _once(_in_sheet(decode(data, content_type, html=False).text, url), url)


def _once(found: Iterable[Url | None], page: Url) -> tuple[Url, ...]:
    kept: dict[str, Url] = {}
    for one in islice((one for one in found if one is not None), _MOST_NODES):
        kept.setdefault(dedupe_key(one), one)
    kept.pop(dedupe_key(page), None)
    return tuple(islice(kept.values(), MOST))


def _relations(node: LexborNode) -> Sequence[str]:
    return (node.attributes.get("rel") or "").lower().split()


def _is_sheet(node: LexborNode) -> bool:
    said = _relations(node)
    return ("stylesheet" in said and "alternate" not in said) or ("preload" in said and node.attributes.get("as") == "style")


def _is_icon(node: LexborNode) -> bool:
    said = _relations(node)
    ahead = "preload" in said and node.attributes.get("as") in ("font", "image")
    return ahead or any(one in said for one in ("icon", "apple-touch-icon"))


def _named(node: LexborNode, base: Url) -> Iterator[Url | None]:
    said = node.attributes
    yield from in_css(said.get("style") or "", base)
    match node.tag:
        case "style":
            yield from _in_sheet(node.text(), base)
        case "img" | "source" | "input":
            yield _picture(said, base)
        case "image" | "use":
            address = said.get("href") or said.get("xlink:href") or ""
            yield None if address.startswith("#") else absolute(address, base)
        case _:
            yield absolute(said.get("poster"), base)
            yield absolute(said.get("background"), base)


def _picture(said: dict[str, str | None], base: Url) -> Url | None:
    """The one of its sizes that is fetched; None: it counts readers, or is of a sort that no browser draws."""
    if any(_PIXEL.fullmatch(said.get(side) or "") for side in ("width", "height")):
        return None
    kind = said.get("type") or ""
    if "/" in kind and not _DRAWN.match(kind):
        return None
    listed = _first(said, (*LAZY_LISTS, "srcset"))
    address = _best(candidates(listed)) if listed else None
    return absolute(address, base) or absolute(_first(said, (*LAZY, "src")), base)


def _first(said: dict[str, str | None], names: Sequence[str]) -> str | None:
    return next((said[name] for name in names if said.get(name)), None)


def _best(offered: Sequence[tuple[str, str]]) -> str | None:
    """The largest that isn't larger than any screen; else the smallest. One without a size is a plain one."""
    sized = [(_size(size), address) for address, size in offered]
    fitting = [one for one in sized if one[0] <= 1]
    return max(fitting)[1] if fitting else min(sized, default=(0, None))[1]


def _size(text: str) -> float:
    """As a share of what is the most; `1x` is what nothing is."""
    found = _SIZE.fullmatch(text)
    number = float(found[1]) if found else 1.0
    return number / (_WIDEST if found and found[2] == "w" else _DENSEST)


def _in_sheet(css: str, base: Url) -> Iterator[Url]:
    """Other sheets and fonts first: without them all of the text looks different."""
    css = _COMMENT.sub("", css)
    faces = _FACE.findall(css)
    rest = list(in_css(_FACE.sub("", css), base))
    yield from (found for found in rest if _path(found).endswith(".css"))
    yield from (_font(list(in_css(face, base))) for face in faces if any(in_css(face, base)))
    yield from rest


def _font(offered: Sequence[Url]) -> Url:
    by_format = (next((one for one in offered if _path(one).endswith(ending)), None) for ending in _FORMATS)
    return next((one for one in by_format if one is not None), offered[0])


def _path(url: Url) -> str:
    return url.partition("?")[0].lower()
