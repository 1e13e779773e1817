"""A made-up site of many pages: each gives its text to the letter, its title, its writer and its moment."""

from __future__ import annotations

import html
import json
import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from crawler.extraction import extract

ARABIC_WORDS = (
    "قال الرئيس الحكومة الوزير اليوم في على من إلى عن مع بعد قبل خلال أعلنت أكد أضاف المدينة الدولة"
    " الشركة المصدر الأمن السوق النفط"
    " الكهرباء المياه الصحة التعليم الرياضة الثقافة المجلس البرلمان القانون المحكمة الاتفاق"
    " تقرير بيان مؤتمر زيارة اجتماع قرار مشروع"
)
ENGLISH_WORDS = (
    "the of and to in a is that for on was with as by at from government minister report energy market oil price percent"
    " company agreement"
    " talks border court law parliament election vote policy health science region water power project newspaper station agency"
)
ARABIC, ENGLISH = ARABIC_WORDS.split(), ENGLISH_WORDS.split()


class Story(NamedTuple):
    """What a page was made from."""

    title: str
    writer: str
    when: datetime
    paragraphs: list[str]
    page: str


def sentence(chance: random.Random, words: list[str], least: int = 8, most: int = 24) -> str:
    text = " ".join(chance.choices(words, k=chance.randint(least, most)))
    return text[:1].upper() + text[1:] + "."


def story(number: int) -> Story:
    chance = random.Random(number)
    rtl = number % 2 == 0
    words = ARABIC if rtl else ENGLISH
    when = datetime(2026, 11, 20, 12, tzinfo=UTC) - timedelta(minutes=7 * number)
    title = " ".join(chance.choices(words, k=chance.randint(6, 12))).capitalize() + f" {number}"
    writer = " ".join(chance.choices(words, k=2)).title()
    paragraphs = [" ".join(sentence(chance, words) for _ in range(chance.randint(2, 5))) for _ in range(chance.randint(8, 26))]
    menu = "".join(f'<li><a href="/section/{n}">{" ".join(chance.choices(words, k=2))}</a></li>' for n in range(40))
    others = "".join(f'<li class="rel"><a href="/{n}"><span>{sentence(chance, words)}</span></a></li>' for n in range(12))
    comments = "".join(
        f'<div class="comment"><b>{chance.choice(words)}</b><p>{sentence(chance, words)}</p></div>' for _ in range(6)
    )
    node = {
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": when.isoformat(),
        "author": {"@type": "Person", "name": writer},
    }
    shown = html.escape(title)
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    page = f"""<!DOCTYPE html><html lang="{"ar" if rtl else "en"}"><head><meta charset="utf-8">
<title>{shown} | Site {number % 7}</title><meta property="og:title" content="{shown}">
<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script></head>
<body><header><a href="/">Site</a><nav><ul>{menu}</ul></nav></header><main><article>
<div class="breadcrumb"><a href="/">home</a></div>
<h1>{shown}</h1><div class="meta"><span class="author">{writer}</span> <time>{when:%Y-%m-%d %H:%M}</time></div>
<figure><img src="/big.jpg" alt=""><figcaption>{sentence(chance, words, 5, 9)}</figcaption></figure>
<div class="article-body">{body}</div><div class="share"><a href="#">x</a></div></article>
<aside><h3>related</h3><ul>{others}</ul></aside></main><section class="comments">{comments}</section>
<footer><ul>{menu}</ul><p>&copy; 2026 Site. <a href="//other.example/">partner</a></p></footer></body></html>"""
    return Story(title, writer, when, paragraphs, page)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_every_page_of_a_site_gives_what_it_was_made_from(first: int) -> None:
    for number in range(first, first + 20):
        made = story(number)
        got = extract(made.page.encode(), f"http://site.example/news/{number}.html", "text/html; charset=utf-8")
        assert list(got.paragraphs) == made.paragraphs
        assert (got.title, got.authors, got.published) == (made.title, (made.writer,), made.when.isoformat())
