"""Pages that a script draws from data which came with them: their text is HTML within JSON, in a script or an attribute.

Asked only where a page says next to nothing: of 2,900 pages two carried their text like that, and none another's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks
from crawler.extraction.blocks import Page

_NEXT_TO_NOTHING: Final = 500.0
"""Letters of a page; of lists with more, made of short lines, a text among their data was another page's."""
_MORE: Final = 2.0
_LEAST: Final = 200
"""Characters of a string that is looked at."""
_MOST_SEARCHED: Final = 2 << 20
_MOST_STRINGS: Final = 10_000
_DEEPEST: Final = 3
"""JSON within a string of JSON, so many times."""
_ATTRIBUTE: Final = re.compile(r"""="([\[{]&quot;[^"]*+)|='([\[{]"[^']*+)""")
_STRING: Final = re.compile(r'(?:"(\w{1,40})"\s?:\s?)?"([^"\\]*+(?:\\.[^"\\]*+)*+)\\?(?:"|\Z)', re.DOTALL)
"""To the end where it has none: else each quotation mark within it would be tried."""
_JSON: Final = re.compile(r"\s*(?:\w{1,8}:)?[\[{]")
"""What JSON begins with, also where it is numbered, as some programs send it piece by piece."""
_SIGNS: Final = (r"\u003c", r"<\/p", "</p", "<br", "articleBody")
_MARKED: Final = re.compile(r"</p>|<br\b|</div>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*+>?")
_BLANK: Final = re.compile(r"\$\$\w+\$\$|\{\{[^{}]*\}\}|%%\w+%%")
"""Where a script puts something else in: an advertisement."""
_BODY: Final = "articleBody"
"""What schema.org calls it; it is plain text."""
_POST: Final = "cooked"
"""What the commonest software of forums calls each post of a thread."""


class _Carried(NamedTuple):
    key: str
    html: str
    letters: int


def drawn(text: bytes | str, page: Page) -> Page:
    """The page as its script would draw it, if it says next to nothing and its data say more; else `page` as it is."""
    if page.weights[-1] >= _NEXT_TO_NOTHING:
        return page
    said = text[:_MOST_SEARCHED]
    found = _found(said if isinstance(said, str) else said.decode("utf-8", "replace"))
    longest = max(found, key=lambda one: one.letters, default=None)
    if longest is None:
        return page
    kin = [one.html for one in found if one.key == _POST] if longest.key == _POST else [longest.html]
    other = blocks.parse(LexborHTMLParser("<article>" + "".join(f"<div>{one}</div>" for one in kin)))
    return other if other.weights[-1] > _MORE * page.weights[-1] else page


def _found(text: str) -> list[_Carried]:
    """All that is carried, each text once."""
    strings = islice((one for carrier in _carriers(text) for one in _strings(carrier, _DEEPEST)), _MOST_STRINGS)
    texts = {_BLANK.sub(" ", markup): key for key, markup in strings}
    return [_Carried(key, markup, len(_TAG.sub("", markup))) for markup, key in texts.items()]


def _carriers(text: str) -> Iterator[str]:
    """The contents of scripts, and attributes that hold JSON."""
    for piece in text.split("</script")[:-1]:
        script = piece.partition("<script")[2].partition(">")[2]
        if any(sign in script for sign in _SIGNS):
            yield script
    for found in _ATTRIBUTE.finditer(text):
        yield html.unescape(found[1] or found[2])


def _strings(text: str, deepest: int) -> Iterator[tuple[str, str]]:
    """Strings of HTML, and of plain text that is called an article's, in JSON or a script; each with its key."""
    for found in _STRING.finditer(text):
        said = _read(found[2]) if len(found[2]) >= _LEAST else ""
        if _JSON.match(said):
            yield from _strings(said, deepest - 1) if deepest else ()
        elif _MARKED.search(said):
            yield found[1] or "", said
        elif found[1] == _BODY:
            yield _BODY, "".join(f"<p>{html.escape(line)}</p>" for line in said.splitlines())


def _read(written: str) -> str:
    """What a string of JSON says; nothing if it is a script's own, or was cut."""
    try:
        return msgspec.json.decode(f'"{written}"', type=str)
    except msgspec.DecodeError:
        return ""
