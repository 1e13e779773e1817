"""Names of boxes only vote: where a box holds the article whatever it is called, it is kept; but for what stands below one."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks, body, extract

BODY = [
    "افتتح المجلس البلدي سوقا جديدة على ضفة النهر صباح الثلاثاء، وحضر المئات من سكان البلدة والقرى المجاورة لها.",
    "وقالت رئيسة البلدية إن العمل استغرق عامين كاملين وكلف ثلاثة ملايين، دفع صندوق الإقليم أكبر جزء منها.",
    "ووصل أول المزارعين قبل شروق الشمس، وعند الظهر بيعت آخر سلة من التفاح، كما قالت للصحفيين في المكان.",
    "وابتداء من الأسبوع المقبل ستفتح السوق أبوابها كل يوم من السادسة صباحا حتى العاشرة ليلا.",
]
OTHERS = [
    "Два года назад мальчику поставили неутешительный диагноз, и теперь семье срочно нужна помощь читателей.",
    "Девочка тяжело больна, и лечение в столице стоит больше, чем её родители зарабатывают за десять лет.",
    "Московские врачи подтвердили диагноз, операция назначена на конец месяца, собрана половина суммы.",
    "Фонд отчитался о собранных за год средствах, список всех жертвователей опубликован на его странице.",
    "Редакция благодарит всех, кто откликнулся на прошлые просьбы: трое детей уже вернулись домой здоровыми.",
]
TITLE = "سوق جديدة على ضفة النهر"


def set_in(tag: str, texts: list[str]) -> str:
    return "".join(f"<{tag}><p>{one}</p></{tag}>" for one in texts)


def paragraphs(inner: str) -> list[str]:
    html = f"<html><head><title>{TITLE}</title></head><body>{inner}</body></html>"
    return list(extract(html, "https://example.org/", "text/html").paragraphs)


def test_a_box_with_the_headline_and_some_text_is_the_articles_whatever_it_is_called() -> None:
    article = f"<div class='topic-wrapper'><h1>{TITLE}</h1><div>{set_in('div', BODY)}</div></div>"
    assert paragraphs(f"{article}<div><ul>{set_in('li', OTHERS)}</ul></div>")[: len(BODY)] == BODY


def test_what_is_hidden_doesnt_count_against_a_box() -> None:
    article = f"<h1>{TITLE}</h1><div class='content_tag'><div>{set_in('div', BODY)}</div></div>"
    comments = f"<div style='display:none'>{set_in('div', OTHERS[2:])}</div>"
    assert paragraphs(f"{article}{comments}<div><ul>{set_in('li', OTHERS[:2])}</ul></div>")[: len(BODY)] == BODY


def test_where_most_is_hidden_no_name_is_acquitted_for_that() -> None:
    article = f"<div style='display:none'><h1>{TITLE}</h1>{set_in('div', BODY)}</div>"
    page = blocks.parse(LexborHTMLParser(f"{article}<div class=sidebar>{set_in('div', OTHERS[:2])}</div>"))
    body.surveyed(page, TITLE, None)
    assert [box.bad for box in page.boxes if "sidebar" in box.attributes] == [True]


@pytest.mark.parametrize("name", ["reader-comments", "art-komentarze", "RightRailContainer", "article_related_by_phrase"])
def test_what_stands_below_a_text_is_none_of_it_however_much_it_is(name: str) -> None:
    article = f"<div class='story'><h1>{TITLE}</h1>{set_in('div', BODY + BODY[:2])}</div>"
    assert not set(OTHERS) & set(paragraphs(f"{article}<div class='{name}'>{set_in('div', OTHERS * 4)}</div>"))


def test_a_name_of_what_stands_below_a_text_says_nothing_where_none_does() -> None:
    assert paragraphs(f"<h1>{TITLE}</h1><div class='comment'>{set_in('div', BODY)}</div>") == BODY
