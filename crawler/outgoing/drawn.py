"""What chosen pages are drawn with, as far as it was archived, goes with them. Blocking.

The store doesn't know which page needs what: a picture is archived once, for whichever page named it first. So pages are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from crawler import assets, urls
from crawler.archive.places import Places
from crawler.archive.reading import MemberError, read_member
from crawler.messages import Body, header, read_response
from crawler.model import Span, Url
from crawler.preflight import MOST_BYTES, objection
from crawler.store.outgoing import Answer, Outgoing
from crawler.store.rules import Address

_DEEPEST: Final = 4
"""A page's sheet, the one it imports, what that names, and where that was moved to."""
_MOST_MEMBER: Final = 1 << 26
_REDIRECTS: Final = range(300, 400)


def take_along(root: Path, outgoing: Outgoing) -> None:
    """Add to a choice what its pages are drawn with; nothing where all goes out, or where no such thing was archived."""
    if outgoing.everything or not outgoing.has_assets():
        return
    places = Places(root)
    found = outgoing.answers()
    for _ in range(_DEEPEST):
        found = outgoing.take(sorted({address for one in found for address in _named(one, places)}))


def _named(answer: Answer, places: Places) -> Iterator[Address]:
    body = _body(answer, places)
    if body is not None:
        yield from set(map(urls.address, _needed(answer, body)))


def _needed(answer: Answer, body: Body) -> Iterable[Url]:
    url, said = answer.url, header(body.headers, "content-type")
    if answer.status in _REDIRECTS:
        return _moved(header(body.headers, "location"), url)
    if answer.mime == "text/css":
        return assets.of_style(body.body, url=url, content_type=said)
    if answer.mime in ("text/html", "application/xhtml+xml") and objection(body.body) is None:
        return assets.of_page(body.body, url=url, content_type=said)
    return ()


def _moved(location: str | None, url: Url) -> Iterator[Url]:
    try:
        if location:
            yield urls.parse(location, url)
    except urls.UrlError:
        return


def _body(answer: Answer, places: Places) -> Body | None:
    path = places.names(answer.segment).there()
    if path is None:
        return None
    try:
        member = read_member(Span(path=str(path), offset=answer.offset, length=answer.length), _MOST_MEMBER)
    except MemberError:
        return None
    return read_response(member.block, MOST_BYTES) if member.kind == "response" else None
