"""Many papers with many pages, none kept in memory: `papers.py HOSTS PAGES PORT`, served until killed.

Host `h` is `web.addr(h)`; /feed.xml names all its pages. A page has the frame of one of `web.page_html`, in Arabic or English,
about 60 KB; its title and its seventeen paragraphs are its own, so that none is a copy of another.
"""

from __future__ import annotations

import asyncio
import html
import random
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import web

SIZE, POOL, PARAGRAPHS = 60_000, 150, 17
TITLE, BODY = "@@title@@", "@@body@@"


class Papers:
    """What each address holds."""

    def __init__(self, pages: int, port: int) -> None:
        self._pages, self._port = pages, port
        self._frames = [frame(number) for number in range(2)]
        self._pools = [pool(number) for number in range(2)]

    def answer(self, host: int, path: str) -> tuple[str, bytes]:
        """Its media type and its bytes; those of a path that isn't there are empty."""
        if path == "/feed.xml":
            return "application/rss+xml", self._feed(host)
        if path.startswith("/news/"):
            return "text/html; charset=utf-8", self._page(host, int(path.rpartition("-")[2].removesuffix(".html")))
        return "text/plain", b"User-agent: *\nDisallow: /private/\n" if path == "/robots.txt" else b""

    def _feed(self, host: int) -> bytes:
        base = f"http://{web.addr(host)}:{self._port}/news/2026/11/22/a-headline-of-some-words"
        items = "".join(f"<item><title>{n}</title><link>{base}-{n:06}.html</link></item>" for n in range(self._pages))
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper {host}</title>{items}</channel></rss>'.encode()

    def _page(self, host: int, number: int) -> bytes:
        kind, chance = (host + number) % 2, random.Random(host << 32 | number)
        title = f"{' '.join(chance.choices(web.ENGLISH if kind else web.ARABIC, k=7))} {host}-{number}"
        body = "\n".join(f"<p>{text}</p>" for text in chance.sample(self._pools[kind], PARAGRAPHS))
        return self._frames[kind].replace(TITLE, title).replace(BODY, body).encode()


def frame(number: int) -> str:
    """A page without what is its own."""
    known = web.article(1, 0, number)
    body = "\n".join(f"<p>{html.escape(text)}</p>" for text in known["paragraphs"])
    whole = web.page_html(1, 0, number, 2, 1, SIZE).decode()
    return whole.replace(body, BODY).replace(known["title"], TITLE)


def pool(number: int) -> Sequence[str]:
    """Paragraphs of a language."""
    articles = (web.article(1, 1, 2 * index + 1 + number) for index in range(POOL))
    return [html.escape(text) for one in articles for text in one["paragraphs"]]


class Server(asyncio.Protocol):
    """Answers one request after the other."""

    def __init__(self, papers: Papers, host: int) -> None:
        self._papers, self._host = papers, host
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Whom to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what was asked for in full."""
        *whole, self._asked = (self._asked + data).split(b"\r\n\r\n")
        for request in whole:
            kind, body = self._papers.answer(self._host, request.split(b" ", 2)[1].decode())
            status = "200 OK" if body else "404 Not Found"
            head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self._transport.write(head.encode() + body)


async def serve(hosts: int, pages: int, port: int) -> None:
    """Serve until killed."""
    loop, papers = asyncio.get_running_loop(), Papers(pages, port)
    for host in range(hosts):
        await loop.create_server(lambda host=host: Server(papers, host), web.addr(host), port, backlog=256)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
