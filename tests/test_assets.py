"""What a page needs to be drawn."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import assets
from crawler.model import Url

URL = Url("https://news.example/a/page")


def page(html: str, lead: str | None = None) -> list[str]:
    found = assets.of_page(html.encode(), url=URL, content_type="text/html; charset=utf-8", lead=lead)
    return [one.removeprefix("https://news.example") for one in found]


def style(css: str) -> list[str]:
    found = assets.of_style(css.encode(), url=Url("https://news.example/css/main.css"), content_type="text/css")
    return [one.removeprefix("https://news.example") for one in found]


@pytest.mark.parametrize(
    ("html", "needed"),
    [
        ("<img src=x.jpg>", ["/a/x.jpg"]),
        ("<img src='/صور/خبر.jpg'>", ["/%D8%B5%D9%88%D8%B1/%D8%AE%D8%A8%D8%B1.jpg"]),
        ("<img src='data:image/gif;base64,R0lG' data-src=/lazy.jpg>", ["/lazy.jpg"]),
        ("<img src=/blank.gif data-srcset='/s.jpg 480w, /l.jpg 1600w'>", ["/l.jpg"]),
        ("<img src=/1.jpg srcset='/1.jpg, /2.jpg 2x, /3.jpg 3x'>", ["/2.jpg"]),
        ("<img srcset='/s.jpg 320w, /m.jpg 2000w, /xl.jpg 4000w'>", ["/m.jpg"]),
        ("<img srcset='/xl.jpg 4000w, /xxl.jpg 6000w'>", ["/xl.jpg"]),
        (
            "<picture><source type=image/webp srcset=/1.webp><source srcset=/2.png><img src=/1.jpg></picture>",
            ["/1.webp", "/1.jpg"],
        ),
        ("<picture><source type=image/jxl srcset=/1.jxl><img src=/1.jpg></picture>", ["/1.jpg"]),
        ("<base href=https://cdn.example/><img src=x.jpg>", ["https://cdn.example/x.jpg"]),
        ("<link rel=stylesheet href=/main.css>", ["/main.css"]),
        ("<link rel='shortcut icon' href=/favicon.ico><link rel=apple-touch-icon href=/t.png>", ["/favicon.ico", "/t.png"]),
        ("<link rel=preload as=font href=/kufi.woff2>", ["/kufi.woff2"]),
        ("<p style='background: url(bg.png)'>x</p>", ["/a/bg.png"]),
        ("<style>@import '/x.css'; p { background: url(\"/bg.png\") }</style>", ["/x.css", "/bg.png"]),
        ("<td background=/old.gif>", []),  # no cell stands alone
        ("<table background=/old.gif><td>x</table>", ["/old.gif"]),
        ("<svg><image href=/map.png /><use href='/sprite.svg#bird'/><use href='#own'/></svg>", ["/map.png", "/sprite.svg"]),
        ("<video poster=/still.jpg src=/film.mp4></video>", ["/still.jpg"]),
    ],
)
def test_what_is_drawn_is_needed(html, needed):
    assert page(html) == needed


@pytest.mark.parametrize(
    "html",
    [
        "<script src=/x.js></script>",
        "<link rel=preload as=script href=/x.js><link rel=modulepreload href=/x.js>",
        "<iframe src=/frame></iframe><object data=/x.swf></object><embed src=/x>",
        "<audio src=/x.mp3></audio><video src=/x.mp4><source src=/x.webm></video>",
        "<link rel='alternate stylesheet' href=/dark.css><link rel=alternate href=/feed>",
        "<img src='javascript:x()'><img src='file:///etc/passwd'><img src=''><img>",
        "<img src=https://counter.example/p.gif width=1 height=1><img src=https://counter.example/p height=0px>",
        "<a href=/page.jpg>x</a>",
        "<img src=#x><img src='/a/page'>",
    ],
)
def test_what_runs_counts_or_is_another_document_is_not(html):
    assert page(html) == []


def test_each_is_named_once_style_sheets_first_and_the_lead_picture_before_the_others():
    html = "<link rel=icon href=/i.png><img src=/1.jpg><img src=/lead.jpg><img src=/1.jpg#x><link rel=stylesheet href=/s.css>"
    assert page(html, lead="https://news.example/lead.jpg") == ["/s.css", "/lead.jpg", "/1.jpg", "/i.png"]


def test_a_page_is_shared_with_a_picture_that_need_not_stand_on_it():
    html = '<meta property="og:image" content="/shared.jpg"><img src=/1.jpg>'
    assert page(html) == ["/shared.jpg", "/1.jpg"]
    assert page(html, lead="/lead.jpg") == ["/lead.jpg", "/1.jpg"]


def test_a_style_sheet_names_other_sheets_then_fonts_then_pictures():
    css = """/* url(/comment.png) */ @charset "utf-8"; @import "base.css"; @import url(print.css) print;
    h1 { background: url('../logo.svg') }
    @font-face { font-family: Kufi; src: url(k.eot); src: url(k.eot?#x), url(k.ttf), url(k.woff2), url(k.woff) }"""
    assert style(css) == ["/css/print.css", "/css/base.css", "/css/k.woff2", "/logo.svg"]


def test_a_font_in_no_known_format_is_taken_as_it_stands_first():
    assert style("@font-face{src:url(/f?id=1),url(/f?id=2)} @font-face{src:local(x)}") == ["/f?id=1"]


@given(st.text(alphabet="<>=\"' ,/abcimgsrcetxw0123url():;@{}*\\-ا", max_size=300))
@settings(max_examples=80, deadline=None)
def test_whatever_stands_there_gives_addresses_and_not_too_many(text):
    for found in (page(f'<img srcset="{text}"><style>{text}</style>{text}'), style(text)):
        assert len(found) == len(set(found)) <= assets.MOST
