"""What a capture is shown as: made harmless, under a policy that lets nothing out. Blocking.

Everything a page may load comes from this one origin, which serves nothing but captures; no script runs anywhere in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple
from urllib.parse import quote

from crawler.archive import warc
from crawler.charset import decode
from crawler.extraction import inert
from crawler.messages import header
from crawler.model import Millis, Url
from crawler.preflight import objection
from crawler.replay.evidence import Evidence, Room

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_PICTURES: Final = frozenset(
    f"image/{kind}" for kind in ("png", "jpeg", "gif", "webp", "avif", "svg+xml", "x-icon", "vnd.microsoft.icon")
)
_BANNER: Final = (
    '<div dir="ltr" style="all:initial;display:block;padding:4px 8px;background:#333;color:#fff;font:13px sans-serif">'
    "You followed a link: <bdi>{}</bdi>, as captured {}. What stands above the frame speaks of the page before.</div>"
)


class Shown(NamedTuple):
    """An answer."""

    body: bytes
    content_type: str


def place(url: Url, at: Millis, *, linked: bool = False) -> str:
    """Where a capture is shown: path and query."""
    return f"/content?at={at}&url={quote(url, safe='')}" + ("&linked=1" if linked else "")


def policy(own: str, shell: str) -> Mapping[str, str]:
    """The headers of everything from this origin: no script, no plug-in, nothing from elsewhere, framed by our page only."""
    rules = (
        "sandbox",
        "default-src 'none'",
        f"img-src {own} data:",
        f"style-src {own} 'unsafe-inline'",
        "form-action 'none'",
        "base-uri 'none'",
        f"frame-ancestors {shell}",
    )
    return {
        "Content-Security-Policy": "; ".join(rules),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-DNS-Prefetch-Control": "off",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def shown(evidence: Evidence, room: Room, *, linked: bool) -> Shown:
    """A capture as the frame gets it: pages and style sheets mended, pictures as they are, all else as text."""
    url, at, mime = evidence.capture.url, evidence.capture.key.fetched_at, evidence.mime

    def resolve(found: Sequence[Url]) -> Mapping[Url, str]:
        return {one: place(one, at, linked=True) for one in room.there(found)}

    if mime in _PICTURES:
        return Shown(evidence.body.body, mime)
    said = header(evidence.body.headers, "content-type")
    text = decode(evidence.body.body, said, tld=None).text
    if mime == "text/css":
        return Shown(inert.style(text, url, resolve).encode(), "text/css; charset=utf-8")
    wrong = objection(evidence.body.body)
    if mime in _PAGES and wrong is None:
        banner = _BANNER.format(escape(url), warc.date(at)) if linked else ""
        return Shown(inert.page(text, url, resolve, banner).encode("utf-8", "replace"), "text/html; charset=utf-8")
    before = f"[not shown as a page: {wrong}]\n\n" if mime in _PAGES else ""
    return Shown((before + text).encode("utf-8", "replace"), "text/plain; charset=utf-8")
