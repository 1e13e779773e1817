"""What the names on a box say it is for.

`names` only asks whether an article may stand in a box; this tells by words what else pages are made of: posts and who wrote
them, prices, items, labels, chrome. Class names are English the world over.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from crawler.extraction import names

_LONGEST: Final = 400
_CLASS: Final = 'class="'
_WORD: Final = re.compile(r"[a-z]+")

_GROUPS: Final = """
chrome: nav navbar navigation menu submenu breadcrumb breadcrumbs header topbar footer foot sidebar sidenav sidemenu
toolbar tools cookie cookies consent gdpr modal popup overlay dialog drawer login signin signup register search
filter filters facet facets sort sorting refine pagination pager paging pages skip banner promo promotion newsletter
subscribe subscription social share sharing follow ad ads advert advertisement sponsor sponsored toast alert
announcement masthead copyright legal language locale dropdown megamenu flyout toc offcanvas
talk: comment comments commenttext reply replies post posts postbody message messages msg answer answers question
discussion thread threads topic bbp cooked forum conversation bbwrapper bbcode userpost response
who: author user username avatar member profile signature sig rank karma badge badges byline poster postprofile
userinfo userdetails usertitle meta date time timestamp stats likes like votes vote reactions reaction permalink
actions attribution
item: product products item items card cards tile tiles result results listing grid list row teaser collection
category gallery
shop: price prices pricing cart buy qty quantity stock shipping delivery swatch swatches variant variants option
options size sizes color colour sku rating ratings review reviews stars wishlist add checkout offer offers coupon
seller returns payment financing
label: label button btn cta link links icon caption disclaimer footnote notice note tooltip hint sr visually hidden
hide
"""
"""Whole words only: `post` shall not be found in `postal`."""

_NAMES: Final = tuple(word[:-1] for word in _GROUPS.split() if word.endswith(":"))
CHROME: Final = 1 << _NAMES.index("chrome")
TALK: Final = 1 << _NAMES.index("talk")
WHO: Final = 1 << _NAMES.index("who")
SHOP: Final = 1 << _NAMES.index("shop")
ITEM: Final = 1 << _NAMES.index("item")
LABEL: Final = 1 << _NAMES.index("label")


def _words() -> dict[str, int]:
    found: dict[str, int] = {}
    group = 0
    for word in _GROUPS.split():
        if word.endswith(":"):
            group = 1 << _NAMES.index(word[:-1])
        else:
            found[word] = found.get(word, 0) | group
    return found


_ROLES: Final = _words()


class Named(NamedTuple):
    """What a start tag's attributes say."""

    roles: int
    """A bit for each group whose words stand in its names."""
    classes: str
    """Its classes as written: equal for boxes made from one template."""


NOTHING: Final = Named(0, "")


def named(attributes: str) -> Named:
    """The roles in a start tag's attributes as serialised."""
    return _named(attributes[:_LONGEST])


@lru_cache(maxsize=4096)
def _named(attributes: str) -> Named:
    bits = 0
    for name in names.named(attributes):
        bits |= _role(name)
    return Named(bits, _classes(attributes))


def _classes(attributes: str) -> str:
    """As written; nothing of some that were cut off."""
    start = attributes.find(_CLASS) + len(_CLASS)
    return attributes[start : max(attributes.find('"', start), 0)] if start >= len(_CLASS) else ""


@lru_cache(maxsize=8192)
def _role(name: str) -> int:
    bits = 0
    for word in _WORD.findall(names.apart(name)):
        bits |= _ROLES.get(word, 0)
    return bits
