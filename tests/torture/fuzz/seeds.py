"""What a fuzzer begins with: a few small documents of each kind, and the words their formats are made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ARABIC: Final = "افتتحت البلدية صباح اليوم سوقا جديدة على ضفة النهر، وقال التجار إن الإقبال كان كبيرا."
_PERSIAN: Final = "شهرداری امروز ۲۲ نوامبر بازار تازه‌ای را کنار رودخانه گشود و پیشه‌وران خشنود بودند."
_CHINESE: Final = "市政府周二上午在河边开设了一个新的蔬菜市场，商贩们表示第一天的客流量很大。"
_RUSSIAN: Final = "Городской совет открыл новый рынок у реки, и торговцы довольны первым днём."
_JAPANESE: Final = "市は火曜日の朝、川沿いに新しい野菜市場を開いた。商人たちは客の多さに満足している。"

_URLS: Final = (
    "https://Example.com:443/a/../b?utm_source=x&b=2&a=1#top",
    "//خبر.example/سوق?q=نهر\nhttps://paper.example/a/b",
    "http://[::ffff:127.0.0.1]:8080/%2e%2e/a;jsessionid=12?sid=0123456789abcdef0123456789abcdef",
    "https://user:pw@0x7f.1/\\..\\(S(lit3py55t21z5v55vlm25s55))/x",
    "?page=٢\nhttp://xn--mgbaam7a8h.example/list/",
)
_ROBOTS: Final = (
    "/a?b=c\nUser-agent: *\nDisallow: /a*c$\nAllow: /a?\nCrawl-delay: 2.5\nSitemap: https://paper.example/s.xml\n",
    "سوق/خبر\nUser-agent: Warraq\nUser-agent: other\nDisallow: /%D8%B3%D9%88%D9%82\nContent-Signal: ai-train=no\n",
    "/x\n\ufeff<pre>Useragent *<br>\nDissalow /x # no\r\nLicense: https://paper.example/l.xml\n",
)
_RSS: Final = f"""<rss version="2.0"><channel><title>{_ARABIC[:20]}</title><ttl>60</ttl><item>
<guid isPermaLink="false">1</guid><title>خبر &amp; خبر</title><link>/a</link>
<description><![CDATA[<p>{_ARABIC}</p>]]></description><pubDate>الأحد، ٢٢ نوفمبر ٢٠٢٦ 07:00</pubDate></item></channel></rss>"""
_NAMED: Final = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title><language>ar</language>
<item><title>خبر</title><link>/e?a=1&amp;b=2</link><guid>/e</guid><dc:creator>علي</dc:creator><dc:date>2026-11-22</dc:date>
<category>أ</category><category>ب</category><enclosure url="/e.mp3" type="audio/mpeg" length="7"/><media:content url="/e.jpg"/>
<description>{_PERSIAN}</description><content:encoded><![CDATA[<p>{_ARABIC}</p>]]></content:encoded></item></channel></rss>"""
_ATOM: Final = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fa"><entry><id>urn:1</id>
<link href="/b"/><updated>2026-11-22T07:00:00Z</updated><content type="html">&lt;p&gt;{_PERSIAN}</content></entry></feed>"""
_RDF: Final = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item rdf:about="/c"><title>{_CHINESE[:8]}</title><link>http://paper.example/c</link></item></rdf:RDF>"""
_JSON: Final = f"""{{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{{"id":1,"url":"/d","tags":["a"],
"content_html":"<p>{_RUSSIAN}</p>","date_published":"2026-11-22T07:00:00Z","authors":[{{"name":"م"}}]}}]}}"""
_FEEDS: Final = (_RSS, _ATOM, _RDF, _JSON, _NAMED)

_SITEMAPS: Final = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://paper.example/سوق</loc></url></urlset>',
    "<sitemapindex><sitemap><loc>/s2.xml.gz</loc></sitemap></sitemapindex>",
    "https://paper.example/1\nhttps://other.example/2\n",
    '<opml><body><outline text="A"><outline type="rss" xmlUrl="https://paper.example/f"/></outline></body></opml>',
    '<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
)

_STORY: Final = f"""<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>خبر - جريدة</title>
<meta property="og:title" content="خبر"><link rel="alternate" type="application/rss+xml" href="/feed">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"خبر","author":{{"name":"م. علي"}},
"datePublished":"2026-11-22"}}</script></head><body><nav><a href="/a">أ</a></nav><article><h1>خبر</h1>
<p class="byline">بقلم: علي حسن</p><p>{_ARABIC}</p><h2>ب</h2><ul><li><a href="/2026/11/22/a-long-story">{_ARABIC}</a></ul>
<blockquote>{_ARABIC}</blockquote><table><tr><td>1<td>2</table><img src="/p.jpg" alt="ص"><p>{_ARABIC}</p></article></body>"""
_LINK: Final = '<li><a href="/2026/11/22/story-number-{0}-of-the-day">Story number {0} of the day</a>'
_PAGES: Final = (
    _STORY,
    f"<html lang=fa><body><div><noscript><p>{_PERSIAN}</p></noscript><p>{_PERSIAN}<br><br>{_PERSIAN}</div>",
    f"<title>{_CHINESE[:9]}</title><div>{_CHINESE}</div><p>{_JAPANESE}<p>{_RUSSIAN}",
    "<ul>" + "".join(_LINK.format(n) for n in range(5)),
    f"# {_RUSSIAN[:20]}\n\n{_RUSSIAN}\n\n- [a](https://paper.example/a)\n\n> {_RUSSIAN}\n",
    f"{_ARABIC[:20]}\n٢٢ نوفمبر ٢٠٢٦\nبقلم علي حسن\n\n{_ARABIC}\n{_ARABIC}\n",
)
_ANSWERS: Final = (
    "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n000\r\nX-After: 1\r\n\r\n",
    "HTTP/1.0 404 \r\nX: one\r\n two\r\n\r\nuntil the end",
    "HTTP/1.1 200 OK\nContent-Length: 05, 5\n\nhello",
    "HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n",
)

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "url": """http:// https:// // /../ ? # @ : [::1] %2e %00 xn-- utm_source= sid= &amp; ;jsessionid= \\ ｡ 。 0x7f 127.1
        (S(lit3py55t21z5v55vlm25s55))/""",
        "robots": """User-agent: Disallow: Allow: Crawl-delay: Sitemap: License: Content-Signal: Content-Usage: * $ % #
        Warraq <br>""",
        "feed": """<rss <channel> <item> </item> <title> <link> <guid> <description> <content:encoded> <pubDate> <feed <entry>
        <id> <updated> <content|type='xhtml'> <![CDATA[ ]]> <!DOCTYPE <!ENTITY &amp; &#x xml:base=' xmlns: <enclosure
        <media:content <author> a@b.example <category> <ttl> "items" "id" "content_html" rdf:RDF <?xml encoding="
        <sy:updatePeriod> jsonfeed.org""",
        "sitemap": """<urlset> <url> <loc> </loc> </url> <sitemapindex> <sitemap> <![CDATA[ ]]> <!ENTITY &a; <opml> <outline
        xmlUrl=' http:// <?xml encoding='""",
        "encoding": """<meta charset= http-equiv=content-type content=' <?xml encoding=' <!-- --> utf-16 iso-2022-jp
        windows-1256 > ' =""",
        "html": """<p> </p> <div> <a|href=' <h1> <li> <ul> <ol> <table> <tr> <td> <br> <img|src=' <article> <nav>
        <time|datetime=' <script|type='application/ld+json'> </script> <meta|name=' <meta|property='og: content=' <noscript>
        <template> <svg> <math> <b> <font> <select> <option> <iframe> <base|href=' <!-- --> <![CDATA[ &nbsp; &#x "@type"
        "NewsArticle" "headline" "author" "datePublished" itemprop=' 2026-11-22 بقلم 作者 от | > # ``` --- [x](y) ![
        <plaintext> <frameset> <title>""",
        "wire": """HTTP/1.1 HTTP/1.0 Content-Length: Transfer-Encoding: chunked identity gzip Content-Encoding: Upgrade:
        Connection: close keep-alive : , ; = 0x + - | 1 f 000 204""",
    }
)


def seeds(target: str) -> list[bytes]:
    """Small inputs of one target's form, in several encodings where that is what it is about."""
    match target:
        case "url":
            return [text.encode() for text in _URLS]
        case "robots":
            return [text.encode() for text in _ROBOTS]
        case "feed":
            return [b"\0" + text.encode() for text in _FEEDS] + [b"\7" + _FEEDS[0].encode("cp1256", "replace")]
        case "sitemap":
            return [text.encode() for text in _SITEMAPS] + [_SITEMAPS[1].encode("utf-16")]
        case "encoding":
            return list(_encoded())
        case "wire":
            return [text.encode() for text in _ANSWERS]
        case _:
            return [bytes((kind, 1)) + text.encode() for text in _PAGES for kind in (0, 2)]


def _encoded() -> list[bytes]:
    texts = {
        _ARABIC: ("cp1256", "iso8859_6", "utf_8", "utf_16", "utf_16_le"),
        _CHINESE: ("gb18030", "big5", "utf_8"),
        _RUSSIAN: ("cp1251", "koi8_r", "cp866"),
        _JAPANESE: ("cp932", "euc_jp", "iso2022_jp"),
    }
    pages = [f"<meta charset={codec}><p>{text}".encode(codec, "replace") for text, codecs in texts.items() for codec in codecs]
    return [bytes((number, 0)) + page for number, page in enumerate(pages)]


def dictionary(target: str) -> str:
    """The words of a format, in libFuzzer's notation; `|` stands for a blank."""
    return "".join(f'"{_spelt(word.replace("|", " "))}"\n' for word in _WORDS[target].split())


def _spelt(word: str) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode())
