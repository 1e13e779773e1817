"""What readers say below an article is none of it, however much it is; above and within an article names decide nothing."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks, replies
from crawler.extraction.blocks import Block

TEXT = [
    "Городской совет открыл во вторник новый рынок на берегу реки, и сотни жителей пришли посмотреть на овощи и фрукты.",
    "Мэр сказала, что работы заняли два года и стоили три миллиона, большую часть которых заплатил областной фонд развития.",
    "Первые крестьяне приехали до восхода солнца, а к полудню последняя корзина яблок была продана, сказали они.",
]
SAID = "Я живу на этой улице двадцать лет, и никто никогда не спросил нас, нужен ли нам тут ещё один рынок, вот так всегда."


def left(inner: str) -> list[str]:
    found = blocks.parse(LexborHTMLParser(f"<body>{inner}</body>")).blocks
    for block in found:
        block.good = block.weight if block.weight > 40 else 0.0
    return [found[place].text for place in replies.without(found, list(range(len(found))))]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "named",
    ['id="reader-comments"', 'class="commentDiv"', 'class="art-komentarze"', 'id="comentarios"', 'class="yorumlar"'],
)
def test_comments_below_an_article_are_no_part_of_it(named: str) -> None:
    assert left(f"<div>{paragraphs(*TEXT)}<div {named}><h3>Слово читателям</h3>{paragraphs(*[SAID] * 9)}</div></div>") == TEXT


def test_what_stands_below_comments_stays() -> None:
    below = "<p>Рынок открыт ежедневно.</p>"
    assert left(f"{paragraphs(*TEXT)}<div class=comments>{paragraphs(*[SAID] * 9)}</div>{below}") == [
        *TEXT,
        "Рынок открыт ежедневно.",
    ]


def test_a_comment_is_an_opinion_too_under_its_summary() -> None:
    assert left(f"<p>{SAID}</p><div class=kommentar>{paragraphs(*TEXT)}</div>") == [SAID, *TEXT]


def test_what_is_called_content_too_is_no_comment() -> None:
    item = f'<div class="main-content__item__comment">{paragraphs(SAID)}</div>'
    assert left(f"{paragraphs(*TEXT)}{item}{item}") == [*TEXT, SAID, SAID]


def test_a_commentary_is_no_comment() -> None:
    assert left(f"{paragraphs(*TEXT)}<div class=commentary>{paragraphs(SAID)}</div>") == [*TEXT, SAID]


def test_a_box_around_all_of_the_text_is_believed_to_hold_it() -> None:
    assert left(f"<div class=comments>{paragraphs(*TEXT, SAID)}</div>") == [*TEXT, SAID]


def test_nothing_kept_stays_nothing() -> None:
    none: list[Block] = []
    assert replies.without(none, []) == []
