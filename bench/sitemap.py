"""A sitemap of 50,000 addresses: CPU and memory beyond what was there before, read as a stream and read whole."""

from __future__ import annotations

import argparse
import gzip
import time
import tracemalloc
from collections.abc import Callable, Iterator

from crawler.sources.sitemap import located, read_sitemap
from crawler.sources.unpack import chunks_of

URL = "https://paper.example/news.xml"
TITLE = "افتتاح جسر جديد للمشاة &amp; الدراجات"


def rows(count: int, *, news: bool) -> Iterator[bytes]:
    """A news sitemap (18 MB at 50,000 addresses) or a plain one."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    said = (
        "<news:news><news:publication><news:language>ar</news:language></news:publication>"
        f"<news:publication_date>2026-11-22</news:publication_date><news:title>{TITLE}</news:title></news:news>"
    )
    for n in range(count):
        loc = f"<url><loc>https://paper.example/world/2026/11/22/harbour-council-{n}?a=1&amp;b=2</loc>"
        yield f"{loc}<lastmod>2026-11-22</lastmod>{said if news else ''}</url>\n".encode()
    yield b"</urlset>\n"


def measured(name: str, run: Callable[[], int], size: int) -> None:
    """Once for the CPU, once more for the memory: telling memory is slow."""
    start = time.process_time()
    count = run()
    spent = time.process_time() - start
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"{name:34}{size / 1e6:8.1f} MB {count:7} rows {spent:6.2f} s CPU {peak / 1e6:6.1f} MB")


def compare(kind: str, data: bytes) -> None:
    packed = gzip.compress(data, 6)
    measured(f"{kind}, stream", lambda: sum(1 for _ in located(chunks_of(data), url=URL)), len(data))
    measured(f"{kind}, stream, gz", lambda: sum(1 for _ in located(chunks_of(packed), url=URL)), len(data))
    measured(f"{kind}, whole", lambda: read_sitemap(data, url=URL).items, len(data))
    measured(f"{kind}, whole, with entries", lambda: read_sitemap(data, url=URL, known={}).items, len(data))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", type=int, default=50_000)
    args = parser.parse_args()
    compare("news", b"".join(rows(args.urls, news=True)))
    compare("plain", b"".join(rows(args.urls, news=False)))


if __name__ == "__main__":
    main()
