"""The bundled newsroom answers as it promises."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, ClientSession

from crawler.charset import decode
from crawler.demo.site import RETRY_AFTER, Newsroom
from crawler.model import Discovery, Kind
from crawler.sources import read_feed, read_section, read_sitemap
from crawler.sources.markup import words
from crawler.urls import host, path


@pytest.fixture
async def room() -> AsyncIterator[Newsroom]:
    async with Newsroom() as room:
        yield room


@pytest.fixture
async def web() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def ask(web: ClientSession, url: str, **headers: str) -> tuple[ClientResponse, bytes]:
    async with web.get(url, headers=headers, allow_redirects=False) as response:
        return response, await response.read()


async def page(web: ClientSession, url: str) -> str:
    """A page's text, asked for until it comes."""
    for _ in range(2):
        response, body = await ask(web, url)
        if response.status == 200:
            return decode(body, response.headers["Content-Type"]).text
    raise AssertionError(f"{response.status} for {url}")


async def discovered(web: ClientSession, kind: Kind, url: str, known: dict[str, str] | None = None) -> Discovery:
    response, body = await ask(web, url)
    declared = response.headers["Content-Type"]
    if kind is Kind.SITEMAP:
        return read_sitemap(body, url=url)
    if kind is Kind.SECTION:
        return read_section(body, url=url, content_type=declared)
    return read_feed(body, url=url, content_type=declared, known=known or {})


async def found(room: Newsroom, web: ClientSession) -> set[str]:
    """All addresses the sources lead to; of redirects the target."""
    links: set[str] = set()
    for kind, url, _ in room.sources:
        read = await discovered(web, kind, url)
        links.update(entry.link for entry in read.entries if entry.link)
        links.update(read.links)
    for link in [link for link in links if "/go/" in link]:
        response, _ = await ask(web, link)
        links.remove(link)
        links.add(str(response.url.join(response.url.with_path(response.headers["Location"]))))
    return links


async def test_the_sources_lead_to_every_article_and_to_the_forbidden_page(room: Newsroom, web: ClientSession) -> None:
    await room.next_round()
    assert await found(room, web) == {truth.url for truth in room.articles} | set(room.forbidden)


async def test_every_page_holds_its_article(room: Newsroom, web: ClientSession) -> None:
    for truth in room.articles:
        text = words(await page(web, truth.url))
        places = [text.find(" ".join(part.split())) for part in (truth.title, *truth.paragraphs)]
        assert places == sorted(places)
        assert min(places) >= 0


async def test_the_given_document_has_no_date_anywhere(room: Newsroom, web: ClientSession) -> None:
    (undated,) = [truth for truth in room.articles if truth.published is None]
    shown = await page(web, undated.url)
    assert not re.search(r"20\d\d", words(shown))
    assert not re.search(r"<time|published_time|datePublished", shown)
    assert shown.count(f"<p>{undated.title}</p>") == 1


async def test_one_page_is_windows_1256_and_its_header_does_not_say_so(room: Newsroom, web: ClientSession) -> None:
    pages = {truth.url: await ask(web, truth.url) for truth in room.articles if "/go/" not in truth.url}
    silent = [(response, body) for response, body in pages.values() if response.headers["Content-Type"] == "text/html"]
    assert [decode(body, "text/html").charset for _, body in silent] == ["windows-1256"]


async def test_a_document_that_is_known_is_not_sent_again(room: Newsroom, web: ClientSession) -> None:
    for url in (room.sources[0].url, room.articles[1].url):
        response, _ = await ask(web, url)
        etag, changed = response.headers["ETag"], response.headers["Last-Modified"]
        for known in ({"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}, {"If-Modified-Since": changed}):
            assert (await ask(web, url, **known))[0].status == 304
        for other in (
            {"If-None-Match": '"x"', "If-Modified-Since": changed},
            {"If-Modified-Since": "Sun, 01 Nov 2026 00:00:00 GMT"},
        ):
            assert (await ask(web, url, **other))[0].status == 200


async def test_the_next_round_brings_one_story_and_changes_another_in_page_and_feed(room: Newsroom, web: ClientSession) -> None:
    before = {truth.url: truth for truth in room.articles}
    kind, feed, _ = room.sources[0]
    known = {entry.key: entry.item_hash for entry in (await discovered(web, kind, feed)).entries}
    etags = {url: (await ask(web, url))[0].headers.get("ETag") for url in before}

    await room.next_round()

    after = {truth.url: truth for truth in room.articles}
    (edited,) = [url for url in before if before[url] != after[url]]
    (new,) = after.keys() - before.keys()
    news = (await discovered(web, kind, feed, known)).entries
    assert {(entry.link, entry.changed) for entry in news} == {(edited, True), (new, False)}
    assert after[edited].paragraphs[0] in await page(web, edited)
    assert (await ask(web, edited))[0].headers["ETag"] != etags[edited]
    assert (await ask(web, room.sources[4].url, **{"If-None-Match": "x"}))[0].status == 200


async def test_one_story_comes_later_one_after_a_stumble_and_one_has_moved(room: Newsroom, web: ClientSession) -> None:
    links = [entry.link for entry in (await discovered(web, Kind.FEED, room.sources[4].url)).entries if entry.link]
    statuses = [[(await ask(web, link))[0].status for _ in range(3)] for link in links]
    assert statuses == [[429, 200, 200], [500, 200, 200], [301, 301, 301], [200, 200, 200]]


async def test_who_comes_too_early_is_told_when_to_come_again(room: Newsroom, web: ClientSession) -> None:
    answers = [(await ask(web, truth.url))[0] for truth in room.articles]
    assert [answer.headers["Retry-After"] for answer in answers if answer.status == 429] == [str(RETRY_AFTER)]


async def test_robots_txt_forbids_what_is_forbidden(room: Newsroom, web: ClientSession) -> None:
    (forbidden,) = room.forbidden
    _, body = await ask(web, f"http://{host(forbidden)}/robots.txt")
    assert path(forbidden).startswith(body.decode().partition("Disallow: ")[2].strip())


async def test_the_log_tells_who_was_asked_what(room: Newsroom, web: ClientSession) -> None:
    for listed in room.sources:
        await ask(web, listed.url, **{"X-Word": "one"})
    assert [(access.host, access.path, access.status) for access in room.log] == [
        (host(listed.url), path(listed.url), 200) for listed in room.sources
    ]
    assert len({access.host for access in room.log}) == 3
    assert all(("X-Word", "one") in access.headers for access in room.log)
    times = [time for access in room.log for time in (access.at, access.done)]
    assert times == sorted(times)


async def test_what_is_not_there_is_404(room: Newsroom, web: ClientSession) -> None:
    assert (await ask(web, room.sources[0].url + "nothing"))[0].status == 404


async def test_lists_and_front_pages_link_to_their_stories(room: Newsroom, web: ClientSession) -> None:
    for listed in room.sources:
        front = await page(web, f"http://{host(listed.url)}/")
        assert front.count('class="teaser"') >= 3
