"""Which addresses may be connected to: public ones, and private ones only where the configuration names them.

Checked three times: the address written in a URL, every answer of the resolver, and the address of each connect. The last
makes DNS rebinding impossible; the first two tell it early. Python's `is_global` alone lets 15 of 51 special addresses
through. Registries: IANA IPv4 and IPv6 Special-Purpose Address Registry, and Special-Use Domain Names (RFC 6761).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from crawler import urls
from crawler.model import Value

Address = IPv4Address | IPv6Address
AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[str | int, ...]]
"""As `getaddrinfo` gives it. aiohttp's own name for it isn't used: `warraq why` judges addresses, too, and starts sooner so."""

_V4_SPECIAL: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's metadata service, in the middle of public space
    )
)  # fmt: skip
_V6_PUBLIC: Final = IPv6Network("2000::/3")
_V6_SPECIAL: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments, with Teredo and ORCHID
        "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""The well-known prefix (RFC 6052). A network's own prefix looks like any other address; only that network routes it."""

# Names that resolve to nothing public, by their last label: loopback (RFC 6761), mDNS (RFC 6762), private use (ICANN 2024),
# home networks (RFC 8375), Tor, whose names must not be asked of DNS (RFC 7686), and what /etc/hosts has by custom.
_LOOPBACK: Final = re.compile(r"(?:.*\.)?localhost")
_LOCAL: Final = re.compile(r"(?:.*\.)?(?:localhost|localdomain|local|internal|home\.arpa|onion|ip6-localhost|ip6-loopback)")

# Where other protocols listen, to whom a request line may be a command: "port blocking" of the Fetch standard, as browsers do.
_NO_WEB: Final = frozenset(
    (
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
        111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540,
        548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566,
        6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    )
)  # fmt: skip

_ENTRY: Final = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[0-9./]+))(?::(?P<low>[0-9]{1,5})(?:-(?P<high>[0-9]{1,5}))?)?")


class AddressError(OSError):
    """The guard's no; an OSError, since that is what resolvers and connects may raise."""


class Permission(Value, frozen=True, kw_only=True):
    """A network that may be connected to though it isn't public, on some ports or all."""

    network: IPv4Network | IPv6Network
    low: int = 0
    high: int = 65_535

    def covers(self, address: Address, port: int) -> bool:
        """Whether it permits this address and port."""
        return address.version == self.network.version and address in self.network and self.low <= port <= self.high


def permission(entry: str) -> Permission:
    """Read an entry of `fetch.allow_private`: `10.0.0.0/8`, `127.0.0.1:8080`, `10.0.0.0/8:8000-9000`, `[::1]:80`, `fd00::/8`.

    Raises:
        ValueError: it is none; names are none either, since they can point anywhere.
    """
    text = entry.strip()
    if text.count(":") > 1 and not text.startswith("["):
        return Permission(network=ip_network(text))
    found = _ENTRY.fullmatch(text)
    if found is None:
        raise ValueError(f"not an address or network: {entry[:80]!r}")
    network = ip_network(found["v6"] or found["v4"])
    if found["low"] is None:
        return Permission(network=network)
    low, high = int(found["low"]), int(found["high"] or found["low"])
    if not 1 <= low <= high <= 65_535:
        raise ValueError(f"not a range of ports: {entry[:80]!r}")
    return Permission(network=network, low=low, high=high)


def is_public(address: Address) -> bool:
    """Whether anyone in the internet reaches the same machine by it.

    Mapped and translated (NAT64) addresses count as what they lead to; 6to4 and Teredo are no public addresses at all.
    """
    address = _unwrapped(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _V4_SPECIAL)
    return address in _V6_PUBLIC and not any(address in network for network in _V6_SPECIAL)


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


class Guard:
    """Says no to addresses. Reads only; one serves all connections."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        """`allow` are entries as `permission` reads them.

        Raises:
            ValueError: one of them is no such entry.
        """
        self._permissions = tuple(permission(entry) for entry in allow)
        # A host's pages are asked for one by one, and nothing of this depends on time.
        self._judged = lru_cache(maxsize=1024)(lambda origin: self._root_refusal(urls.hostname(origin), urls.port(origin)))

    def refusal(self, host: str, port: int) -> str | None:
        """Why an address may not be connected to. None: it may, or it is a name and not an address."""
        address = _literal(host)
        if address is None or is_public(address):
            return None
        inner = _unwrapped(address)
        if any(entry.covers(inner, port) for entry in self._permissions):
            return None
        return f"{address} port {port} is not a public address; fetch.allow_private can permit it"

    def url_refusal(self, url: str) -> str | None:
        """Why a URL may not be asked for. None: it may, as far as the URL itself tells; a name is judged by its answers.

        Names of local networks are refused here already, unless a private address is permitted that they may stand for.
        """
        return self._judged(urls.origin(url))

    def _root_refusal(self, host: str, port: int) -> str | None:
        if port in _NO_WEB:
            return f"{host} port {port}: no web server listens there (the Fetch standard blocks it)"
        name = host.removesuffix(".")
        if _LOOPBACK.fullmatch(name):
            return self.refusal("127.0.0.1", port) and self.refusal("::1", port)
        if _LOCAL.fullmatch(name) and not self._permissions:
            return f"{host} is a name of a local network; fetch.allow_private can permit its address"
        return self.refusal(host, port)

    def proxied_refusal(self, url: str) -> str | None:
        """As `url_refusal`, where a proxy resolves and connects for us: scheme, port, addresses and names alone are checked.

        What a name resolves to is the proxy's to check: a public name for a private address passes here. So names without a
        dot and those of local networks are refused in any case, since permissions are for addresses.
        """
        name = urls.hostname(url).removesuffix(".")
        if _literal(name) is None and ("." not in name or _LOCAL.fullmatch(name)):
            return f"{name} is a name of a local network, and where it leads can't be checked behind a proxy"
        return self.url_refusal(url)

    def socket(self, info: AddrInfo) -> socket.socket:
        """The socket for a connect (aiohttp's `socket_factory`).

        Raises:
            AddressError: it would go where it may not.
        """
        family, kind, protocol, _, target = info
        host, port = str(target[0]), int(target[1])
        refusal = self.refusal(host, port) if _literal(host) else f"{host!r} is no address"
        if refusal is not None:
            raise AddressError(refusal)
        return socket.socket(family, kind, protocol)
