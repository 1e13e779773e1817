"""Spans of time (`2s`), sizes (`16MB`), permitted networks (`10.0.0.0/8:8080`) and addresses, as people write them."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from crawler.config.problems import Mistake
from crawler.cron import CronError
from crawler.cron import read as read_cron
from crawler.model import Seconds, Url
from crawler.urls import UrlError, parse, path
from crawler.urls import host as host_of

_SPANS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_SIZES: Final = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}

# \d and float() both know the digits of every script, so ٢s is 2s.
_SPAN: Final = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s?(ms|s|m|h|d)?")
_SIZE: Final = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s?([KMGT]?)(?:i?B)?", re.IGNORECASE)
_HEADER: Final = re.compile(r"[\x20-\x7e]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_NETWORK: Final = re.compile(r"(?:\[([0-9a-fA-F:.]+(?:/[0-9]+)?)\]|([0-9.]+(?:/[0-9]+)?))(?::([0-9]{1,5})(?:-([0-9]{1,5}))?)?")


def seconds(text: str) -> Seconds:
    """The length of `200ms`, `2s`, `15m`, `24h`, `7d`, or of a bare number of seconds.

    Raises:
        Mistake: it is none of these.
    """
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise Mistake(f"`{text[:80]}` is no span of time - write it like 200ms, 2s, 15m, 24h or 7d")
    return float(found[1]) * _SPANS[found[2] or "s"]


def size(text: str) -> int:
    """The bytes of `512B`, `64KB`, `16MB`, `1GB`, or of a bare number; a KB has 1,024.

    Raises:
        Mistake: it is none of these.
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise Mistake(f"`{text[:80]}` is no size - write it like 512B, 64KB, 16MB or 1GB")
    return round(float(found[1]) * _SIZES[f"{found[2].upper()}B"])


def span_text(length: Seconds) -> str:
    """The shortest exact way to write a span: `15m`, `1.5s`."""
    for unit in ("d", "h", "m", "s"):
        if length >= _SPANS[unit] and not length % _SPANS[unit]:
            return f"{length / _SPANS[unit]:.0f}{unit}"
    return f"{length * 1000:.15g}ms" if 0 < length < 1 else f"{length:.15g}s"


def size_text(count: int) -> str:
    """The shortest exact way to write a size: `16MB`, `1500B`."""
    for unit in ("TB", "GB", "MB", "KB"):
        if count >= _SIZES[unit] and not count % _SIZES[unit]:
            return f"{count // _SIZES[unit]}{unit}"
    return f"{count}B"


def address(text: str) -> Url:
    """The fetch URL of an address.

    Raises:
        Mistake: it is none that can be fetched.
    """
    try:
        return parse(text)
    except UrlError as error:
        raise Mistake(f"{error} - write an address that begins with https:// or http://") from None


def header(text: str) -> str:
    """A text that may stand in a request's header.

    Raises:
        Mistake: it has other than printable ASCII characters.
    """
    if not _HEADER.fullmatch(text):
        raise Mistake("it is sent in a header - write plain ASCII letters only")
    return text


def network(text: str) -> str:
    """An address or network that may be asked although it is private, with a port or a range of ports if given.

    `127.0.0.1`, `10.0.0.0/8`, `127.0.0.1:8080`, `10.0.0.0/8:8000-9000`, `::1`, `fd00::/8`, `[::1]:8080`.

    Raises:
        Mistake: it is none of these; names, above all, can point anywhere.
    """
    written = text.strip()
    if written.count(":") > 1 and not written.startswith("["):
        _net(written)
        return written
    found = _NETWORK.fullmatch(written)
    if not found:
        raise Mistake(f"`{text[:80]}` is no address - write an IP or network, like 127.0.0.1:8080, 10.0.0.0/8 or [::1]:80-90")
    _net(found[1] or found[2])
    _ports(found[3], found[4])
    return written


def listen(text: str) -> str:
    """Where to listen: an address of this machine and a port; 0 is any that is free.

    Raises:
        Mistake: it is none; a name could mean another machine tomorrow.
    """
    place, _, port = text.strip().rpartition(":")
    try:
        ip_address(place[1:-1] if place.startswith("[") and place.endswith("]") else place)
    except ValueError:
        place = ""
    if not place or not (port.isascii() and port.isdecimal() and len(port) <= 5 and int(port) <= 65_535):
        raise Mistake(f"`{text[:80]}` is no place to listen - write an address and a port, like 127.0.0.1:8765 or [::1]:8765")
    return text.strip()


def host(text: str) -> str:
    """A host, with a port if only that one is meant; as addresses have it.

    Raises:
        Mistake: it is none.
    """
    try:
        found = parse(f"https://{text.strip()}/")
    except UrlError:
        found = None
    if found is None or path(found) != "/" or "@" in text:
        raise Mistake(f"`{text[:80]}` is no host - write one like old.example or old.example:8443")
    return host_of(found)


def cron(text: str) -> str:
    """A cron string of five fields.

    Raises:
        Mistake: it is none.
    """
    try:
        read_cron(text)
    except CronError as error:
        said = str(error)
        raise Mistake(said if " - " in said else f"{said} - write minute, hour, day, month, weekday") from None
    return text


def language(text: str) -> str:
    """The primary tag of a language, as articles name theirs.

    Raises:
        Mistake: it is none.
    """
    if not _LANGUAGE.fullmatch(text):
        raise Mistake(f"`{text[:80]}` is no tag of a language - write two or three letters, like ar, fa, zh")
    return text.lower()


def pattern(text: str) -> str:
    """A pattern of path and query, as robots.txt has them.

    Raises:
        Mistake: it could fit none.
    """
    if not text.startswith(("/", "*")):
        raise Mistake(f"`{text[:80]}` fits no path - begin it with / or *, like /world/ or *.pdf$")
    return text


def field(text: str) -> str:
    """The name of a header or a cookie (a token of RFC 9110, section 5.6.2).

    Raises:
        Mistake: it is none.
    """
    if not _TOKEN.fullmatch(text):
        raise Mistake(f"`{text[:80]}` is no name for it - letters, digits and -_. will do")
    return text


def _net(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise Mistake(f"{error} - write an IP or a network, like 127.0.0.1 or 10.0.0.0/8") from None


def _ports(first: str | None, last: str | None) -> None:
    low = int(first) if first else 1
    high = int(last) if last else low
    if not 1 <= low <= high <= 65_535:
        raise Mistake(f"{low}-{high} are no ports - they go from 1 to 65535, the lower one first")
