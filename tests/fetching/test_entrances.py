"""How single sources are asked: what goes to their own site only, through which proxy, and what is kept of it."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crawler.clock import SystemClock
from crawler.fetching.entrances import PLAIN, Entrances, NoSecretError, Way, proxy_of
from crawler.fetching.http import Limits, open_fetcher
from crawler.messages import read_response
from crawler.model import Broken, Details, Entrance, Fetched, Kind, Refused, Request, Said, SourceId, Url
from tests.fetching.proxies import Proxy
from tests.fetching.scripted import answer

KEYS = Path(__file__).with_name("self-signed.pem")
LIMITS = Limits(connect=2, idle=1, total=3)
ME = SourceId("me")
SECRETS = {"${KEY}": "k3y", "${PASSWORD}": "p4ss", "${PROXY}": "http://salma:5ecret@127.0.0.1:{}"}
ENTRANCE = Entrance(
    headers=(("X-Edition", "gulf"), ("X-Api-Key", "${KEY}")),
    cookies=(("session", "${KEY}"), ("b", "c")),
    user="salma",
    password="${PASSWORD}",
    user_agent="Salma/1 (+https://salma.example)",
)


def resolve(place: str) -> str:
    if place.startswith("${") and place not in SECRETS:
        raise NoSecretError(f"the environment has no {place}")
    return SECRETS.get(place, place)


def entrances(entrance: Entrance, home: str = "https://paper.example/rss") -> Entrances:
    said = Said(url=Url(home), details=Details(entrance=entrance))
    return Entrances(lambda source: said if source == ME else None, resolve, "Warraq/1.0")


def way(url: str, entrance: Entrance = ENTRANCE, *, kind: Kind = Kind.PAGE, source: SourceId | None = ME) -> Way:
    return entrances(entrance).way(Request(url=Url(url), kind=kind, source=source))


def test_what_is_secret_goes_to_the_sources_own_site() -> None:
    found = way("https://www.paper.example/1")
    assert dict(found.headers) == {
        "X-Edition": "gulf",
        "X-Api-Key": "k3y",
        "Cookie": "session=k3y; b=c",
        "Authorization": "Basic c2FsbWE6cDRzcw==",
    }
    assert found.secret == {"x-api-key", "cookie", "authorization"}


@pytest.mark.parametrize(
    ("url", "kind", "source"),
    [
        ("https://other.example/1", Kind.PAGE, ME),
        ("http://paper.example/1", Kind.PAGE, ME),
        ("https://paper.example/robots.txt", Kind.ROBOTS, ME),
        ("https://paper.example/1", Kind.PAGE, None),
        ("https://paper.example/1", Kind.PAGE, SourceId("another")),
    ],
)
def test_and_nowhere_else(url: str, kind: Kind, source: SourceId | None) -> None:
    assert way(url, kind=kind, source=source).headers == ()


def test_our_name_stands_in_every_user_agent() -> None:
    assert way("https://paper.example/robots.txt", kind=Kind.ROBOTS).agent == "Salma/1 (+https://salma.example) Warraq/1.0"
    assert way("https://paper.example/1", Entrance(user_agent="warraq/9 (mine)")).agent == "warraq/9 (mine)"
    assert way("https://other.example/1").agent is None
    assert way("https://paper.example/1", Entrance()) == PLAIN


def test_a_proxy_is_asked_for_all_that_is_the_sources_and_its_password_stands_apart() -> None:
    through = Entrance(proxy="socks5://127.0.0.1:9050")
    for url, kind in (("https://other.example/1", Kind.PAGE), ("https://paper.example/robots.txt", Kind.ROBOTS)):
        assert way(url, through, kind=kind).proxy == "socks5://127.0.0.1:9050"
    place, auth = proxy_of(Way(proxy="http://salma:a:b@proxy.example:3128"))
    assert (place, auth) == ("http://proxy.example:3128", ("salma", "a:b"))


def test_a_secret_that_can_not_be_had_is_told_by_its_place() -> None:
    with pytest.raises(NoSecretError, match=r"\$\{NIX\}"):
        way("https://paper.example/1", Entrance(cookies=(("a", "${NIX}"),)))


@pytest.mark.parametrize("found", ["${KEY}", "proxy.example:3128", "http://", "http://[x", "http://a:port", "ftp://a:1"])
def test_without_the_proxy_that_was_wanted_nobody_is_asked(found: str) -> None:
    with pytest.raises(NoSecretError, match="is no proxy"):
        way("https://paper.example/1", Entrance(proxy=found))


# --- over the wire


@asynccontextmanager
async def asking(entrance: Entrance, home: str, **more):
    async with open_fetcher(
        LIMITS, agent="Warraq/0", clock=SystemClock(), allow=["127.0.0.0/8"], entrances=entrances(entrance, home), **more
    ) as fetcher:
        yield lambda url: fetcher.fetch(Request(url=Url(url), kind=Kind.PAGE, source=ME))


def through(scheme: str, port: int, home: str, **more):
    return asking(Entrance(proxy=f"{scheme}://127.0.0.1:{port}"), home, **more)


async def test_what_was_secret_is_stars_in_what_is_kept(server) -> None:
    server.scripts["/1"] = [answer(body=b"hello")]
    async with asking(ENTRANCE, server.base) as ask:
        outcome = await ask(f"{server.base}/1")
    assert isinstance(outcome, Fetched)
    sent = server.requests[0][1]
    assert b"X-Api-Key: k3y\r\n" in sent
    assert b"User-Agent: Salma/1 (+https://salma.example) Warraq/1.0" in sent
    kept = outcome.exchanges[0].request
    assert b"X-Api-Key: ***\r\n" in kept
    assert b"X-Edition: gulf\r\n" in kept
    assert len(kept) == len(sent)
    assert not any(secret in kept for secret in (b"k3y", b"p4ss", b"c2FsbWE6"))


async def test_without_its_secret_a_source_is_not_asked(server) -> None:
    async with asking(Entrance(cookies=(("a", "${NIX}"),)), server.base) as ask:
        outcome = await ask(f"{server.base}/1")
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.detail) == ("forbidden", "the environment has no ${NIX}")
    assert server.requests == []


async def test_through_an_http_proxy_the_bytes_are_kept_as_they_went(server) -> None:
    server.scripts["/1"] = [answer(body=b"hello")]
    async with Proxy({"paper.example": server.port}) as proxy:
        through = Entrance(proxy=f"http://salma:5ecret@127.0.0.1:{proxy.port}")
        async with asking(through, "http://paper.example/") as ask:
            outcome = await ask("http://paper.example/1")
    assert isinstance(outcome, Fetched)
    exchange = outcome.exchanges[0]
    assert read_response(exchange.response, 100).body == b"hello"
    assert exchange.peer is None  # it would be the proxy's
    assert proxy.asked[0].startswith("GET http://paper.example/1 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic c2FsbWE6NWVjcmV0" in proxy.asked[0]
    assert exchange.request.startswith(b"GET http://paper.example/1 HTTP/1.1\r\n")
    assert b"NWVjcmV0" not in exchange.request


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_tls_goes_through_a_proxy_unseen_and_the_tap_sees_what_is_in_it(scheme: str) -> None:
    trusted = ssl.create_default_context(cafile=str(KEYS))
    trusted.check_hostname = False
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(KEYS)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(body=b"hello"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=serving)
    async with (
        server,
        Proxy({"paper.example": server.sockets[0].getsockname()[1]}) as proxy,
        through(scheme, proxy.port, "https://paper.example/", tls=trusted) as ask,
    ):
        outcome = await ask("https://paper.example/1")
    assert isinstance(outcome, Fetched), outcome
    assert (outcome.exchanges[0].rebuilt, outcome.exchanges[0].cipher is not None) == (False, True)
    assert read_response(outcome.exchanges[0].response, 100).body == b"hello"
    assert "paper.example:443" in proxy.asked[0]
    assert b"GET /1 HTTP/1.1" in outcome.exchanges[0].request


async def test_socks_with_a_password(server) -> None:
    server.scripts["/1"] = [answer(body=b"hello")]
    async with Proxy({"paper.example": server.port}, password=True) as proxy:
        async with asking(Entrance(proxy=f"socks5://salma:5ecret@127.0.0.1:{proxy.port}"), "http://paper.example/") as ask:
            outcome = await ask("http://paper.example/1")
        async with asking(Entrance(proxy=f"socks5://salma:wrong@127.0.0.1:{proxy.port}"), "http://paper.example/") as ask:
            refused = await ask("http://paper.example/1")
    assert isinstance(outcome, Fetched)
    assert proxy.asked == ["paper.example:80"]
    assert isinstance(refused, Broken)
    assert "doesn't take this password" in refused.detail
    assert "wrong" not in refused.detail


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_can_not_reach_the_host_or_is_not_there_is_told(scheme: str) -> None:
    async with Proxy({}) as proxy, through(scheme, proxy.port, "https://paper.example/") as ask:
        unknown = await ask("https://paper.example/1")
    async with through(scheme, proxy.port, "https://paper.example/") as ask:
        away = await ask("https://paper.example/1")
    assert (isinstance(unknown, Broken), isinstance(away, Broken)) == (True, True)
    assert (unknown.reason, away.reason) == ("connect", "connect")


async def test_a_private_address_is_refused_through_a_proxy_too() -> None:
    async with Proxy({"10.0.0.1": 1}) as proxy, through("http", proxy.port, "http://paper.example/") as ask:
        outcome = await ask("http://10.0.0.1/")
    assert isinstance(outcome, Refused)
    assert proxy.asked == []
