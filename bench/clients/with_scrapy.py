"""Scrapy with its own settings, but for the time-out; a page is what reaches the callback. Runs in its own environment."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response

WANTED = json.loads(Path(sys.argv[1]).read_text())
OUT = Path(sys.argv[2]).open("w")  # noqa: SIM115 - until the process ends


class Spider(scrapy.Spider):
    name = "hostile"

    async def start(self) -> AsyncIterator[Request]:
        for name, url in WANTED:
            yield Request(url, cb_kwargs={"name": name}, dont_filter=True)

    def parse(self, response: Response, name: str) -> None:
        try:
            text = response.text
        except AttributeError:  # not a text, by its type
            text = None
        OUT.write(json.dumps([name, text]) + "\n")
        OUT.flush()


if __name__ == "__main__":
    settings = {"DOWNLOAD_TIMEOUT": float(sys.argv[3]), "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False}
    process = CrawlerProcess(settings)
    process.crawl(Spider)
    process.start()
