"""RSS that is plain enough is read without feedparser, and says the same."""

from __future__ import annotations

from html import escape
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.fields import MOST_TAGS
from crawler.sources.mending import mended
from crawler.sources.rss import read_rss
from crawler.sources.soup import soup
from tests.sources.eyes import of_item, same

NAMES = """
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"
xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
"""


def feed(*items: str, head: str = "<title>ورقة</title>") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {NAMES}><channel>{head}{body}</channel></rss>'


TEXTS = st.sampled_from(
    [
        "", " ", "عنوان الخبر ٢٠٢٦", "标题", "Заголовок", "Τίτλος", "כותרת", "عنوان فارسی", "見出し", "제목", "plain",
        "R&D; co", "a & b", "<b>fett</b>", "5 < 6 </p", "&#8217;", "Café", "CafÃ©", "\u0092", "x@y.example", "x@y (Name)",
        "https://paper.example/1", "https:////paper.example/1", "/relative?a=1&b=2", "/?a=1&b;=2", "true", "false",
        "Fri, 20 Nov 2026 08:30:00 GMT", "n" * 301, " two\n lines ",
    ]
)  # fmt: skip
ELEMENTS = st.sampled_from(
    [
        "title", "link", "description", "content:encoded", "guid", 'guid isPermaLink="false"', 'guid ispermalink="true"',
        "pubDate", "dc:date", "author", "dc:creator", "category", "comments", "slash:comments", "feedburner:origLink",
        'enclosure url="https://paper.example/a.mp3" type="Audio/MPEG" length="7"', 'enclosure href="/a"', 'source url="/s"',
        'media:content url="/m.jpg" medium="image"', 'media:thumbnail url="/t.jpg"', 'media:thumbnail width="1"', "media:title",
        "dc:title", "unknown", 'category domain="d"', 'title type="html"', "dc:subject", 'description xml:lang="ar"', "summary",
    ]
)  # fmt: skip
WRITTEN = st.builds(
    lambda name, text, cdata: f"<{name}>{f'<![CDATA[{text}]]>' if cdata else escape(text)}</{name.split()[0]}>",
    ELEMENTS,
    TEXTS,
    st.booleans(),
)
ABOUT = st.sampled_from(
    [
        "<title>Paper</title>", "<title>R&amp;amp;D</title>", "<ttl>15</ttl>", "<language>ar</language>", "<link>/</link>",
        "<sy:updatePeriod>hourly</sy:updatePeriod>", "<image><url>/i</url><title>other</title><link>/</link></image>",
        '<atom:link rel="self" href="/feed.xml"/>', "<skipHours><hour>1</hour><hour>2</hour></skipHours>",
        "<category>c</category>", "<textInput><title>t</title><name>n</name></textInput>",
        "<image><title>a</title><ttl>9</ttl></image>",
        "<managingEditor>x@y.example</managingEditor>", "<dc:language>he</dc:language>", "<pubDate>never</pubDate>",
    ]
)  # fmt: skip


ITEM = st.lists(WRITTEN, max_size=6, unique_by=lambda written: written.partition(">")[0])  # twice the same is seldom plain


@given(st.lists(ABOUT, max_size=3, unique=True), st.lists(ITEM, max_size=2), st.booleans())
def test_what_is_read_is_what_feedparser_reads(about: list[str], items: list[list[str]], title_last: bool) -> None:
    written = ["".join(item) for item in items]
    head = "".join(about)
    document = feed(*written, head=head)
    if title_last:
        document = document.replace("</channel>", "<title>last</title></channel>")
    read = read_rss(document)
    if read is not None:
        same(read, soup(mended(document)))


PLAIN = """<title>العنوان</title><link>https://paper.example/1?a=1&amp;b=2</link><guid isPermaLink="false">1</guid>
<pubDate>Fri, 20 Nov 2026 08:30:00 GMT</pubDate><dc:creator>ليلى</dc:creator><category>سياسة</category><category>عالم</category>
<description><![CDATA[<p>نص</p>]]></description><content:encoded><![CDATA[<p>نص أطول</p>]]></content:encoded>
<enclosure url="https://paper.example/1.mp3" type="audio/mpeg" length="5"/><comments>https://paper.example/1#c</comments>"""


def test_the_feeds_of_most_papers_are_plain() -> None:
    document = feed(PLAIN, PLAIN)
    read = read_rss(document)
    assert read is not None
    assert len(read.entries) == 2
    same(read, soup(mended(document)))


@pytest.mark.parametrize(
    "odd",
    [
        "<title>two</title>",
        "<media:title>another</media:title>",
        "<unknown>x</unknown>",
        '<description xml:base="https://other.example/">x</description>',
        "<source><title>inside</title></source>",
        "<content:encoded>again</content:encoded>",
        "<author>x@y.example</author>",
    ],
)
def test_an_item_that_could_be_read_otherwise_is_left_to_feedparser(odd: str) -> None:
    assert read_rss(feed(PLAIN + odd)) is None


@pytest.mark.parametrize(
    "document",
    [
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>rss</title></feed>",
        "<rss><channel><item><title>open</channel></rss>",
        "<rss><channel/><channel/></rss>",
        "<rss xml:lang='ar'><channel/></rss>",
        "<rss><item><title>outside</title></item></rss>",
    ],
)
def test_what_is_no_plain_rss_is_left_to_feedparser(document: str) -> None:
    assert read_rss(document) is None


def test_of_an_items_tags_no_more_are_kept_than_of_feedparsers() -> None:
    tags = "".join(chain.from_iterable((f"<category>{n}</category>", "<category>0</category>") for n in range(MOST_TAGS + 9)))
    document = feed(tags)
    read = read_rss(document)
    assert read is not None
    same(read, soup(mended(document)))
    assert len(of_item(read.entries[0])["tags"]) == MOST_TAGS
