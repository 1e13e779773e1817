"""What a publisher says on reuse: recorded word for word with each article, enforced nowhere. Pure.

`Article.rights` has a key a signal, named by where it stands:

- `meta robots`, and `meta NAME` for a tag that gives the same directives to one agent (`googlebot`, `bingbot`, `gptbot` …);
  `header x-robots-tag`, where an agent's name may stand before its directives and `unavailable_after` is a date;
- `meta tdm-reservation`, `meta tdm-policy`, `header tdm-reservation`, `header tdm-policy`: the TDM Reservation Protocol (W3C
  Community Group, 2024). Its file, /.well-known/tdmrep.json, isn't asked for: that would be a request to every host for what
  few have; a page's own header overrides it anyway;
- `robots.txt content-signal`, `header content-signal` (contentsignals.org), `robots.txt content-usage`,
  `header content-usage` (IETF AIPREF), of robots.txt as it was when the page was asked for;
- `robots.txt license`, `link license`, `header link license`: addresses of terms, as RSL 1.0 or Creative Commons give them;
- `meta copyright`, `meta dcterms.rights`, `meta dc.rights`, `meta dcterms.license`: in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

MOST_CHARS: Final = 2_000
"""Of a value; what comes behind is left out."""

FIELDS: Final[Mapping[str, str]] = {
    "robots.txt content-signal": "robotsContentSignal",
    "robots.txt content-usage": "robotsContentUsage",
    "robots.txt license": "robotsLicense",
}
"""The signals of robots.txt, with their names in a WARC's metadata record: the page's own bytes don't hold them."""

_MOST_AGENTS: Final = 20  # robots metas that name a crawler; a page has one or two
_METAS: Final = (
    "robots", "x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal", "copyright", "dcterms.rights", "dc.rights",
    "dcterms.license", "dc.rights.license",
)  # fmt: skip
_KNOWN: Final = frozenset(_METAS)
_HEADERS: Final = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal", "content-usage")

# Directives of Google, Bing, Yandex and DeviantArt (noai). Those that forbid something tell such a tag from any other.
_NO: Final = "no(?:index|follow|archive|cache|snippet|translate|imageindex|odp|ydir|ai|imageai|ml|sitelinkssearchbox)"
_LIMITS: Final = r"(?:max-(?:snippet|image-preview|video-preview)|unavailable_after)\s*:"
_YES: Final = "all|none|index|follow|archive|indexifembedded|snippet"
_FORBIDS: Final = re.compile(rf"{_NO}|{_LIMITS}.*", re.IGNORECASE)
_ALLOWS: Final = re.compile(_YES, re.IGNORECASE)
_FIRST: Final = re.compile(rf"\s*(?=[mnuafis])(?:{_LIMITS}|(?:{_NO}|{_YES})\s*(?:,|$))", re.IGNORECASE)
"""How they begin. Of the thirty tags of a page one or two do."""
_AGENT: Final = re.compile(r"[a-z][a-z0-9_.-]{1,40}")
_LICENSE: Final = re.compile(r"<([^<>]{1,2000})>[^<>]{0,500}?\brel\s*=\s*\"?[^\",;]*\blicense\b", re.IGNORECASE)


def of_page(metas: Mapping[str, Sequence[str]], license_link: str | None) -> dict[str, str]:
    """Signals in a page: of its meta tags (lower-case name -> contents) and of its `<link rel=license>`."""
    found = {f"meta {name}": ", ".join(metas[name])[:MOST_CHARS] for name in (*_METAS, *_agents(metas)) if metas.get(name)}
    if license_link:
        found["link license"] = license_link[:MOST_CHARS]
    return found


def of_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Signals in an answer's headers; several lines of one name are joined by commas."""
    lower = {name.lower(): value for name, value in headers.items()}
    found = {f"header {name}": lower[name][:MOST_CHARS] for name in _HEADERS if lower.get(name)}
    terms = _LICENSE.findall(lower.get("link", "")[: 4 * MOST_CHARS])
    if terms:
        found["header link license"] = ", ".join(terms)[:MOST_CHARS]
    return found


def _agents(metas: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of tags that speak to one agent, told by what they say: there is no list of all robots."""
    likely = [name for name in metas if ":" not in name and name not in _KNOWN]  # two of three are OpenGraph's and its like
    return [name for name in likely if all(map(_directs, metas[name])) and _AGENT.fullmatch(name)][:_MOST_AGENTS]


def _directs(content: str) -> bool:
    # What follows a directive with a date may be the rest of that date: `unavailable_after: Friday, 25 Jun 2027 …`.
    dated = "_" in content and "unavailable_after" in content.lower()
    if not dated and not _FIRST.match(content):
        return False
    words = [word.strip() for word in content[:MOST_CHARS].split(",")]
    if not any(_FORBIDS.fullmatch(word) for word in words):
        return False
    return dated or all(_FORBIDS.fullmatch(word) or _ALLOWS.fullmatch(word) for word in words)
