"""How the sites of single sources are asked: headers, cookies, a password, a name, a proxy.

What is secret goes to the source's own site and nowhere else: not to what it links to, not over http where the source is https,
not with robots.txt. It is put in here, at the last moment, and starred in what is archived.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from yarl import URL

from crawler import urls
from crawler.model import Entrance, Kind, Request, Said, SourceId, Url, Value

Resolve = Callable[[str], str]
"""What stands behind `${NAME}` or `file:/path`; a text that is no such place as it is."""


class NoSecretError(Exception):
    """A secret isn't where it was said to be; says where."""


class Way(Value, frozen=True, kw_only=True):
    """What a request has besides what all have."""

    headers: tuple[tuple[str, str], ...] = ()
    secret: frozenset[str] = frozenset()
    """Names, in lower case, of headers whose values are nobody's business."""
    agent: str | None = None
    proxy: str | None = None
    """With the password in it, if it has one."""


PLAIN: Final = Way()


class Entrances:
    """Knows the way of each request by the source it is made for."""

    def __init__(self, said: Callable[[SourceId | None], Said | None], resolve: Resolve, product: str) -> None:
        """`product` is our token (`Warraq/1.0`): it stands in every User-Agent, since robots.txt speaks to it."""
        self._said = said
        self._resolve = resolve
        self._product = product

    def way(self, request: Request) -> Way:
        """The way of a request.

        Raises:
            NoSecretError: something it needs can't be had; nothing may be sent.
        """
        said = self._said(request.source)
        if said is None or said.details.entrance == _NONE:
            return PLAIN
        entrance, home = said.details.entrance, said.url
        proxy = self._proxy(entrance.proxy) if entrance.proxy else None
        if not urls.same_site(request.url, home):
            return Way(proxy=proxy)
        agent = self._agent(entrance.user_agent)
        if request.kind is Kind.ROBOTS or _downgraded(request.url, home):
            return Way(proxy=proxy, agent=agent)
        headers = self._headers(entrance)
        return Way(headers=headers, secret=_secret(headers, entrance), agent=agent, proxy=proxy)

    def _proxy(self, place: str) -> str:
        # Without the proxy that was wanted nobody is asked: not by accident from our own address.
        found = self._resolve(place)
        if not found.startswith(("http://", "socks5://", "socks5h://")):
            raise NoSecretError(f"what stands in {place} is no proxy")
        try:
            known = URL(proxy_of(Way(proxy=found))[0] or "")
        except ValueError:
            known = URL()
        if not known.host:
            raise NoSecretError(f"what stands in {place} is no proxy")
        return found

    def _agent(self, text: str | None) -> str | None:
        if text is None or self._product.partition("/")[0].lower() in text.lower():
            return text
        return f"{text} {self._product}"

    def _headers(self, entrance: Entrance) -> tuple[tuple[str, str], ...]:
        found = [(name, self._resolve(value)) for name, value in entrance.headers]
        if entrance.cookies:
            found.append(("Cookie", "; ".join(f"{name}={self._resolve(value)}" for name, value in entrance.cookies)))
        if entrance.user is not None and entrance.password is not None:
            found.append(("Authorization", basic(entrance.user, self._resolve(entrance.password))))
        return tuple(found)


_NONE: Final = Entrance()


def _secret(headers: tuple[tuple[str, str], ...], entrance: Entrance) -> frozenset[str]:
    """What stands in the configuration as it is, is no secret: the archive may say that it was sent."""
    plain = {name for name, value in entrance.headers if (name, value) in headers}
    return frozenset(name.lower() for name, _ in headers if name not in plain)


def _downgraded(url: Url, home: Url) -> bool:
    return urls.scheme(home) == "https" and urls.scheme(url) != "https"


def basic(user: str, password: str) -> str:
    """The value of an Authorization header (RFC 7617)."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def proxy_of(way: Way) -> tuple[str | None, tuple[str, str] | None]:
    """The proxy's address without user and password, and these."""
    if way.proxy is None:
        return None, None
    scheme, _, rest = way.proxy.partition("://")
    user, sign, place = rest.rpartition("@")
    if not sign:
        return way.proxy, None
    name, _, password = user.partition(":")
    return f"{scheme}://{place}", (name, password)
