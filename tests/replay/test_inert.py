"""A page that is shown: nothing in it runs, nothing leads out, and what is archived is found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import inert
from crawler.model import Url

URL = Url("https://news.example/a/page")
HERE = {Url("https://news.example/a/x.png"): "/content?x", Url("https://news.example/s.css"): "/content?s"}


def resolve(found):
    return {url: HERE[url] for url in found if url in HERE}


def shown(html: str) -> str:
    return inert.page(html, URL, resolve)


@pytest.mark.parametrize(
    "html",
    [
        "<script>x()</script>",
        "<iframe src=https://evil.example></iframe>",
        "<iframe srcdoc='<script>x()</script>'></iframe>",
        "<object data=https://evil.example></object>",
        "<embed src=https://evil.example>",
        "<base href=https://evil.example>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<link rel=preconnect href=https://evil.example>",
        "<link rel='preload stylesheet' href=https://evil.example>",
        "<template shadowrootmode=open><a href=https://evil.example>x</a></template>",
        "<a href=https://evil.example>x</a>",
        "<a href='java&#10;script:x()'>x</a>",
        "<a href='data:text/html,evil.example'>x</a>",
        "<a ping=https://evil.example>x</a>",
        "<img src=https://evil.example onerror=x() srcset='https://evil.example 2x'>",
        "<form action=https://evil.example><button formaction=https://evil.example>x</button></form>",
        "<body background=https://evil.example>",
        "<p style='background:url(https://evil.example)'>x</p>",
        "<style>@import 'https://evil.example'; p{background:url( \"https://evil.example\" )}</style>",
        "<svg><a xlink:href=https://evil.example><image href=https://evil.example /></a><script>x()</script></svg>",
        "<math href=https://evil.example><mtext>x</mtext></math>",
        "<table background=https://evil.example><td>x</table>",
        "<video poster=https://evil.example src=https://evil.example></video>",
    ],
)
def test_nothing_runs_and_nothing_leads_out(html):
    made = shown(html)
    assert "evil.example" not in made
    assert not re.search(r"x\(\)|<script|<iframe|javascript", made)


def test_what_is_archived_is_found_and_what_is_not_is_inert():
    made = shown('<img src="x.png" srcset="x.png 1x, y.png 2x"><a href="x.png">a</a><a href="y">b</a><a href="#c">c</a>')
    assert made.count("/content?x") == 3
    assert '<a>b</a><a href="#c">c</a>' in made
    assert "y.png" not in made


def test_addresses_are_read_as_the_page_meant_them():
    assert "/content?s" in shown('<base href="/b/"><link rel=stylesheet href="../s.css">')
    assert 'url("/content?x")' in shown('<p style="background:url(x.png)">x</p>').replace("&quot;", '"')
    assert inert.style("@import 's.css'; a{b:url(x.png)}", Url("https://news.example/s"), lambda found: {found[0]: "/f"}).count(
        "/f"
    )


def test_text_direction_and_pictures_within_the_page_stay():
    made = shown('<html dir=rtl lang=ar><body><p>صوت العقل</p><img src="data:image/png;base64,AAAA"></body></html>')
    assert '<html dir="rtl" lang="ar">' in made
    assert "صوت العقل" in made
    assert "data:image/png" in made


def test_our_line_stands_before_the_page():
    assert "<body><p>ours</p><h1>" in inert.page("<h1>x</h1>", URL, resolve, "<p>ours</p>")


@given(st.text(alphabet="<>=/\"' aehrfscipt:urlonmgdvy-!&#;{}()@", max_size=120))
@settings(max_examples=80)
def test_whatever_it_is_nothing_runs(text):
    made = shown(text)
    assert not re.search(r"<(?:script|iframe|object|embed|base|template)[\s>/]", made)
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+=", re.sub(r'"[^"]*"', '""', made))


def test_a_picture_that_a_script_would_load_later_is_shown_at_once():
    lazy = (
        "<img src='data:image/gif;base64,R0lG' data-src=x.png><img data-srcset='x.png 2x, far.png 3x'><img data-src=gone.png>"
    )
    made = shown(lazy)
    assert made.count('src="/content?x"') == 1
    assert 'srcset="/content?x 2x"' in made
