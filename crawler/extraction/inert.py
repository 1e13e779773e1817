"""A page made harmless to be shown: nothing in it runs, and no address in it leads anywhere but where it is told to. Pure.

What shows it (a sandboxed frame under a strict policy) forbids the same once more; here it is taken out, so that links that
lead on within the archive work, and what a policy doesn't speak of (a connection opened ahead of a request) isn't asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.addresses import (
    CSS_IMPORT,
    CSS_URL,
    LAZY,
    LAZY_LISTS,
    MOST_DATA,
    absolute,
    base_of,
    candidates,
    in_css,
)
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
_LAZY_TAGS: Final = frozenset({"img", "source"})
_RELATIONS: Final = frozenset({"stylesheet"})
_NOTHING: Final = "about:invalid"


def page(html: str, url: Url, resolve: Resolve, banner: str = "") -> str:
    """A document as it is to be shown; `banner` is HTML of ours that its body begins with."""
    tree = LexborHTMLParser(html)
    base = base_of(tree, url)
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
    known = resolve(sorted(set(in_css(css, base))))
    return _mended_css(css, base, known)


def _is_gone(node: LexborNode) -> bool:
    tag = (node.tag or "").lower()
    if tag == "meta":
        return "http-equiv" in node.attributes
    if tag == "link":
        return (node.attributes.get("rel") or "").lower().strip() not in _RELATIONS
    return tag in _GONE


def _named(node: LexborNode, base: Url) -> Iterator[Url]:
    said = node.attributes
    texts = chain.from_iterable([_addresses(name, value or "") for name, value in said.items()])
    yield from (found for text in texts if (found := absolute(text, base)))
    yield from in_css(said.get("style") or "", base)
    if node.tag == "style":
        yield from in_css(node.text(), base)


def _addresses(name: str, value: str) -> list[str]:
    """What an attribute names, as it stands there."""
    if name in _SOURCES or name in LAZY:
        return [value]
    return [text for text, _ in candidates(value)] if name in _LISTS or name in LAZY_LISTS else []


def _mend(node: LexborNode, base: Url, known: Mapping[Url, str]) -> None:
    said = node.attributes
    for name, value in said.items():
        mended = _attribute(node, name, value or "", base, known)
        if mended is None:
            del node.attrs[name]
        elif mended != value:
            node.attrs[name] = mended
    if node.tag in _LAZY_TAGS:
        _wake(node, said, base, known)
    if node.tag == "style":
        node.inner_html = _mended_css(node.text(), base, known).replace("</", "<\\/")


def _wake(node: LexborNode, said: Mapping[str, str | None], base: Url, known: Mapping[Url, str]) -> None:
    """A script would show this picture once it came into view, and here none runs."""
    for names, shown in ((LAZY, "src"), (LAZY_LISTS, "srcset")):
        value = next((said[name] for name in names if said.get(name)), None)
        mended = _attribute(node, shown, value, base, known) if value else None
        if mended:
            node.attrs[shown] = mended


def _attribute(node: LexborNode, name: str, value: str, base: Url, known: Mapping[Url, str]) -> str | None:
    """What it becomes; None: it goes."""
    if name.startswith("on") or name in _DROPPED or name.endswith((":href", ":base")):
        return None
    if name in _SOURCES:
        return value if _is_its_own(value, node) else _place(value, base, known)
    if name in _LISTS:
        return _listed(value, base, known)
    return _mended_css(value, base, known) if name == "style" else value


def _is_its_own(value: str, node: LexborNode) -> bool:
    """Whether an address needs nothing but the page: a place in it, or a picture written out. A link to one would be opened."""
    if value[:11].lower() == "data:image/":
        return node.tag not in _LINKS and len(value) < MOST_DATA
    return value.startswith("#")


def _listed(value: str, base: Url, known: Mapping[Url, str]) -> str | None:
    """A `srcset` of those of its pictures that are there."""
    pairs = [(_place(text, base, known), size) for text, size in candidates(value)]
    return ", ".join([f"{to}{size}" for to, size in pairs if to is not None]) or None


def _place(text: str, base: Url, known: Mapping[Url, str]) -> str | None:
    """Where what an address means is shown; None: it isn't there."""
    found = absolute(text, base)
    return known.get(found) if found is not None else None


def _mended_css(css: str, base: Url, known: Mapping[Url, str]) -> str:
    def to(found: re.Match[str]) -> str:
        text = next((group for group in found.groups() if group), "")
        if text.lower().startswith("data:image/"):
            return f'"{text}"'
        address = absolute(text, base)
        return f'"{known.get(address, _NOTHING) if address else _NOTHING}"'

    once = CSS_URL.sub(lambda found: f"url({to(found)})", css)
    return CSS_IMPORT.sub(lambda found: f"@import {to(found)}", once)
