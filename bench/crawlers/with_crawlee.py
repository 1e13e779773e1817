"""Crawlee (ParselCrawler, storage in memory): feeds, then each article; WARC and a line a page. In its own environment.

with_crawlee.py FEEDS FOLDER plain
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from datetime import timedelta
from pathlib import Path

from crawlee import ConcurrencySettings
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext
from crawlee.http_clients import ImpitHttpClient
from crawlee.storage_clients import MemoryStorageClient
from records import Keeper

FEEDS = Path(sys.argv[1]).read_text().split()
KEEPER = Keeper(sys.argv[2])


async def main() -> None:
    crawler = ParselCrawler(
        storage_client=MemoryStorageClient(),
        http_client=ImpitHttpClient(verify=not FEEDS[0].startswith("https:")),
        concurrency_settings=ConcurrencySettings(min_concurrency=64, desired_concurrency=64, max_concurrency=64),
        request_handler_timeout=timedelta(minutes=5),
        respect_robots_txt_file=True,
        configure_logging=False,
    )

    @crawler.router.default_handler
    async def page(context: ParselCrawlingContext) -> None:
        body = await context.http_response.read()
        url = context.request.url
        if url.endswith("/feed.xml"):
            await context.add_requests(re.findall(r"<link>(http[^<]+/news/[^<]+)</link>", body.decode()))
            return
        head = "".join(f"{name}: {value}\r\n" for name, value in context.http_response.headers.items()).encode()
        title = context.selector.css("h1::text").get()
        text = ["".join(one.css("::text").getall()) for one in context.selector.css("article p")]
        found = {"title": title, "text": text}
        KEEPER.keep(url, context.http_response.status_code, head, body, b"GET %s HTTP/1.1\r\n\r\n" % url.encode(), found)

    await crawler.run(FEEDS)
    KEEPER.close()


if __name__ == "__main__":
    logging.disable()
    asyncio.run(main())
