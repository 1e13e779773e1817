"""What hurts a crawler, served at loopback addresses: one behaviour a path, written to the socket byte by byte."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable, Mapping

import brotli

from tests.whole.serving import Serving

Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Answers one request; the connection is closed behind it."""

MB = 1 << 20


def html(body: bytes) -> bytes:
    return b"<!doctype html><html><head><title>bomb</title></head><body>" + body


def whole(body: bytes, kind: str = "text/html; charset=utf-8", more: str = "") -> Talk:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode())
        for begin in range(0, len(body), 1 << 16):
            writer.write(body[begin : begin + (1 << 16)])
            await writer.drain()

    return talk


def endless(head: str, piece: bytes, *, pause: float = 0.0) -> Talk:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\n{head}".encode())
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return talk


def zeros_in_gzip(times: int) -> Talk:
    """So many MB of zeros, made of one block that is sent again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
        writer.write(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
        for _ in range(times):
            writer.write(block)
            await writer.drain()

    return talk


def packed(body: bytes, kind: str = "text/html") -> Talk:
    return whole(gzip.compress(body, 1), kind, "Content-Encoding: gzip\r\n")


def brotli_bomb(size: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(16 * MB)) for _ in range(size // (16 * MB))) + packer.finish()


def feed(items: int) -> bytes:
    entry = (
        "<item><title>t{0}</title><link>http://127.0.14.250/{0}</link><guid>g{0}</guid><description>{1}</description></item>"
    )
    said = "x" * 100
    return (
        b"<rss version='2.0'><channel><title>f</title>%s</channel></rss>"
        % "".join(entry.format(n, said) for n in range(items)).encode()
    )


def sitemap(urls: int) -> bytes:
    rows = "".join(f"<url><loc>http://127.0.14.250/{n}</loc></url>" for n in range(urls))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


LAUGHS = (
    b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY l0 'lol'>"
    + b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 11))
    + b"]><rss version='2.0'><channel><title>&l10;</title><item><title>&l10;</title><guid>l</guid></item></channel></rss>"
)
QUADRATIC = (
    b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY q '"
    + b"q" * 100_000
    + b"'>]><rss version='2.0'><channel><item><title>"
    + b"&q;" * 20_000
    + b"</title></item></channel></rss>"
)


async def nothing(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


FREEZING: Mapping[str, Callable[[], Talk]] = {
    # gets past the linear look: no tag has more attributes than are let through
    "attributes, many tags": lambda: whole(html(900 * (b"<p " + b" ".join(b"a%d" % n for n in range(1_990)) + b">"))[: 6 * MB]),
}
PAGES: Mapping[str, Callable[[], Talk]] = {
    # each element is closed, but in a comment
    "freeze": lambda: whole(html(b"".join(b"<p><font size=%d><!--</font>-->" % n for n in range(3000)))),
    "formatting": lambda: whole(html(b"".join(b"<p><font size=%d>" % n for n in range(3000)))),
    "deep": lambda: whole(html(b"<div>" * 20_000)),
    "deep in comments": lambda: whole(html(b"<div><!--</div>-->" * 100_000)),
    "attributes": lambda: whole(html(b"<p " + b" ".join(b"a%d" % n for n in range(20_000)) + b">")),
    "options": lambda: whole(html(b"<option>x" * 20_000)),
    "gzip of 10 GB": lambda: zeros_in_gzip(10_240),
    "brotli of 2 GB": lambda: whole(brotli_bomb(2048 * MB), more="Content-Encoding: br\r\n"),
    "paragraphs, 60 MB packed": lambda: packed(html(b"<p>a</p>" * (60 * MB // 8))),
    "links, 60 MB packed": lambda: packed(html(b"<a href=/x>a</a>" * (60 * MB // 16))),
    "text, 60 MB packed": lambda: packed(html(b"<article><p>" + b"word, " * (60 * MB // 6))),
    "paragraphs, 15 MB": lambda: whole(html(b"<p>some words</p>" * (15 * MB // 17))),
    "metas, 15 MB": lambda: whole(html(b"<meta property=og:title content=x>" * (15 * MB // 34))),
    "nul bytes, 15 MB": lambda: whole(bytes(15 * MB)),
    "endless page": lambda: endless("Content-Type: text/html\r\nConnection: close\r\n\r\n", b"<p>and so on</p>" * 4096),
    "endless chunks": lambda: endless(
        "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"w" * 65_536 + b"\r\n"
    ),
    "small chunks": lambda: endless("Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nw\r\n" * 10_000),
    "endless headers": lambda: endless("", b"X-Filler: " + b"x" * 500 + b"\r\n", pause=0.001),
    "drip": lambda: endless("Content-Type: text/html\r\nContent-Length: 1000000\r\n\r\n", b"x", pause=0.3),
    "dripping head": lambda: endless("", b"X", pause=0.3),
    "no answer": lambda: nothing,
}
SOURCES: Mapping[str, Callable[[], Talk]] = {
    "feed of 20 MB": lambda: whole(feed(110_000), "application/rss+xml"),
    "feed of 20 MB, packed": lambda: packed(feed(110_000), "application/rss+xml"),
    "billion laughs": lambda: whole(LAUGHS, "application/rss+xml"),
    "quadratic": lambda: whole(QUADRATIC, "application/rss+xml"),
    "deep xml": lambda: whole(b"<rss><channel>" + b"<a>" * 200_000, "application/rss+xml"),
    "broken feed of 15 MB": lambda: whole(b"<rss><channel>&bad;" + feed(80_000)[30:], "application/rss+xml"),
    "sitemap of 60 MB, packed": lambda: packed(sitemap(1_200_000), "application/xml"),
    "section of 60 MB, packed": lambda: packed(html(b"<h2><a href=/a/b-c-d>some words here</a></h2>" * (60 * MB // 45))),
}


class Bombs(Serving):
    """Serves each behaviour at `/<its name>` of an address of its own (`urls`), in a thread, until the `with` ends."""

    def __init__(self, behaviours: Mapping[str, Callable[[], Talk]], net: str) -> None:
        self._talks = {f"{net}.{n}": make() for n, make in enumerate(behaviours.values(), start=1)}
        self.hosts = dict(zip(behaviours, self._talks, strict=True))
        super().__init__(self._talks)

    def url(self, name: str) -> str:
        return f"http://{self.hosts[name]}:{self.port}/{name.replace(' ', '-').replace(',', '')}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET /robots.txt "):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            await self._talks[writer.get_extra_info("sockname")[0]](writer)
