"""What changed, word by word, and what of it matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.differing import KINDS, difference, edits, restless
from crawler.differing.words import MOST_TOKENS
from tests.changes import newsroom


def kinds(old: str, new: str, title: str = "عنوان") -> list[tuple[str, str, str]]:
    return [(one.kind, one.old, one.new) for one in difference((title, old), (title, new)).changes]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("قُتل ١٢ شخصا في الحادث", "قُتل ١٤ شخصا في الحادث", ("number", "١٢", "١٤")),
        ("قُتل ثلاثة أشخاص", "قُتل خمسة أشخاص", ("number", "ثلاثة", "خمسة")),
        ("وقعها أربعمئة طالب", "وقعها ستمئة طالب", ("number", "أربعمئة", "ستمئة")),
        ("مفتوحة حتى العاشرة ليلا", "مفتوحة حتى التاسعة ليلا", ("number", "العاشرة", "التاسعة")),
        ("共有三人死亡", "共有五人死亡", ("number", "三", "五")),
        ("It cost 1,200 crowns", "It cost 1,300 crowns", ("number", "1,200", "1,300")),
        ("The mayor Anna Berg spoke", "The mayor Nils Holm spoke", ("name", "Anna Berg", "Nils Holm")),
        ("He flew to Iran today", "He flew to Iraq today", ("name", "Iran", "Iraq")),
        ("заявил министр Иванов", "заявил министр Петров", ("name", "Иванов", "Петров")),
        ("قال «سنفوز حتما» اليوم", "قال «سنفوز ربما» اليوم", ("quote", "حتما", "ربما")),
        ("He said “we will win” today", "He said “we may win” today", ("quote", "will", "may")),
        ("他说「我们会赢」了", "他说「我们能赢」了", ("quote", "会", "能")),
        ("القرار نهائي الآن", "القرار غير نهائي الآن", ("negation", "", "غير")),
        ("他表示不会辞职", "他表示会辞职", ("negation", "不", "")),
        ("the bridge is safe", "the bridge is not safe", ("negation", "", "not")),
        ("Мост безопасен", "Мост не безопасен", ("negation", "", "не")),
        ("a long debate", "a lengthy debate", ("wording", "long", "lengthy")),
        ("prices increase now", "prices decrease now", ("wording", "increase", "decrease")),
        ("the goverment said", "the government said", ("spelling", "goverment", "government")),
        ("red, green", "red green", ("style", ",", "")),
        ("كتب الرئيس", "كَتَبَ الرئيس", ("style", "كتب", "كَتَبَ")),
    ],
)
def test_a_change_is_of_the_kind_of_what_matters_most_in_it(old, new, wanted):
    assert kinds(f"{old}\n", f"{new}\n") == [wanted]


def test_a_sentence_that_goes_or_comes_is_told_whole():
    old = "First it rained in the town.\nThen the sun came out again at noon."
    assert kinds(old, old.split("\n", maxsplit=1)[0]) == [("deletion", "Then the sun came out again at noon.", "")]
    assert kinds(old.split("\n", maxsplit=1)[0], old)[0][0] == "addition"


def test_a_new_headline_stands_before_all_else():
    found = difference(("Fire in the port", "12 boats burnt"), ("Blaze in the port", "14 boats burnt"))
    assert [(one.kind, one.field) for one in found.changes] == [("headline", "title"), ("number", "text")]
    assert difference(("Fire!", ""), ("fire", "")).kind == "style"


@pytest.mark.parametrize("number", range(3))
def test_an_editors_changes_are_known_for_what_they_are(number):
    one = newsroom.story(number)
    wanted = ["number", "headline", "deletion", "addition", "wording", "style"]
    found = []
    for edit in (*newsroom.SUBSTANCE, *newsroom.STYLE):
        other = edit(one)
        found.append(difference((one.title, "\n".join(one.paragraphs)), (other.title, "\n".join(other.paragraphs))).kind)
    assert found == wanted


def test_a_line_that_is_another_each_time_is_nobodys_edit_and_a_figure_corrected_twice_is():
    ads = ("Buy a carpet for half", "Two phones at one price", "Cheap flights to the sea")
    dead = ("The storm killed 12 people", "The storm killed 14 people", "The storm killed 17 people")
    versions = [["It rained all night.", ad, count, "The end."] for ad, count in zip(ads, dead, strict=True)]
    assert restless(versions) == [{1}, {1}, {1}]
    assert restless(versions[:2]) == [set(), set()]


texts = st.text("ab 1,\nكو中文かไท'«»", max_size=60)


@given(texts, texts)
def test_the_edits_make_one_text_of_the_other_but_for_blanks(old, new):
    made, at = "", 0
    for was, now in edits(old, new):
        assert was.start >= at
        made += old[at : was.start] + " " + new[now.start : now.end] + " "
        at = was.end
    made += old[at:]
    assert "".join(made.split()) == "".join(new.split())


@given(texts, texts)
def test_what_matters_most_stands_first_and_nothing_changed_is_nothing(old, new):
    order = [KINDS.index(one.kind) for one in difference((old, new), (new, old)).changes]
    assert order == sorted(order)
    assert difference((old, new), (old, new)).changes == ()


def test_a_stretch_too_long_to_compare_counts_as_changed_as_a_whole():
    old, new = "a " * (MOST_TOKENS + 1), "b " * 5
    assert [(one.old.strip()[:1], one.new.strip()[:1]) for one in difference(("", old), ("", new)).changes] == [("a", "b")]
