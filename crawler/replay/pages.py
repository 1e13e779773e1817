"""The pages around the frame: what was captured when, and whether it is as it was. Pure. No script is in them.

Whatever comes from an archive is escaped, and set in isolation, so that neither markup nor direction reaches what is beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from crawler.archive import warc
from crawler.archive.member import Member
from crawler.messages import read_head
from crawler.model import Capture, Millis, Url
from crawler.showing import many
from crawler.store.shelf import Headline

_STYLE = """
html,body{margin:0;height:100%;font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
body{display:flex;flex-direction:column}
header{padding:.5rem 1rem;background:#f2f0ea;border-bottom:1px solid #c9c4b6;font-size:13px}
header p{margin:.1rem 0;overflow-wrap:anywhere}
main{padding:1rem;max-width:70rem}time{white-space:nowrap}
h1{font-size:1.4rem}h1,td:last-child{overflow-wrap:anywhere}
iframe{flex:1;border:0;width:100%}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:start;vertical-align:top}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f7f7f7;padding:.7rem}
.good{color:#14532d}.bad{color:#b91c1c;font-weight:bold}
input{width:32rem;max-width:60%}
"""
MOST_CAPTURES = 1_000
"""On one page: a section that was asked each hour for six weeks."""
_MOST_BLOCK = 16_384


def front(newest: Sequence[Headline]) -> str:
    """The way in: an address to look for, and what came last."""
    rows = "".join(
        f'<tr><td>{_date(one.fetched_at)}</td><td><a href="{_view(one.url, one.fetched_at)}">'
        f"<bdi{_lang(one.language)}>{escape(one.title or one.url)}</bdi></a></td></tr>"
        for one in newest
    )
    return _page("The archive", f"<main><h1>The archive</h1>{_search('')}<table>{rows}</table></main>")


def view(capture: Capture, frame: str, sha256: str, faults: Sequence[str]) -> str:
    """A capture in its frame, with what is known of it above."""
    state = (
        f'<span class="bad">not as it was written: {escape("; ".join(faults))}</span>'
        if faults
        else '<span class="good">as it was written: every digest was made again just now</span>'
    )
    url, at = capture.url, capture.key.fetched_at
    head = (
        f"<header><p><bdi>{escape(url)}</bdi></p>"
        f"<p>captured {_date(at)} · status {capture.status} · <bdi>{escape(capture.mime or 'no type')}</bdi>"
        f"{' · a revisit' if capture.revisit_of else ''} · {state}</p>"
        f"<p>payload sha256 {sha256} · {escape(capture.digest or 'no digest')} · "
        f"<bdi>{capture.segment}</bdi> at {capture.offset}</p>"
        f'<p><a href="/captures?url={quote(url, safe="")}">all captures</a> · '
        f'<a href="/raw?at={at}&amp;url={quote(url, safe="")}">raw headers</a> · <a href="/">the archive</a></p></header>'
    )
    return _page(url, f'{head}<iframe sandbox referrerpolicy="no-referrer" title="the capture" src="{escape(frame)}"></iframe>')


def captures(url: Url, found: Sequence[Capture]) -> str:
    """All captures of an address, by time, or the newest `MOST_CAPTURES`."""
    rows = "".join(
        f'<tr><td><a href="{_view(url, one.key.fetched_at)}">{_date(one.key.fetched_at)}</a></td><td>{one.status}</td>'
        f"<td>{escape(one.mime or '')}</td><td>{'the same as before' if one.revisit_of else escape(one.digest or '')}</td></tr>"
        for one in found
    )
    newest = "the newest " if len(found) == MOST_CAPTURES else ""
    said = f"<p>{newest}{many(len(found), 'capture')}</p>" if found else "<p>Nothing of this address is in the archive.</p>"
    return _page(url, f"<main><h1><bdi>{escape(url)}</bdi></h1>{said}{_search(url)}<table>{rows}</table></main>")


def raw(capture: Capture, members: Sequence[Member]) -> str:
    """What was asked and answered, header by header, and what the archive says of each record."""
    parts = "".join(f"<h2>{escape(one.kind)}</h2><pre dir=ltr>{escape(_text(one))}</pre>" for one in members)
    title = f"<h1><bdi>{escape(capture.url)}</bdi></h1><p>captured {_date(capture.key.fetched_at)}</p>"
    return _page("Headers", f"<main>{title}{parts}</main>")


def message(text: str) -> str:
    """One sentence."""
    return _page("The archive", f'<main><p>{escape(text)}</p><p><a href="/">the archive</a></p></main>')


def _text(member: Member) -> str:
    said = "\n".join(f"{name}: {value}" for name, value in member.headers)
    head = read_head(member.block)
    size = head.size if head.status else len(member.block) if member.kind in ("request", "metadata") else 0
    return f"{said}\n\n{member.block[: min(size, _MOST_BLOCK)].decode('utf-8', 'replace')}"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _search(url: str) -> str:
    return (
        '<form action="/captures" method="get"><p><input name="url" dir="ltr" placeholder="https://…" '
        f'value="{escape(url)}"> <button>Show its captures</button></p></form>'
    )


def _view(url: str, at: Millis) -> str:
    return escape(f"/view?at={at}&url={quote(url, safe='')}")


def _lang(language: str | None) -> str:
    return f' lang="{escape(language)}"' if language else ""


def _date(at: Millis) -> str:
    return f"<time>{warc.date(at)}</time>"
