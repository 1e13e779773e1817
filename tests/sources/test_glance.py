"""A quick look at what may be watched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.messages import Body
from crawler.model import Url
from crawler.sources.glance import Glance, glance

URL = Url("https://paper.example/")
NOW = 1_795_000_000_000  # 2026-11-18
DAY_MS = 86_400_000


def look(body: str, *headers: tuple[str, str]) -> Glance:
    return glance(Body(status=200, headers=headers, body=body.encode(), whole=True), url=URL, now=NOW)


def test_a_feed_is_told_with_its_title_and_how_fresh_it_is() -> None:
    items = "".join(
        f"<item><title>{n}</title><link>/{n}</link><pubDate>{when}</pubDate></item>"
        for n, when in enumerate(
            ["Mon, 16 Nov 2026 09:46:40 GMT", "Tue, 17 Nov 2026 09:46:40 GMT", "Wed, 17 Nov 2027 00:00:00 GMT"]
        )
    )
    found = look(f"<rss version='2.0'><channel><title>الجريدة</title>{items}</channel></rss>")
    assert (found.kind, found.title, found.items) == ("feed", "الجريدة", 3)
    assert found.newest is not None
    assert 0 < NOW - found.newest < 2 * DAY_MS


def test_a_page_is_told_with_its_feeds_and_sections() -> None:
    links = "".join(f'<a href="/2026/11/{n}/a-headline-of-five-words-{n}">headline of the day {n}</a>' for n in range(10, 14))
    head = '<title>Papier</title><link rel="alternate" type="application/rss+xml" href="/rss">'
    page = f'{head}<nav><a href="/welt">Welt</a></nav>{links}'
    found = look(page, ("Link", '</atom>; rel=alternate; type="application/atom+xml"'), ("Content-Type", "text/html"))
    assert (found.kind, found.title, found.items) == ("section", "Papier", 4)
    assert (found.feeds, found.header_feeds) == (("https://paper.example/rss",), ("https://paper.example/atom",))
    assert found.sections == ("https://paper.example/welt",)


def test_a_sitemap_is_told_with_how_much_it_names() -> None:
    body = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://paper.example/1</loc></url></urlset>"
    assert (look(body).kind, look(body).items, look(body).newest) == ("sitemap", 1, None)
    dated = body.replace("</url>", "<lastmod>2026-11-17</lastmod></url>")
    assert NOW - (look(dated).newest or 0) < 2 * DAY_MS


def test_what_can_not_be_watched_says_why() -> None:
    assert look("%PDF-1.4 \x01\x02").kind is None
    assert look("<opml version='2.0'><body/></opml>").said == "a list of feeds (OPML)"
    assert "no link" in (look("<html><p>nothing here</p></html>", ("Content-Type", "text/html")).said or "")
    assert "attributes" in (look("<html><p " + "a " * 5_000 + "></html>").said or "")


@given(st.binary(max_size=200))
def test_whatever_comes_a_look_does_no_harm(data: bytes) -> None:
    assert glance(Body(status=200, headers=(), body=data, whole=True), url=URL, now=NOW).items >= 0
