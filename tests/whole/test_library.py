"""`import crawler`: the README's lines, and what they raise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import crawler
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST = "127.0.8.1"
HERE = {"allow_private": ["127.0.8.0/24"], "delay": 0}


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/rss.xml":
            return rss([web.url(name, "/story"), web.url(name, "/other")])
        return page(path) if path in ("/story", "/other") else NOT_FOUND

    return answer


@pytest.fixture
def web():
    with Web([HOST], site) as serving:
        yield serving


async def test_fetch_gives_an_article(web):
    article = await crawler.fetch(web.url(HOST, "/story"), **HERE)
    assert isinstance(article, crawler.Article)
    assert article.title == "/story"
    assert len(article.paragraphs) == 4


async def test_fetch_raises_what_went_wrong(web):
    with pytest.raises(crawler.FetchError, match="404"):
        await crawler.fetch(web.url(HOST, "/nowhere"), **HERE)
    with pytest.raises(crawler.FetchError, match="allow_private"):
        await crawler.fetch(web.url(HOST, "/story"))
    with pytest.raises(crawler.UrlError):
        await crawler.fetch("ftp://example.org/")


async def test_a_crawl_gives_the_articles_of_a_feed_and_may_be_left_early(web):
    titles = [article.title async for article in crawler.crawl([web.url(HOST, "/rss.xml")], **HERE)]
    assert sorted(titles) == ["/other", "/story"]
    coming = crawler.crawl([web.url(HOST, "/rss.xml")], **HERE)
    async for article in coming:
        assert article.text
        break
    await coming.aclose()


def test_the_plain_twins_do_the_same_with_an_archive_if_asked(web, tmp_path):
    article = crawler.fetch_now(web.url(HOST, "/story"), **HERE, archive=tmp_path / "archive")
    assert article.title == "/story"
    assert command.responses(tmp_path)[web.url(HOST, "/story")] == 1
    assert len(crawler.crawl_now([web.url(HOST, "/rss.xml")], **HERE)) == 2


def test_extract_reads_bytes_one_has():
    article = crawler.extract(page("Bytes").body, url="https://news.example/x", content_type="text/html")
    assert article.title == "Bytes"
    assert article.url == "https://news.example/x"


def test_the_lines_of_the_readme_run(web, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", Path(command.ROOT, "README.md").read_text(), re.DOTALL)
    for address, path in (("https://news.example.com/story", "/story"), ("https://news.example.com/rss.xml", "/rss.xml")):
        code = code.replace(f'"{address}"', f'"{web.url(HOST, path)}", **{HERE}')
    code = code.replace(f'["{web.url(HOST, "/rss.xml")}", **{HERE}]', f'["{web.url(HOST, "/rss.xml")}"], **{HERE}')
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[0].startswith("/story")
