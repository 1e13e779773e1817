"""What a tag of a serialised page does to the walk over it, and where its text ends.

A serialiser writes each `<` and `>` of a text or a value as an entity: so a page can be cut up at them, but for the few that a
broken tag gave an attribute for a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

_SKIPPED: Final = frozenset({"object", "canvas", "audio", "video", "map", "option", "textarea", "datalist", "math", "title"})
"""Never text; cheaper to step over than to take out."""
_INLINE_TAGS: Final = (
    "abbr acronym b bdi bdo big blink cite code data del dfn em embed font i ins kbd label mark nobr o:p q rp rt ruby s samp "
    "button small span strike strong sub sup time tt u var wbr input link meta source track"
)
_INLINE: Final = frozenset(_INLINE_TAGS.split())
"""Tags that don't end a run of text."""
_VOID: Final = frozenset({"br", "area", "base", "col", "hr", "param", "basefont", "bgsound", "frame", "keygen"})
"""Tags that do, and hold nothing."""
_BOX_TAGS: Final = (
    "p div li ul ol dl dd dt h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr td th caption section article main header footer nav "
    "aside figure figcaption picture form fieldset legend blockquote pre address details summary hgroup center body"
)
_BOXES: Final = frozenset(_BOX_TAGS.split())
"""The commonest of those that begin and end a box, as all do that stand nowhere here."""
_COMMENT_OR_TORN: Final = re.compile(r"<!--.*?(?:-->|\Z)|<([^<>]*+<[^>]*)", re.DOTALL)
"""One behind the other: a tag may have `<!--` in it, and a comment tags."""

LINK, UNLINK, NOTHING, IMAGE, SKIP, BREAK, OPEN, CLOSE = range(8)
"""What a tag does. In this order: from `BREAK` on it ends a run of text, and below `NOTHING` it is a link's."""
ACTS: Final = {
    **dict.fromkeys(_INLINE, NOTHING), **{f"/{tag}": NOTHING for tag in _INLINE},
    "a": LINK, "/a": UNLINK, "img": IMAGE, "image": IMAGE, "!----": NOTHING,
    **dict.fromkeys(_VOID, BREAK), **dict.fromkeys(_SKIPPED, SKIP),
    **dict.fromkeys(_BOXES, OPEN), **{f"/{tag}": CLOSE for tag in _BOXES},
}  # fmt: skip

Steps = Iterable[tuple[str, str, int]]
"""Tags, the texts behind them, and their numbers."""
Other = Callable[[str, str, Steps], tuple[int, str]]
"""What a tag does that isn't known, and the text behind it."""


class StrayError(Exception):
    """A `<` was written as it is."""


def other(head: str, text: str, steps: Steps) -> tuple[int, str]:
    """What a tag does that isn't known, and the text behind it. Of a comment that holds tags all is stepped over.

    StrayError: what begins here is no tag.
    """
    if head[:1] == "/":
        return CLOSE, text
    if head[:3] != "!--":
        if not head[:1].isalpha() or (" " in head) != (head[-1] == '"'):  # each attribute is written with its value
            raise StrayError
        return OPEN, text
    head = head[3:]
    while not head.endswith("--"):
        following = next(iter(steps), None)
        if text.endswith("--") or following is None:
            raise StrayError
        head, text, _ = following
    return NOTHING, text


def any_other(head: str, text: str, _: Steps) -> tuple[int, str]:
    """The same where all that is stray was taken out."""
    return (CLOSE if head[:1] == "/" else OPEN if head[:1].isalpha() else NOTHING), text


def past(head: str, steps: Steps, unknown: Other) -> str:
    """Step over an element whose text is none; what is given is the text behind it.

    Each has an end. Where none is found it was taken for a text, as all is behind a stray `<`: what that is, `unknown` knows.
    """
    end = "/" + head.partition(" ")[0]
    found = next((text for head, text, _ in steps if head == end), None)
    return unknown("", "", steps)[1] if found is None else found


def cut(html: str) -> list[str]:
    """What stands before a tag, and what in it, by turns.

    Of an even number one comment at least holds a `<` or a `>` alone, by which all behind it would change places: then without
    such. A twentieth of all pages has one; to look at each comment of the others would take as long as cutting up.
    """
    pieces = html.replace(">", "<").split("<")
    if len(pieces) % 2 == 0:
        html = _uncommented(html)
        pieces = html.replace(">", "<").split("<")
        if html.count("<") != html.count(">"):
            raise StrayError
    return pieces


def _uncommented(html: str) -> str:
    """Without the comments that hold a sign of a tag. StrayError: what looks like one stands in a tag, and ends anywhere."""
    kept: list[str] = []
    first, at = 0, html.find("<!--")
    while at >= 0 and (end := html.find("-->", at + 4)) >= 0:
        if html.rfind("<", 0, at) > html.rfind(">", 0, at):
            raise StrayError
        if html.find("<", at + 4, end) >= 0 or html.find(">", at + 4, end) >= 0:
            kept.append(html[first:at])
            first = end + 3
        at = html.find("<!--", end + 3)
    return "".join([*kept, html[first:]])


def mended(html: str) -> str:
    """Without the `<` that a broken tag gave an attribute for a name: the only ones that are written as they are."""
    return _COMMENT_OR_TORN.sub(lambda found: "<" + found[1].replace("<", "") if found[1] else "", html)


def unescape(text: str) -> str:
    """Undo what a serialiser escapes in text: four entities, nothing else."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
