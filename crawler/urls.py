"""Addresses: one WHATWG parser, the fetch URL, the dedupe key, and the hashes both are stored under. Pure.

Two strings, never mixed up: the *fetch URL* is what a server is asked for; the *dedupe key* decides whether we were there
before, and is never fetched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple
from urllib.parse import unquote

from publicsuffixlist import PublicSuffixList
from upa_url import URL

from crawler.digests import short_name
from crawler.model import HostId, SourceId, Url, UrlHash

KEY_VERSION: Final = 2
"""Version of the dedupe key, stored with the store: hashes can't be migrated, only made anew from the captures' addresses."""

MOST_CHARS: Final = 16_384
"""Longer addresses are refused (a trap, or an attack)."""

# Parameters that tell where a reader came from and change nothing on the page. Own list, from the documentation of the
# products named: Google Analytics and Ads, Matomo, Meta, Microsoft, Yandex, X, TikTok, LinkedIn, Pinterest, Mailchimp, HubSpot,
# Vero, Oracle, Marketo, Piano, BBC, Adobe, Echobox, comScore, Taboola, Outbrain, Branch, Mixpanel, Alibaba.
# Deliberately absent: whatever also names things (`id`, `cid`, `ncid`, `p`, `ref`, `source`, `from`, `s`).
_TRACKING: Final = re.compile(
    r"utm_\w+|ga_(?:source|medium|campaign|term|content)|_ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|gad_(?:source|campaignid)|srsltid"
    r"|(?:mtm|matomo)_\w+|(?:pk|piwik)_(?:campaign|kwd|keyword|source|medium|content|cid)"
    r"|fbclid|fb_(?:action_ids|action_types|source|ref)|igshid|igsh|msclkid|yclid|ysclid|ymclid|_openstat|twclid|ref_src|ref_url"
    r"|__twitter_impression|ttclid|li_fat_id|epik|mc_cid|mc_eid|_hsenc|_hsmi|__hs\w+|hsctatracking|vero_id|vero_conv"
    r"|oly_anon_id|oly_enc_id|mkt_tok|xtor|at_(?:medium|campaign|custom\d|link\w*|format|ptr_\w+|bbc_\w+)|s_cid|echobox|cmpid"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|tblci|dicbo|_branch_match_id|mixpanel_id|wt\.?_?mc(?:_\w+)?"
    r"|spm|guccounter|guce_referrer(?:_sig)?|soc_(?:src|trk)|__cf_chl_\w+",
    re.IGNORECASE,
)
_SESSION: Final = re.compile(r"jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken|oscsid|zenid", re.IGNORECASE)
# Shorter names are a session only where the value looks like one: `sid=12` is an article.
_SESSION_PAIR: Final = re.compile(
    r"(?:sid|s_?id|sess(?:ion)?_?id)=(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-z]{26})", re.IGNORECASE | re.ASCII
)
_JAVA_SESSION: Final = re.compile(r"(?<=[^/.]);jsessionid=[^/?#;]*", re.IGNORECASE | re.ASCII)
# ASP.NET's without cookies: `/(S(lit3py55t21z5v55vlm25s55))/`.
_PATH_SESSION: Final = re.compile(r"(?<=/)\((?:[ASFX]\([0-9a-z]{24,}\))+\)/", re.IGNORECASE | re.ASCII)

_WEB: Final = ("http:", "https:")
_LONE: Final = re.compile("[\ud800-\udfff]")
"""Halves of characters, as JSON can spell them: no text in UTF-8 has one, and browsers put the same sign in their place."""

_HOME: Final = re.compile(r"/(?:(?:index|default|home)\.\w{2,5}|[a-z]{2}(?:-[a-z]{2,4})?/?)?", re.IGNORECASE | re.ASCII)
"""The path of a home page, or of one language's."""


class UrlError(ValueError):
    """Not an address that can be crawled; says what is wrong with it."""


def parse(text: str, base: str | None = None) -> Url:
    """The fetch URL of a text: WHATWG href, http or https, without userinfo and fragment.

    Raises:
        UrlError: it is no URL, has another scheme, or is longer than `MOST_CHARS`.
    """
    if len(text) > MOST_CHARS:
        raise UrlError(f"address of {len(text)} characters; {MOST_CHARS} are the most")
    text = _mended(text)
    root = _base(base) if base is not None else None
    url = URL.parse(text) if base is None else URL.parse(text, root) if root is not None else None
    if url is None:
        raise UrlError(f"not a URL: {text[:200]!r}")
    href = url.href
    if not href.startswith(_WEB):
        raise UrlError(f"only http and https can be fetched, not {url.protocol.rstrip(':')}: {text[:200]!r}")
    if "#" in href or "@" in href:
        url.username = url.password = ""
        url.hash = ""
        href = url.href
    return Url(href)


def _mended(text: str) -> str:
    return text if text.isascii() else _LONE.sub("\ufffd", text)


# The links of a page have one base, and to read that anew for each was two thirds of the work.
@lru_cache(maxsize=16)
def _base(text: str) -> URL | None:
    return URL.parse(_mended(text))


class _Root(NamedTuple):
    """What stands before a path."""

    origin: str
    host: str
    hostname: str
    port: str


# Each page is asked eight times where it lies, and a crawl asks a few hundred hosts at a time: 2 us a parse, 0.3 a look.
@lru_cache(maxsize=1024)
def _parsed_root(text: str) -> _Root:
    parsed = URL(text)
    return _Root(str(parsed.origin), str(parsed.host), str(parsed.hostname), str(parsed.port))


def _root(url: str) -> _Root:
    end = url.find("/", len("https://"))
    return _parsed_root(url if end < 0 else url[:end])


def origin(url: str) -> str:
    """`scheme://host[:port]`: what a robots.txt speaks for."""
    return _root(url).origin


def scheme(url: str) -> str:
    """`http` or `https` (or `urn`, for a local document)."""
    return url.partition(":")[0]


def host(url: str) -> str:
    """The politeness key: the host, with its port where that isn't the scheme's default; `urn` for local documents."""
    return _root(url).host if url.startswith("http") else scheme(url)


def hostname(url: str) -> str:
    """The host without port; an IPv6 address keeps its brackets."""
    return _root(url).hostname


def port(url: str) -> int:
    """The port to connect to: the one written, else the scheme's."""
    return int(_root(url).port or (443 if scheme(url) == "https" else 80))


def path(url: str) -> str:
    """Path and query of what `parse` gave, as a request line has them."""
    begin = url.find("/", len("https://"))
    return url[begin:] if begin >= 0 else url.partition(":")[2]


def dedupe_key(url: Url) -> str:
    """The address without what doesn't change the page: tracking and session parameters; the others sorted."""
    if "?" not in url and ";" not in url and "/(" not in url:
        return url
    before, _, query = url.partition("?")
    # Behind the host: a host, too, may have a `;` and parentheses in it.
    root = before.find("/", len("https://"))
    before = before[:root] + _PATH_SESSION.sub("", _JAVA_SESSION.sub("", before[root:]))
    kept = [pair for pair in query.split("&") if pair and not _ignored(pair)]
    return f"{before}?{'&'.join(sorted(kept))}" if kept else before


def _ignored(pair: str) -> bool:
    # Feeds that escape twice say `&amp;utm_source=…`.
    pair = pair.removeprefix("amp;")
    name = unquote(pair.partition("=")[0])
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name) or _SESSION_PAIR.fullmatch(pair))


@lru_cache(maxsize=1024)
def host_id(politeness_key: str) -> HostId:
    """The host's key in the store."""
    return HostId(_hash64(politeness_key))


def url_hash(url: Url) -> UrlHash:
    """The address's key within its host."""
    return UrlHash(_hash64(dedupe_key(url)))


def address(url: Url) -> tuple[HostId, UrlHash]:
    """Under which the store keeps a URL."""
    return host_id(host(url)), url_hash(url)


def source_id(url: Url) -> SourceId:
    """The name of a source, after the address it was first given; it keeps it when it moves."""
    return SourceId(short_name(dedupe_key(url)))


def article_id(url: Url) -> str:
    """The name of an article, after the address of its page."""
    return short_name(dedupe_key(url))


def entry_article_id(feed: Url, entry_key: str) -> str:
    """The name of an article that has no page of its own: a feed's entry."""
    return short_name(f"{dedupe_key(feed)}\0{entry_key}")


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one registrable domain (an address literal: to one host)."""
    return site(hostname(one)) == site(hostname(other))


def trusted_canonical(url: Url, canonical: str | None) -> Url | None:
    """The address a page calls its own, where that can be believed: another page of the same site (registrable domain).

    None for another site's, for a home page (which careless templates name everywhere), and for what is no address. What is
    believed is an alias: it never renames a record, and never counts as seen.
    """
    if not canonical:
        return None
    try:
        named = parse(canonical, url)
    except UrlError:
        return None
    parsed = URL(named)
    home = not parsed.search and _HOME.fullmatch(parsed.pathname) is not None
    return None if home or scheme(url) == "urn" or not same_site(url, named) else named


# Links and pages of few sites are asked for theirs in a row, and each time takes 7 us.
@lru_cache(maxsize=1024)
def site(name: str) -> str:
    """The registrable domain of a host name; an address literal or a bare suffix stays as it is."""
    if name.startswith("[") or name.replace(".", "").isdigit():
        return name
    return _suffixes().privatesuffix(name) or name


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _hash64(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
