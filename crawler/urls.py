"""Addresses: one WHATWG parser, the fetch URL, the dedupe key, and the hashes both are stored under. Pure.

Two strings, never mixed up: the *fetch URL* is what a server is asked for; the *dedupe key* decides whether we were there
before, and is never fetched.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from publicsuffixlist import PublicSuffixList
from upa_url import URL

from crawler.model import HostId, SourceId, Url, UrlHash

KEY_VERSION: Final = 1
"""Version of the dedupe key, stored with the store: hashes can't be migrated, only made anew (`store rekey`)."""

MOST_CHARS: Final = 16_384
"""Longer addresses are refused (a trap, or an attack)."""

# Parameters that tell where a reader came from and change nothing on the page. Own list, from the documentation of the
# products named: Google (utm_*, gclid …), Meta, Microsoft, Yandex, X, Mailchimp, HubSpot, Matomo, Piano, Echobox, Marketo.
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium|content|cid)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid"
    r"|ysclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|__hs\w+|hsctatracking|vero_id|vero_conv|oly_anon_id"
    r"|oly_enc_id|mkt_tok|srsltid|_ga|_gl|xtor|at_(?:medium|campaign|custom\d|link\w*|format|ptr_\w+|bbc_\w+)|echobox|cmpid"
    r"|ref_src|ns_(?:mchannel|source|campaign|linkname|fee))",
    re.IGNORECASE,
)
_SESSION: Final = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken)", re.IGNORECASE)
_PATH_SESSION: Final = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)


class UrlError(ValueError):
    """Not an address that can be crawled; says what is wrong with it."""


def parse(text: str, base: str | None = None) -> Url:
    """The fetch URL of a text: WHATWG href, http or https, without userinfo and fragment.

    Raises:
        UrlError: it is no URL, has another scheme, or is longer than `MOST_CHARS`.
    """
    if len(text) > MOST_CHARS:
        raise UrlError(f"address of {len(text)} characters; {MOST_CHARS} are the most")
    url = URL.parse(text, base) if base is not None else URL.parse(text)
    if url is None:
        raise UrlError(f"not a URL: {text[:200]!r}")
    if url.protocol not in ("http:", "https:"):
        raise UrlError(f"only http and https can be fetched, not {url.protocol.rstrip(':')}: {text[:200]!r}")
    url.username = url.password = ""
    url.hash = ""
    return Url(url.href)


def origin(url: str) -> str:
    """`scheme://host[:port]`: what a robots.txt speaks for."""
    return str(URL(url).origin)


def scheme(url: str) -> str:
    """`http` or `https` (or `urn`, for a local document)."""
    return url.partition(":")[0]


def host(url: str) -> str:
    """The politeness key: the host, with its port where that isn't the scheme's default; `urn` for local documents."""
    return str(URL(url).host) if url.startswith("http") else scheme(url)


def hostname(url: str) -> str:
    """The host without port; an IPv6 address keeps its brackets."""
    return str(URL(url).hostname)


def port(url: str) -> int:
    """The port to connect to: the one written, else the scheme's."""
    return int(URL(url).port or (443 if scheme(url) == "https" else 80))


def path(url: str) -> str:
    """Path and query, as a request line has them."""
    parsed = URL(url)
    return str(parsed.pathname + parsed.search)


def dedupe_key(url: Url) -> str:
    """The address without what doesn't change the page: tracking and session parameters; the others sorted."""
    if "?" not in url and ";" not in url:
        return url
    before, _, query = url.partition("?")
    before = _PATH_SESSION.sub("", before)
    kept = [pair for pair in query.split("&") if pair and not _ignored(pair.partition("=")[0])]
    return f"{before}?{'&'.join(sorted(kept))}" if kept else before


def _ignored(name: str) -> bool:
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name))


def host_id(politeness_key: str) -> HostId:
    """The host's key in the store."""
    return HostId(_hash64(politeness_key))


def url_hash(url: Url) -> UrlHash:
    """The address's key within its host."""
    return UrlHash(_hash64(dedupe_key(url)))


def source_id(url: Url) -> SourceId:
    """The name of a source, after the address it was first given; it keeps it when it moves."""
    return SourceId(_name(dedupe_key(url)))


def article_id(url: Url) -> str:
    """The name of an article, after the address of its page."""
    return _name(dedupe_key(url))


def entry_article_id(feed: Url, entry_key: str) -> str:
    """The name of an article that has no page of its own: a feed's entry."""
    return _name(f"{dedupe_key(feed)}\0{entry_key}")


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one registrable domain (an address literal: to one host)."""
    return site(hostname(one)) == site(hostname(other))


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


def _name(text: str) -> str:
    return base64.b32encode(blake2b(text.encode(), digest_size=10).digest()).decode().lower()
