"""Where a script draws the page, its text is read from the data that came with it; a page with a text keeps its own."""

from __future__ import annotations

import html
import json

import pytest

from crawler.extraction import extract
from crawler.model import Article

TEXT = [
    "افتتح مجلس البلدة سوقا جديدة على ضفة النهر يوم الثلاثاء، وجاء مئات من السكان ليروا ما يعرض فيها من خضار وفاكهة.",
    'قال رئيس البلدية: "استغرق العمل عامين وكلف ثلاثة ملايين، دفع صندوق الإقليم معظمها، وستفتح السوق كل يوم".',
    "وصل أول الفلاحين قبل شروق الشمس، وعند الظهر كانت آخر سلة من التفاح قد بيعت، كما قالت للصحفيين.",
]
MARKUP = "".join(f'<p class="line">{one}</p>' for one in TEXT)
OTHER = "<p>خبر آخر لا يعرض في هذه الصفحة، بل في صفحة أخرى من الموقع، وهو أقصر من الخبر الأول بكثير.</p>"


def safe(value: object) -> str:
    """JSON as it is put into scripts: without `<`."""
    return json.dumps(value).replace("<", r"\u003c")


def read(inner: str, head: str = "") -> Article:
    title = "<title>سوق جديدة على النهر</title>"
    return extract(f'<html lang="ar"><head>{title}{head}</head><body><div id="app"></div>{inner}</body></html>')


STATE = {"article": {"title": "سوق", "contentHtml": MARKUP}, "others": [{"contentHtml": OTHER}]}


@pytest.mark.parametrize(
    "carried",
    [
        f'<script id="__DATA__" type="application/json">{safe(STATE)}</script>',
        f"<script>window.__STATE__ = {safe(STATE)}; run('it\\'s');</script>",
        f"<script>self.push([1, {safe('7:' + safe([STATE]))}])</script>",
        f'<script>self.push([1, "5:T1b7b,"])</script><script>self.push([1, {safe(MARKUP)}])</script>',
        f'<div data-state="{html.escape(json.dumps(STATE))}"></div>',
        f"<div data-state='{safe(STATE)}'></div>",
        f'<script type="application/ld+json">{json.dumps({"@type": "Article", "articleBody": chr(10).join(TEXT)})}</script>',
    ],
)
def test_a_text_that_only_a_script_has_is_read(carried: str) -> None:
    article = read(carried)
    assert (list(article.paragraphs), article.found_in["text"]) == (TEXT, "script")


def test_all_posts_of_a_thread_are_read() -> None:
    posts = [{"id": n, "cooked": f"<p>{one}</p><p>{TEXT[0]}</p>"} for n, one in enumerate(TEXT[1:])]
    stored = html.escape(json.dumps({"topic_1": json.dumps({"post_stream": {"posts": posts}})}))
    article = read(f'<div class="hidden" id="data-preloaded" data-preloaded="{stored}"></div>')
    assert all(one in article.text for one in TEXT)


def test_a_page_with_a_text_of_its_own_keeps_it() -> None:
    own = "".join(f"<p>{one * 2}</p>" for one in reversed(TEXT))
    article = read(f"<article>{own}</article><script>x = {safe({'body': MARKUP * 3})}</script>")
    assert (list(article.paragraphs), article.found_in["text"]) == ([one * 2 for one in reversed(TEXT)], "html")


def test_places_for_advertisements_are_no_text() -> None:
    filled = MARKUP.replace("</p>", "</p>$$ARTICLEAD$$", 1).replace("</p>", "</p>{{ banner }}")
    assert list(read(f"<script>x = {safe({'body': filled})}</script>").paragraphs) == TEXT


@pytest.mark.parametrize(
    "script",
    [
        'x = "' + r"\"" * 300_000,
        'x = "' + r"\"" * 300_000 + "\\",
        '"articleBody":"' * 100_000,
        "</script><script>" * 100_000,
        'x = "' + r"\ud800\u003c/p>" * 50 + '"',
        "[" * 100_000 + safe(safe(safe(safe(safe([MARKUP]))))),
    ],
)
def test_data_made_to_be_slow_or_broken_are_passed_over(script: str) -> None:
    assert read(f"<script>{script}</script>").text == ""
