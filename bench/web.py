"""A web of one's own, on loopback: N hosts of M news pages each, the same bytes for the same numbers, with the truth known.

    python bench/web.py serve --hosts 5 --pages 20 --port 8080

Host `h` is the address `addr(h)`. Each has /robots.txt, /feed.xml (RSS), /sitemap.xml, / (a section page), and
pages of about `size` bytes, Arabic and English in turn: navigation, scripts, styles, related stories, comments, a footer.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import html
import json
import random
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from itertools import product

ARABIC = (
    "الميناء المدينة الطريق الجسر المدرسة السوق المطر النهر الجبل القطار المكتبة المزرعة الحديقة المستشفى البلدية "
    "السكان الخبراء قال أضاف أوضح أشار ذكر بدأ انتهى افتتح شارك نظم جديد قديم كبير صغير سريع طويل هذا العام أمس "
    "اليوم غدا صباحا مساء بعد قبل خلال"
).split()
ENGLISH = (
    "harbour city road bridge school market rain river mountain train library farm garden hospital council "
    "residents experts said added explained noted opened closed began ended joined planned new old large small "
    "quick long this year yesterday today "
).split()
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def addr(host: int) -> str:
    """The loopback address of a host."""
    return f"127.0.{1 + host // 250}.{1 + host % 250}"


@cache
def article(seed: int, host: int, number: int) -> dict:
    """What a perfect reader would find in a page."""
    chance = random.Random(f"{seed}/{host}/{number}")
    arabic = (host + number) % 2 == 0
    words = ARABIC if arabic else ENGLISH
    paragraphs = [
        " ".join(f"{' '.join(chance.choices(words, k=chance.randint(9, 22)))}." for _ in range(chance.randint(2, 4)))
        for _ in range(chance.randint(12, 22))
    ]
    when = START - timedelta(minutes=11 * number + host)
    slug = "-".join(chance.choices(ENGLISH, k=5))
    return {
        "title": f"{' '.join(chance.choices(words, k=7))} {host}-{number}",
        "author": " ".join(chance.choices(words, k=2)),
        "when": when,
        "lang": "ar" if arabic else "en",
        "paragraphs": paragraphs,
        "path": f"/news/{when:%Y/%m/%d}/{slug}-{number:06d}.html",
    }


def path_of(seed: int, host: int, number: int) -> str:
    """The path of a page."""
    return article(seed, host, number)["path"]


def truth(seed: int, host: int, number: int) -> dict[str, str]:
    """What an extractor is held to."""
    known = article(seed, host, number)
    text = "\n".join(known["paragraphs"])
    return {"title": known["title"], "text": text, "date": known["when"].isoformat(), "author": known["author"]}


def page_html(seed: int, host: int, number: int, pages: int, hosts: int, size: int) -> bytes:
    """One page."""
    known = article(seed, host, number)
    chance = random.Random(f"{seed}/{host}/{number}/html")
    words = ARABIC if known["lang"] == "ar" else ENGLISH
    title, author = html.escape(known["title"]), html.escape(known["author"])
    menu = "".join(f'<li><a href="/section/{n}">{" ".join(chance.choices(words, k=2))}</a></li>' for n in range(30))
    body = "\n".join(f"<p>{html.escape(text)}</p>" for text in known["paragraphs"])
    related = "".join(
        f'<li><a href="{path_of(seed, host, chance.randrange(pages))}">{" ".join(chance.choices(words, k=8))}</a></li>'
        for _ in range(10)
    )
    comments = "".join(f'<div class="comment"><p>{" ".join(chance.choices(words, k=12))}</p></div>' for _ in range(5))
    linked = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": known["title"],
            "datePublished": known["when"].isoformat(),
            "author": {"@type": "Person", "name": known["author"]},
        },
        ensure_ascii=False,
    )
    direction = "rtl" if known["lang"] == "ar" else "ltr"
    head = (
        f'<!doctype html><html lang="{known["lang"]}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{title} | Paper {host}</title>"
        f'<meta property="og:title" content="{title}"><script type="application/ld+json">{linked}</script>'
    )
    tail = (
        f"</head><body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>"
        f'<div class="byline">{author}</div>'
        f'<div class="text">{body}</div></article><aside><h3>{words[0]}</h3><ul>{related}</ul></aside></main>'
        f'<section class="comments">{comments}</section><footer><ul>{menu}</ul></footer></body></html>'
    )
    left = max(0, size - len((head + tail).encode()))
    filler = "".join(f".c{chance.randrange(10**6)}{{margin:{chance.randrange(90)}px}}" for _ in range(left // 24))
    return f"{head}<style>{filler}</style>{tail}".encode()


def feed_xml(seed: int, host: int, pages: int, port: int, scheme: str = "http") -> bytes:
    """The RSS of a host, with all its pages."""
    base = f"{scheme}://{addr(host)}:{port}"
    items = "".join(
        f"<item><title>{html.escape(known['title'])}</title><link>{base}{known['path']}</link>"
        f"<guid>{base}{known['path']}</guid><pubDate>{format_datetime(known['when'])}</pubDate></item>"
        for known in (article(seed, host, number) for number in range(pages))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>Paper {host}</title><link>{base}/</link>{items}</channel></rss>"
    ).encode()


def documents(
    seed: int, host: int, pages: int, hosts: int, size: int, port: int, scheme: str = "http"
) -> dict[str, tuple[str, bytes]]:
    """Path -> (media type, body) of a host."""
    base = f"{scheme}://{addr(host)}:{port}"
    paths = [path_of(seed, host, number) for number in range(pages)]
    locations = "".join(f"<url><loc>{base}{path}</loc></url>" for path in paths)
    links = "".join(f'<li><a href="{path}">{path}</a></li>' for path in paths[:50])
    made = {
        "/robots.txt": ("text/plain", f"User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n".encode()),
        "/feed.xml": ("application/rss+xml", feed_xml(seed, host, pages, port, scheme)),
        "/sitemap.xml": (
            "application/xml",
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'.encode(),
        ),
        "/": ("text/html; charset=utf-8", f"<!doctype html><title>Paper {host}</title><ul>{links}</ul>".encode()),
    }
    for number, path in enumerate(paths):
        made[path] = ("text/html; charset=utf-8", page_html(seed, host, number, pages, hosts, size))
    return made


class Server(asyncio.Protocol):
    """Answers GETs from memory, and writes a line a request where a log is wanted: address, path, ns of arrival."""

    def __init__(self, web: dict[tuple[str, int], dict[bytes, bytes]], log: list[tuple[str, str, int]] | None) -> None:
        self.web, self.log = web, log
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.where = transport.get_extra_info("sockname")[:2]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            path = self.buffer[:end].split(b" ", 2)[1]
            self.buffer = self.buffer[end + 4 :]
            self.transport.write(self.web[self.where].get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


def answer(kind: str, body: bytes, *, packed: bool) -> bytes:
    """All of a server's answer."""
    sent = gzip.compress(body, 6, mtime=0) if packed else body
    coded = b"Content-Encoding: gzip\r\n" if packed else b""
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s" % (kind.encode(), coded, len(sent), sent)


async def serve(args: argparse.Namespace) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    web: dict[tuple[str, int], dict[bytes, bytes]] = {}
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if args.cert else None
    if tls is not None:
        tls.load_cert_chain(args.cert)
    scheme = "https" if tls else "http"
    for host, (port, packed) in product(range(args.hosts), ((args.port, False), (args.port + 1, True))[: 1 + args.gzip]):
        made = documents(args.seed, host, args.pages, args.hosts, args.size, port, scheme)
        web[addr(host), port] = {path.encode(): answer(kind, body, packed=packed) for path, (kind, body) in made.items()}
        await loop.create_server(lambda: Server(web, None), addr(host), port, backlog=1024, ssl=tls)
    print("serving", args.hosts, "hosts", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--size", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--gzip", action="store_true", help="the same on the next port, packed, with feeds of its own")
    parser.add_argument("--cert", help="a certificate with its key: serve over TLS")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
