"""Scrapy: feeds, then each article; WARC and a line a page. Runs in its own environment.

with_scrapy.py FEEDS FOLDER (plain|trafilatura)
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import scrapy
from records import Keeper
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response

FEEDS = Path(sys.argv[1]).read_text().split()
KEEPER = Keeper(sys.argv[2])
if sys.argv[3] == "trafilatura":
    import trafilatura


def found(response: Response) -> dict[str, object]:
    if sys.argv[3] == "trafilatura":
        return {"document": trafilatura.extract(response.body, url=response.url, output_format="json", with_metadata=True)}
    return {
        "title": response.css("h1::text").get(),
        "text": ["".join(one.css("::text").getall()) for one in response.css("article p")],
    }


class Spider(scrapy.Spider):
    name = "pages"

    async def start(self) -> AsyncIterator[Request]:
        for url in FEEDS:
            yield Request(url)

    def parse(self, response: Response) -> Iterator[Request]:
        for link in response.xpath("//item/link/text()").getall():
            yield Request(link, callback=self.page)

    def page(self, response: Response) -> None:
        KEEPER.keep(
            response.url,
            response.status,
            response.headers.to_string() + b"\r\n",
            response.body,
            b"GET %s HTTP/1.1\r\n%s\r\n\r\n" % (response.url.encode(), response.request.headers.to_string()),
            found(response),
        )


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": 64,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Spider)
    process.start()
    KEEPER.close()
