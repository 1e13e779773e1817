"""Articles as simplified HTML that is safe to show: a dozen tags, links to http, https and mailto, no script, style or handler.

Nothing of the publisher's markup is passed on: each tag is written here, around escaped text. Pictures are links unless asked
for, since loading one tells its server who reads; the page's own policy (Content-Security-Policy) says the same once more.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from typing import Final

from crawler import layout
from crawler.layout import Piece, Run, SetText

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_STYLE: Final = (
    "body{max-width:45em;margin:1em auto;padding:0 1em;line-height:1.6;overflow-wrap:anywhere}img{max-width:100%;height:auto}"
)
_STYLES: Final = f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
"""Ours and no other: the policy names it by its sum."""
_HEAD: Final = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; {}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>{}</title>
<style>{}</style>
</head>
<body>
"""
_END: Final = "</body>\n</html>\n"
_WHOLE: Final = {"li": ("ul", "li"), "ol": ("ol", "li"), "quote": ("blockquote", "p")}
"""Kind of piece -> the tag around it, and around each of its lines."""


def page(of: Iterable[SetText], *, title: str = "Articles", pictures: bool = False) -> Iterator[bytes]:
    """A whole page with each article as it comes, in UTF-8."""
    yield _HEAD.format(f"{_STYLES}; img-src http: https:" if pictures else _STYLES, _text(title), _STYLE).encode()
    for one in of:
        yield article(one, pictures=pictures).encode()
    yield _END.encode()


def article(of: SetText, *, pictures: bool = False) -> str:
    """One article as an `<article>`, ending in a line break; with `pictures` these are loaded from where they lie."""
    lines = [
        _opening(of),
        f"<h1>{_text(of.title or of.url or '')}</h1>",
        _facts(of),
        _lead(of, pictures=pictures),
        *(_piece(piece, pictures=pictures) for piece in layout.pieces(of)),
        f"<p><em>{_text(of.note)}</em></p>" if of.note and not of.text else "",
        "</article>",
    ]
    return "\n".join(filter(None, lines)) + "\n"


def _opening(of: SetText) -> str:
    language = f' lang="{_text(of.language)}"' if of.language else ""
    return f'<article{language} dir="{of.direction or "auto"}">'


def _lead(of: SetText, *, pictures: bool) -> str:
    lead = layout.lead(of)
    return _picture(lead.src, lead.alt, shown=pictures) if lead else ""


def _facts(of: SetText) -> str:
    """Each fact isolated, so that a Latin address doesn't turn an Arabic line around (Unicode UAX 9)."""
    known = [f"<bdi>{_text(fact)}</bdi>" for fact in (*of.authors, of.site or of.source, of.published) if fact]
    link = [f"<bdi>{_link(of.url, _text(of.url))}</bdi>"] if of.url else []
    return f"<p>{' · '.join([*known, *link])}</p>" if known or link else ""


def _piece(piece: Piece, *, pictures: bool) -> str:
    if piece.picture is not None:
        return _picture(piece.picture.src, piece.picture.alt, shown=pictures)
    if piece.kind in _WHOLE:
        around, each = _WHOLE[piece.kind]
        return f"<{around}>\n" + "".join(f"<{each}>{_line(line)}</{each}>\n" for line in piece.lines) + f"</{around}>"
    if piece.kind == "row":
        return "<table>\n" + "".join(f"<tr>{_row(line)}</tr>\n" for line in piece.lines) + "</table>"
    if piece.kind == "pre":
        return "<pre>" + "\n".join(map(_line, piece.lines)) + "</pre>"
    tag = f"h{max(2, int(piece.kind[1]))}" if piece.kind[0] == "h" else "p"
    return "\n".join(f"<{tag}>{_line(line)}</{tag}>" for line in piece.lines)


def _row(line: tuple[Run, ...]) -> str:
    return "".join(f"<td>{_line(cell)}</td>" for cell in layout.cells(line))


def _line(runs: tuple[Run, ...]) -> str:
    return "".join(_text(run.text) if run.href is None else _link(run.href, _text(run.text)) for run in runs)


def _picture(address: str, words: str, *, shown: bool) -> str:
    if shown and layout.may_link(address):
        return f'<p><img src="{_text(address)}" alt="{_text(words)}" loading="lazy"></p>'
    return f"<p>{_link(address, _text(words or address))}</p>"


def _link(address: str, inner: str) -> str:
    if not layout.may_link(address):
        return inner
    return f'<a href="{_text(address)}" rel="nofollow noopener noreferrer">{inner}</a>'


def _text(text: str) -> str:
    return escape(_CONTROL.sub(" ", text), quote=True)
