"""Two versions of an article as one page of HTML: what was taken out is struck, what was put in is underlined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from crawler.differing import Change, Difference

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_PAGE: Final = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ max-width: 45em; margin: 1em auto; padding: 0 1em; line-height: 1.6; overflow-wrap: anywhere }}
ol {{ padding: 0 2em }}
del {{ background: #fdd }} ins {{ background: #dfd }} small {{ color: #555 }}
</style>
</head>
<body>
<p><bdi>{url}</bdi><br><small>{when}</small></p>
{changes}
<article dir="auto">
<h1 dir="auto">{headline}</h1>
{text}
</article>
</body>
</html>
"""

_AROUND: Final = 40

_Piece = tuple[str, str]
"""A tag (empty: none) and the text in it."""


def page(url: str, when: str, old: tuple[str, str], new: tuple[str, str], found: Difference) -> str:
    """The page: the changes by what matters most, then the newer version with the older one in it."""
    titles = [change for change in found.changes if change.field == "title"]
    texts = [change for change in found.changes if change.field == "text"]
    return _PAGE.format(
        title=_text(new[0] or url),
        url=_text(url),
        when=_text(when),
        changes=_list(found.changes),
        headline="".join(map(_inline, _pieces(new[0], old[0], titles))),
        text="\n".join(_paragraphs(_pieces(new[1], old[1], texts))),
    )


def _list(changes: Sequence[Change]) -> str:
    if not changes:
        return "<p>Nothing that was said is another.</p>"
    return "<ol>\n" + "\n".join(map(_item, changes)) + "\n</ol>"


def _item(change: Change) -> str:
    """In the direction of the text: a kind of its own, isolated, has no say in that (HTML, `dir=auto`)."""
    inside = _tagged("del", change.old) + _tagged("ins", change.new)
    return f'<li dir="auto"><small><bdi>{change.kind}</bdi></small> {_before(change.before)}{inside}{_after(change.after)}</li>'


def _before(text: str) -> str:
    """The last words, none of them cut where words have blanks between them."""
    last = text[-_AROUND:]
    whole = last.partition(" ")[2] if len(text) > _AROUND else ""
    return f"…{_text(whole or last)}" if text else ""


def _after(text: str) -> str:
    first = text[:_AROUND]
    whole = first.rpartition(" ")[0] if len(text) > _AROUND else ""
    return f"{_text(whole or first)}…" if text else ""


def _pieces(new: str, old: str, changes: Iterable[Change]) -> Iterator[_Piece]:
    """The newer text with what the older had, in order."""
    at = 0
    for change in sorted(changes, key=lambda change: change.edit[1]):
        (a, b), (c, d) = change.edit
        yield "", new[at:c]
        yield "del", old[a:b]
        yield "ins", new[c:d]
        at = d
    yield "", new[at:]


def _paragraphs(pieces: Iterable[_Piece]) -> Iterator[str]:
    """Lines as paragraphs; one that is put in or out as a whole has its tag inside."""
    line: list[str] = []
    for tag, text in pieces:
        first, *rest = text.split("\n")
        line.append(_tagged(tag, first))
        for more in rest:
            yield from _paragraph(line)
            line = [_tagged(tag, more)]
    yield from _paragraph(line)


def _paragraph(line: Sequence[str]) -> Iterator[str]:
    text = "".join(line)
    if text:
        yield f'<p dir="auto">{text}</p>'


def _inline(piece: _Piece) -> str:
    return _tagged(*piece)


def _tagged(tag: str, text: str) -> str:
    if not tag or not text:
        return _text(text)
    return f"<{tag}><bdi>{_text(text)}</bdi></{tag}>"


def _text(text: str) -> str:
    return escape(_CONTROL.sub("", text))
