"""What is taken out of a page's tree before it is written out: what is never text, menus, buttons that only do something."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_RAW: Final = "script,style,noscript,template,iframe,svg,button,select,xmp,noembed,noframes,plaintext"
"""Their text would be written out as it is, or is none; with them gone, each `<` begins a tag."""
_MENUS: Final = frozenset({"nav", "footer"})
_LEFT_OUT: Final = f"{_RAW},nav,footer,ins.adsbygoogle"
"""One query, for each is a walk over the tree."""
_MENU_CHARS: Final = 3_000
"""A navigation with more text isn't one: its end was forgotten, and the article fell into it."""
_MOST_MENUS: Final = 60
"""Of each all text is looked at, and they may stand in each other."""
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUESTION: Final = 20
"""Letters; most buttons say less. Of 697 pages of all kinds ten had lost more than .02 of their text with theirs."""


def clear(tree: LexborHTMLParser) -> None:
    """Take it out of the tree."""
    menus = 0
    for node in reversed(tree.css(_LEFT_OUT)):  # inner ones first: never touch a destroyed node
        if node.tag in _MENUS:
            menus += 1
            if menus > _MOST_MENUS or len(node.text(deep=True) or "") > _MENU_CHARS:
                continue
        elif node.tag == "button" and _opens(node):
            continue
        node.decompose()


def _opens(button: LexborNode) -> bool:
    """Whether it is a question that shows and hides its answer: who reads the answer wants to know what was asked."""
    if not _QUESTION <= len((button.text(deep=True) or "").strip()) <= 10 * _QUESTION:
        return False
    attributes, around = button.attributes, button.parent
    if "aria-expanded" in attributes or "accordion" in (attributes.get("class") or "").lower():
        return True
    return (around is not None and around.tag in _HEADINGS) or button.css_first("h2,h3,h4,h5,h6") is not None
