"""What the forests kept is made whole: tables, lists, headings; and nothing that stands alone far from the text."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks
from crawler.extraction.blocks import Page
from crawler.extraction.completing import complete, without_strays

LONG = "一九九八年以来，市政府每年春天都在河边举办书市，来自各地的读者和出版社都会参加这个活动。"


def page(inner: str) -> Page:
    return blocks.parse(LexborHTMLParser(f"<body>{inner}</body>"))


def completed(inner: str, *kept: str) -> list[str]:
    found = page(inner).blocks
    places = {block.index for block in found if block.text in kept}
    complete(found, places)
    return [found[place].text for place in sorted(places)]


def table(rows: Sequence[tuple[str, ...]]) -> str:
    cells = ("".join(f"<td><div>{cell}</div></td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


EXAMS = [("专业", "科目"), ("美学", "外语、美学原理"), ("音乐", "外语、音乐史"), ("美术", "外语、美术史")]
SAID = [cell for row in EXAMS for cell in row]


def test_a_table_half_of_which_is_kept_is_kept() -> None:
    assert completed(table(EXAMS), *SAID[:6]) == SAID


def test_a_table_of_which_less_is_kept_stays_as_it_is() -> None:
    assert completed(table(EXAMS), *SAID[:3]) == SAID[:3]


def test_a_table_with_a_long_text_in_it_lays_out_a_page() -> None:
    rows = [*EXAMS, ("正文", LONG * 5)]
    assert completed(table(rows), *SAID[:6], LONG * 5) == [*SAID[:6], LONG * 5]


def test_links_beside_a_text_are_no_rest_of_a_table() -> None:
    rows = [(f"第{n}章，内容介绍很长很长", f"<a href=/{n}>下载第{n}章</a>") for n in range(4)]
    kept = [row[0] for row in rows]
    assert completed(table(rows), *kept) == kept


def left(inner: str, places: list[int], good: list[int]) -> list[int]:
    found = page(inner).blocks
    for place in good:
        found[place].good = found[place].weight
    return without_strays(found, places)


def test_days_of_a_calendar_far_above_a_text_are_no_part_of_it() -> None:
    days = "".join(f"<p>{day}</p>" for day in range(1, 41))
    text = f"<p>{LONG}</p>" * 5
    assert left(days + text, [5, 6, *range(40, 45)], [*range(40, 45)]) == [*range(40, 45)]


def test_what_reads_well_is_never_too_far_away() -> None:
    days = "".join(f"<p>{day}</p>" for day in range(1, 41))
    assert left(f"<p>{LONG}</p>{days}<p>{LONG}</p>", [0, 41], [0, 41]) == [0, 41]


def test_lines_alone_stay_where_nothing_else_was_kept() -> None:
    days = "".join(f"<p>{day}</p>" for day in range(10, 50))
    assert left(days, [2, 30], []) == [2, 30]


STEPS = ["Wasser kochen", "Tee einfüllen", "Fünf Minuten warten", "Durch ein Sieb gießen", "Zucker dazu", "Umrühren"]


def items(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def test_the_ends_of_a_list_are_kept_with_the_rest_of_it() -> None:
    assert completed(items(STEPS), *STEPS[1:5]) == STEPS


def test_items_between_others_are_kept_even_if_they_are_links() -> None:
    linked = [STEPS[0], f"<a href=/2>{STEPS[1]}</a>", *STEPS[2:]]
    assert completed(items(linked), STEPS[0], *STEPS[2:]) == STEPS


def test_a_list_of_which_little_is_kept_stays_as_it_is() -> None:
    assert completed(items(STEPS), STEPS[0], STEPS[1]) == STEPS[:2]


def test_links_at_the_end_of_a_list_are_no_rest_of_it() -> None:
    linked = [*STEPS[:5], f"<a href=/more>{STEPS[5]}</a>"]
    assert completed(items(linked), *STEPS[:5]) == STEPS[:5]


def test_a_heading_between_two_paragraphs_is_kept_with_them() -> None:
    heading = "书市的历史"
    assert completed(f"<p>{LONG}</p><h3>{heading}</h3><p>{LONG}</p>", LONG) == [LONG, heading, LONG]


def test_a_heading_that_links_or_stands_in_a_box_of_its_own_stays_away() -> None:
    assert completed(f"<p>{LONG}</p><h3><a href=/>书市</a></h3><p>{LONG}</p>", LONG) == [LONG, LONG]
    assert completed(f"<p>{LONG}</p><div><h3>书市</h3></div><p>{LONG}</p>", LONG) == [LONG, LONG]


def test_a_list_that_a_line_with_a_colon_announces_is_kept() -> None:
    for line in ("Das braucht man:", "需要："):
        assert completed(f"<div><p>{line}</p>{items(STEPS)}</div>", line) == [line, *STEPS]


def test_a_list_that_nobody_announces_or_of_links_stays_away() -> None:
    links = [f"<a href=/{step}>{step}</a>" for step in STEPS]
    assert completed(f"<div><p>Mehr dazu:</p>{items(links)}</div>", "Mehr dazu:") == ["Mehr dazu:"]
    assert completed(f"<div><p>Das war alles.</p>{items(STEPS)}</div>", "Das war alles.") == ["Das war alles."]
    assert completed(f"<div><p>Das hier:</p></div><div>{items(STEPS)}</div>", "Das hier:") == ["Das hier:"]
    assert completed("<p>Das hier:</p>", "Das hier:") == ["Das hier:"]
