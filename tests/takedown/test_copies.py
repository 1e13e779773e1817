"""Another document holds an article's text, or only names it: in any script, however it is escaped."""

from __future__ import annotations

import html

import pytest

from crawler.takedown.copies import Words

TEXTS = [
    (
        "وصل الرئيس إلى الميناء",
        "قال شهود إن السفينة وصلت فجرا إلى الميناء القديم، وإن مئات الناس كانوا ينتظرونها منذ المساء على الرصيف.",
    ),
    (
        "A loaf for four towns",
        "Bakers of four towns agreed on a common loaf yesterday, after talks that had gone on for weeks in the hall.",
    ),
    (
        "四个城镇的面包师达成一致",
        "昨天四个城镇的面包师在旧礼堂经过数周谈判之后终于就共同的面包达成协议并宣布从下个月开始在所有店铺出售这种面包",
    ),
]


@pytest.mark.parametrize(("title", "text"), TEXTS)
def test_a_full_text_is_a_copy_however_it_is_escaped(title, text):
    words = Words([(title, text)])
    marked = "<p>" + text.replace("،", "</p><p>،") + "</p>"
    assert words.held_by(f"<item><description>{html.escape(marked)}</description></item>") == "copy"
    assert words.held_by(f"<content><![CDATA[{marked}]]></content>") == "copy"
    escaped = "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in text)
    assert words.held_by('{"content_text":"' + escaped + '"}') == "copy"


@pytest.mark.parametrize(("title", "text"), TEXTS)
def test_a_headline_is_a_mention_and_another_text_is_nothing(title, text):
    words = Words([(title, text)])
    assert words.held_by(f"<item><title>{title}</title></item>") == "mention"
    assert all(words.held_by(other) is None for _, other in TEXTS if other != text)


def test_nothing_is_a_copy_of_nothing():
    assert Words([(None, "")]).held_by("<p>whatever stands here</p>") is None
