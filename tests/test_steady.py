"""What of a text stays while nobody edits it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Article
from crawler.steady import steady
from crawler.sums import text_hash

BODY = (
    "The harbour council said on Monday that the old footbridge would be restored before the winter.",
    "Three of twelve members voted against it, and 14 others asked for a report on what it would cost.",
)


@pytest.mark.parametrize(
    "line",
    [
        "3 minutes ago",
        "قبل ٣ دقائق",
        "آخر تحديث: منذ ١٢ ساعة",
        "12,345 views",
        "١٢٬٣٤٥ مشاهدة",
        "阅读 8,207",
        "5分钟前更新",
        "閲覧 1204 回",
        "조회 1,204",
        "1 204 просмотра",
        "há 5 horas · 12 comentários",
        "לפני 5 דקות",
        "Προβολές: 88",
        "4 दिन · 12 मिनट",
        "½ hour ago",
        "㏩ 留言",
        "⑫ تعليق",
        "14:05",
        "1,024",
    ],
)
def test_a_clock_or_a_counter_at_an_edge_counts_for_nothing(line):
    assert tuple(steady("\n".join((line, *BODY)))) == BODY
    assert tuple(steady("\n".join((*BODY, line)))) == BODY


@pytest.mark.parametrize(
    "line",
    ["Gold: 14", "Dead: 12, missing: 3", "Correction", "ريال مدريد ٣ برشلونة ٢", "Twelve died within 3 minutes."],
)
def test_what_may_be_news_counts_though_it_is_short(line):
    assert line in tuple(steady("\n".join((*BODY, line))))


def test_a_line_that_is_a_link_counts_for_nothing_and_a_line_with_a_link_does():
    text = "\n".join(
        (*BODY, BODY[0], "Another story of quite another place that is linked here for everybody to read", BODY[1])
    )
    start = len("\n".join((*BODY, BODY[0]))) + 1
    assert tuple(steady(text, [(start, 60, 0), (start + 60, 18, 1)])) == (*BODY, BODY[0], BODY[1])
    assert tuple(steady(text, [(start, 20, 0)])) == tuple(text.split("\n"))


def test_links_count_where_they_begin_whatever_order_they_come_in():
    lines = (*BODY, "Another harbour of this coast", "is closed until the summer", BODY[1])
    text = "\n".join(lines)
    second, third = text.index(lines[2]), text.index(lines[3])
    assert tuple(steady(text, [(third, 26, 1), (second - 1, 1, 2), (second, 29, 0)])) == (*BODY, BODY[1])
    assert tuple(steady(text, [(second, 60, 0)])) == (*BODY, lines[3], BODY[1])


def test_where_all_is_linked_links_say_nothing():
    text = "\n".join(BODY)
    assert tuple(steady(text, [(0, len(BODY[0]), 0), (len(BODY[0]) + 1, len(BODY[1]), 0)])) == BODY


def test_a_text_of_short_lines_only_counts_as_it_is():
    assert tuple(steady("12 minutes\nof silence\n14:05")) == ("12 minutes", "of silence", "14:05")


def test_the_hash_of_a_text_is_blind_to_the_clock_beside_it_and_to_nothing_else():
    first, second = (Article(title="T", text=f"{when}\n{BODY[0]}\n{BODY[1]}") for when in ("3 minutes ago", "2 hours ago"))
    edited = Article(title="T", text=first.text.replace("14 others", "15 others"))
    assert text_hash(first) == text_hash(second)
    assert text_hash(first) != text_hash(edited)


@given(st.text(), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 3)), max_size=5))
def test_nothing_is_added(text, anchors):
    lines = text.split("\n")
    assert all(line in lines for line in steady(text, anchors))
