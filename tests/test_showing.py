"""What comes from outside and is shown: nothing in it is obeyed by a terminal, and in JSON nothing of it is lost."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli import logs
from crawler.showing import many, safe, safe_json

OBEYED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
HOSTILE = "a\x1b]0;owned\x07b\x9b31m\u202etxt.exe\u2066\r\nINFO forged=1"


@given(st.text())
def test_json_says_the_same_and_nothing_in_it_is_obeyed(text: str):
    shown = safe_json(msgspec.json.encode({"t": text}))
    assert not OBEYED.search(shown.decode())
    assert json.loads(shown) == {"t": text}


def test_letters_and_the_marks_that_words_need_stay_as_they_are():
    text = "می‌خواهم \u200fعربي\u200e 中文 é"
    assert safe(text) == text
    assert safe_json(msgspec.json.encode(text)) == msgspec.json.encode(text)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_line_is_one_line_whatever_a_server_wrote(form, capsys):
    before = structlog.get_config()
    try:
        logs.set_up("info", form)
        structlog.get_logger().warning("blocked", url=HOSTILE, detail=HOSTILE, count=1)
    finally:
        structlog.configure(**before)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert not OBEYED.search(said.rstrip("\n"))
    assert "txt.exe" in said


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (0, "page", "0 pages"),
        (1, "page", "1 page"),
        (2, "page", "2 pages"),
        (2, "address", "2 addresses"),
        (2, "try", "2 tries"),
    ],
)
def test_of_one_thing_it_is_said_in_the_singular(number, what, said):
    assert many(number, what) == said
