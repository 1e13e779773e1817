"""Which boxes are other stories' by their names, and how names are looked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.names import branched
from crawler.extraction.places import is_other

WORDS = ["relat(?:ed|ion)", "recent", "see-?also", "card(?!s)", "carousel", "current-?(?:date|time)"]


@pytest.mark.parametrize(
    "name", ["td-related-posts", "sideBar", "my-widget", "card wide", "digital-clock", "TopBar", "more-news"]
)
def test_boxes_of_other_stories_and_of_todays_date_are_known_by_their_names(name: str) -> None:
    assert is_other(name)


@pytest.mark.parametrize("name", ["", "elementor-widget", "scorecard", "clockwork", "article-body", "more", "بطاقة"])
def test_a_box_whose_name_only_sounds_alike_is_the_articles(name: str) -> None:
    assert not is_other(name)


@given(st.lists(st.sampled_from(["related", "relation", "rel", "cards", "card", "see", "also", "current", "time", "-", " "])))
def test_words_asked_for_letter_by_letter_are_found_where_a_list_of_them_finds_one(parts: list[str]) -> None:
    text = "".join(parts)
    plain = re.search("|".join(WORDS), text) is not None
    assert [re.search(branched(WORDS, letters), text) is not None for letters in (1, 2)] == [plain, plain]
