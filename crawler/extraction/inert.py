"""A page made harmless to be shown: nothing in it runs, and no address in it leads anywhere but where it is told to. Pure.

What shows it (a sandboxed frame under a strict policy) forbids the same once more; here it is taken out, so that links that
lead on within the archive work, and what a policy doesn't speak of (a connection opened ahead of a request) isn't asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import urls
from crawler.model import Url

Resolve = Callable[[Sequence[Url]], Mapping[Url, str]]
"""Absolute addresses -> where to find those that are there."""

_GONE: Final = frozenset(
    """
    script iframe frame frameset object embed applet portal base template fencedframe audio video bgsound
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Templates go for their shadow roots, whose content no walk over the tree sees."""
_LINKS: Final = frozenset({"a", "area"})
_SOURCES: Final = frozenset({"src", "href", "poster", "background", "lowsrc", "dynsrc", "data", "xlink:href"})
_LISTS: Final = frozenset({"srcset", "imagesrcset"})
_DROPPED: Final = frozenset(
    """
    action formaction cite longdesc manifest profile codebase ping srcdoc integrity crossorigin nonce target download
    attributionsrc archive classid usemap itemtype itemid form http-equiv
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_RELATIONS: Final = frozenset({"stylesheet"})
_CSS_URL: Final = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^)\"'\s]*))\s*\)", re.IGNORECASE)
_CSS_IMPORT: Final = re.compile(r"@import\s+(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_CANDIDATE: Final = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?\s*(?:,|$)")
_NOTHING: Final = "about:invalid"
_MOST_CANDIDATES: Final = 100
_MOST_DATA: Final = 1 << 20


def page(html: str, url: Url, resolve: Resolve, banner: str = "") -> str:
    """A document as it is to be shown; `banner` is HTML of ours that its body begins with."""
    tree = LexborHTMLParser(html)
    base = _base(tree, url)
    for node in list(tree.css("*")):
        if _is_gone(node):
            node.decompose()
    nodes = list(tree.css("*"))
    known = resolve(sorted({found for node in nodes for found in _named(node, base)}))
    for node in nodes:
        _mend(node, base, known)
    text = tree.html or ""
    if not banner:
        return text
    at = re.search(r"<body[^>]*>", text)
    return text[: at.end()] + banner + text[at.end() :] if at else banner + text


def style(css: str, base: Url, resolve: Resolve) -> str:
    """A style sheet whose addresses lead to what is there, or to nothing."""
    known = resolve(sorted(set(_in_css(css, base))))
    return _mended_css(css, base, known)


def _base(tree: LexborHTMLParser, url: Url) -> Url:
    said = tree.css_first("base[href]")
    return _absolute(said.attributes.get("href"), url) or url if said is not None else url


def _is_gone(node: LexborNode) -> bool:
    tag = (node.tag or "").lower()
    if tag == "meta":
        return "http-equiv" in node.attributes
    if tag == "link":
        return (node.attributes.get("rel") or "").lower().strip() not in _RELATIONS
    return tag in _GONE


def _named(node: LexborNode, base: Url) -> Iterator[Url]:
    for name, value in node.attributes.items():
        if name in _SOURCES:
            found = _absolute(value, base)
            if found is not None:
                yield found
        elif name in _LISTS:
            yield from (found for text, _ in _candidates(value or "") if (found := _absolute(text, base)))
        elif name == "style":
            yield from _in_css(value or "", base)
    if node.tag == "style":
        yield from _in_css(node.text(), base)


def _mend(node: LexborNode, base: Url, known: Mapping[Url, str]) -> None:
    for name, value in list(node.attributes.items()):
        mended = _attribute(node, name, value or "", base, known)
        if mended is None:
            del node.attrs[name]
        elif mended != value:
            node.attrs[name] = mended
    if node.tag == "style":
        node.inner_html = _mended_css(node.text(), base, known).replace("</", "<\\/")


def _attribute(node: LexborNode, name: str, value: str, base: Url, known: Mapping[Url, str]) -> str | None:
    """What it becomes; None: it goes."""
    if name.startswith("on") or name in _DROPPED or name.endswith((":href", ":base")):
        return None
    if name in _SOURCES:
        drawn = value[:11].lower() == "data:image/" and node.tag not in _LINKS and len(value) < _MOST_DATA
        if drawn or value.startswith("#"):
            return value
        found = _absolute(value, base)
        return known.get(found) if found is not None else None
    if name in _LISTS:
        pairs = [(known.get(found), size) for text, size in _candidates(value) if (found := _absolute(text, base))]
        return ", ".join(f"{to}{size}" for to, size in pairs if to is not None) or None
    return _mended_css(value, base, known) if name == "style" else value


def _candidates(value: str) -> list[tuple[str, str]]:
    """Address and size of each picture of a `srcset`."""
    found = [(one[1], one[2] or "") for one in _CANDIDATE.finditer(value[:_MOST_DATA])]
    return found[:_MOST_CANDIDATES]


def _in_css(css: str, base: Url) -> Iterator[Url]:
    for pattern in (_CSS_URL, _CSS_IMPORT):
        for found in pattern.finditer(css):
            address = _absolute(next((group for group in found.groups() if group), None), base)
            if address is not None:
                yield address


def _mended_css(css: str, base: Url, known: Mapping[Url, str]) -> str:
    def to(found: re.Match[str]) -> str:
        text = next((group for group in found.groups() if group), "")
        if text.lower().startswith("data:image/"):
            return f'"{text}"'
        address = _absolute(text, base)
        return f'"{known.get(address, _NOTHING) if address else _NOTHING}"'

    once = _CSS_URL.sub(lambda found: f"url({to(found)})", css)
    return _CSS_IMPORT.sub(lambda found: f"@import {to(found)}", once)


def _absolute(text: str | None, base: Url) -> Url | None:
    try:
        return urls.parse(text.strip(), base) if text and text.strip() else None
    except urls.UrlError:
        return None
