"""What is taken out of a page's tree before it is written out: what is never text, menus, buttons that only do something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, create_tag

_RAW: Final = "script style noscript template iframe svg button select xmp noembed noframes plaintext"
"""Their text would be written out as it is, or is none; with them gone, each `<` begins a tag."""


def numbered(tags: str) -> list[int]:
    """Tags as the parser counts them: to ask an element for its number takes a third of the time of asking for its name."""
    return [create_tag(tag).tag_id for tag in tags.split()]


_NAV, _FOOTER, _BUTTON, _ADVERT = numbered("nav footer button ins")
_MENUS: Final = frozenset({_NAV, _FOOTER})
LEFT_OUT: Final = frozenset(numbered(_RAW)) | _MENUS | {_ADVERT}
"""Tags of what `clear` looks at."""
RARE: Final = ":not(div,a,span,li,p)"
"""All elements but the commonest, half of a page. To ask each for its number takes half as long as a query of all tags."""
_MENU_CHARS: Final = 3_000
"""A navigation with more text isn't one: its end was forgotten, and the article fell into it."""
_MOST_MENUS: Final = 60
"""Of each all text is looked at, and they may stand in each other."""
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUESTION: Final = 20
"""Letters; most buttons say less. Of 697 pages of all kinds ten had lost more than .02 of their text with theirs."""


def left_out(tree: LexborHTMLParser) -> list[LexborNode]:
    """What `clear` is given, of a whole page."""
    return [node for node in tree.css(RARE) if node.tag_id in LEFT_OUT]


def clear(nodes: Sequence[LexborNode]) -> None:
    """Take it out of the tree. Given are all elements of a page whose tag is one of `LEFT_OUT`, in its order."""
    menus = 0
    for node in reversed(nodes):  # inner ones first: never touch a destroyed node
        tag = node.tag_id
        if tag in _MENUS:
            menus += 1
            if menus > _MOST_MENUS or len(node.text(deep=True) or "") > _MENU_CHARS:
                continue
        elif (tag == _BUTTON and _opens(node)) or (tag == _ADVERT and "adsbygoogle" not in _classes(node)):
            continue
        node.decompose(recursive=False)  # what stands in it goes with it: to take that apart too takes a tenth longer


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _opens(button: LexborNode) -> bool:
    """Whether it is a question that shows and hides its answer: who reads the answer wants to know what was asked."""
    if not _QUESTION <= len((button.text(deep=True) or "").strip()) <= 10 * _QUESTION:
        return False
    attributes, around = button.attributes, button.parent
    if "aria-expanded" in attributes or "accordion" in (attributes.get("class") or "").lower():
        return True
    return (around is not None and around.tag in _HEADINGS) or button.css_first("h2,h3,h4,h5,h6") is not None
