"""The given document, as text and as a page of the demo with much, little and no metadata: one record."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from crawler.demo.papers import PAPERS, served
from crawler.demo.stories import Story, load
from crawler.extraction import extract
from crawler.model import Article

GIVEN = Path(__file__).parents[2] / "seeds" / "000_397a5b6dceea92fb.txt"
MINA = msgspec.structs.replace(next(paper for paper in PAPERS if paper.key == "mina"), base="https://mina.example")
STORIES = tuple(story for story in load() if story.paper == MINA.key)
UNDATED = next(story for story in STORIES if story.published is None)
LABELS = (
    "ونود الإشارة",
    "شاكرين لك",
    "رابط مختصر",
    "المصدر",
    "واتساب",
    "مقالات ذات صلة",
    "الأكثر قراءة",
    "النشرة البريدية",
    "جميع الحقوق",
)
LEFT_OUT = (*LABELS, MINA.name)


def page(story: Story) -> str:
    return served(MINA, STORIES if story in STORIES else (story, *STORIES[1:]), 1)[story.path].body.decode("utf-8")


def marked(marks: str) -> str:
    """Its page, saying of itself what a theme that knows `marks` does; a theme never gives an empty date."""
    shown = page(msgspec.structs.replace(UNDATED, marks=marks))
    return shown.replace('<meta property="article:published_time" content="">', "").replace('"datePublished": null, ', "")


def bare() -> str:
    """Its page with nothing in the head but the title, and no marks in the body: names of classes, `rel`, language."""
    body = re.sub(r' (?:class|id|rel|lang|dir|aria-hidden)="[^"]*"', "", page(UNDATED).partition("<body")[2])
    return f"<!DOCTYPE html><html><head><title>{UNDATED.title} - {MINA.name}</title></head><body{body}"


def told(article: Article) -> tuple[object, ...]:
    return (article.paragraphs, article.title, article.authors, article.section, article.source, article.published)


FORMS = {"json-ld": marked("json-ld"), "og": marked("og"), "none": page(UNDATED)}


@pytest.mark.parametrize("form", FORMS)
def test_the_given_document_is_the_same_record_as_text_and_as_a_page(form: str) -> None:
    as_text = extract(GIVEN.read_bytes(), content_type="text/plain; charset=utf-8")
    as_page = extract(FORMS[form].encode(), f"https://mina.example{UNDATED.path}", "text/html; charset=utf-8")
    assert told(as_page) == told(as_text)
    assert (as_page.published, as_page.modified) == (None, None)
    assert (as_page.language, as_page.direction) == ("ar", "rtl")
    assert not [part for part in LEFT_OUT if part in as_page.text]


def test_a_page_without_a_name_on_any_element_still_gives_body_title_and_source() -> None:
    as_text = extract(GIVEN.read_bytes(), content_type="text/plain; charset=utf-8")
    as_page = extract(bare().encode(), f"https://mina.example{UNDATED.path}", "text/html; charset=utf-8")
    assert told(as_page) == told(msgspec.structs.replace(as_text, authors=(), section=None))
    assert (as_page.language, as_page.direction) == ("ar", "rtl")


def test_the_forms_differ_in_what_they_say_of_themselves() -> None:
    kept = {name: (form.count("<meta"), "ld+json" in form) for name, form in {**FORMS, "bare": bare()}.items()}
    assert kept["json-ld"][1]
    assert not kept["og"][1]
    assert kept["og"][0] > kept["none"][0] > kept["bare"][0]
    assert not re.search(r"class=|rel=|lang=", bare())
