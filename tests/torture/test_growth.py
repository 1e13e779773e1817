"""No row of signs costs its square: a quarter of a megabyte of each, wherever it may stand, is read in a child's time.

What grows with the square takes some 5 s for that; a page of as many kinds of words takes 0.2 s.
"""

from __future__ import annotations

import time

import pytest

from crawler.messages import Body
from crawler.model import Kind, ParseTask, Span, Url
from crawler.parse.reading import read_body

pytestmark = pytest.mark.torture

SIZE = 250_000
MOST_SECONDS = 2.0
"""`parse.page_time`: who takes longer is killed."""
HTML, RSS = "text/html; charset=utf-8", "application/rss+xml"
STORY = "<p>نص طويل بما يكفي ليكون خبرا، وفيه فواصل، وله بداية ونهاية. It has commas, a beginning, and an end.</p>" * 3
ITEM = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>a</title><link>http://p.example/1</link>'
PLACES = {
    "body": (Kind.PAGE, HTML, f"<!doctype html><title>t</title><article><h1>t</h1>{STORY}", "</article>"),
    "section": (Kind.SECTION, HTML, "<!doctype html><title>t</title><main>", "</main>"),
    "paragraph": (Kind.PAGE, HTML, f"<!doctype html><title>t</title><article><h1>t</h1>{STORY}<p>", "</p></article>"),
    "head": (Kind.PAGE, HTML, "<!doctype html><html><head><title>t</title>", f"</head><article>{STORY}</article>"),
    "title": (Kind.PAGE, HTML, "<!doctype html><title>", f"</title><h1>t</h1><article>{STORY}</article>"),
    "author": (Kind.PAGE, HTML, '<!doctype html><title>t</title><meta name=author content="', f'"><article>{STORY}</article>'),
    "byline": (Kind.PAGE, HTML, "<!doctype html><h1>t</h1><p class=byline>", f"</p><article>{STORY}</article>"),
    "date": (Kind.PAGE, HTML, "<!doctype html><h1>t</h1><time class=date>", f"</time><article>{STORY}</article>"),
    "linked data": (Kind.PAGE, HTML, '<script type=application/ld+json>{"author":[', f"]}}</script><article>{STORY}</article>"),
    "srcset": (Kind.PAGE, HTML, f'<!doctype html><article>{STORY}<img srcset="', '"></article>'),
    "plain text": (Kind.PAGE, "text/plain; charset=utf-8", "A story\n\n", ""),
    "markdown": (Kind.PAGE, "text/markdown; charset=utf-8", "# A story\n\n", ""),
    "channel": (Kind.FEED, RSS, f"{ITEM}</item>", "</channel></rss>"),
    "item": (Kind.FEED, RSS, ITEM, "</item></channel></rss>"),
    "description": (Kind.FEED, RSS, f"{ITEM}<description>", "</description></item></channel></rss>"),
    "creator": (Kind.FEED, RSS, f"{ITEM}<author>", "</author></item></channel></rss>"),
    **{
        f"item's {name}": (Kind.FEED, RSS, f"{ITEM}</item><item><{name}>", f"</{name}></item></channel></rss>")
        for name in ("title", "link", "guid", "pubDate", "category", "comments")
    },
    "soup": (Kind.FEED, RSS, "<rss>", ""),
    "JSON feed": (Kind.FEED, "application/feed+json", '{"version":"https://jsonfeed.org/version/1.1","items":[', "]}"),
    "sitemap": (Kind.SITEMAP, "text/xml", "<urlset>", "</urlset>"),
    "bare": (Kind.TARGET, "", "", ""),
}
SIGNS = """
<p> <div> </div> <br> <a> <b> <i>a</i> <span>a</span> <blockquote>q <table><tr><td>x <tr> <li>w#
<dl><dt>a<dd>b</dl> <h2>w#</h2> <option>x <form><input> <img•src=x#.jpg•alt=z> <p•class=comment>text,•text</p>
<pre>x</pre> <time>2026-01-0#</time> <script> <!-- --> <![CDATA[ ]]> <svg><path•d=M0/></svg> <base•href=/x>
<meta•name=a•content=b> <link•rel=alternate•type=application/rss+xml•href=/f#> <item>
<item><title>a#</title><link>http://p.example/#</link></item> <category>a#</category> <guid>#</guid>
<entry><id>#</id></entry> <url><loc>https://paper.example/#</loc></url> <url> <loc> <a:b> &lt;p&gt;word &lt;
&amp; & &#1; &nbsp; < > { } [ ] ( ) " ' , . : ; | / - _ + = % * [a](b)• |a|b| http://a.b/#• a@b.c•
By•John•Smith,• بقلم:•محمد•أحمد،• 12•يناير•2026• 2026-11-22T00:00:00Z• 12:30• 1 ٠ A ا ש 文 新闻， ـ é
{"@type":"NewsArticle"}, {"@type":"Person","name":"a•b"}, {"a": "a", {"id":"#","url":"http://p.example/#"},
x#•1w,• word#• •
""".split()  # noqa: SIM905 - a list of words reads better so


@pytest.mark.parametrize("place", PLACES)
def test_no_row_of_signs_costs_its_square(place: str) -> None:
    kind, content_type, before, behind = PLACES[place]
    task = ParseTask(span=Span(path="", offset=0, length=0), url=Url("https://paper.example/news"), kind=kind)
    headers = (("Content-Type", content_type),) if content_type else ()
    slow = {}
    for sign in (word.replace("•", " ") for word in SIGNS):
        row = "".join(sign.replace("#", str(number)) for number in range(SIZE // len(sign.encode())))
        begun = time.process_time()
        read_body(task, Body(status=200, headers=headers, body=f"{before}{row}{behind}".encode(), whole=True))
        took = time.process_time() - begun
        if took > MOST_SECONDS:
            slow[sign] = took
    assert slow == {}
