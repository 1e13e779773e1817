from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.export.array import array
from crawler.export.jsonl import line, lines
from crawler.export.markdown import document, documents
from crawler.export.schema import schema
from crawler.model import Place, Record, SegmentId

ROOT = Path(__file__).parent.parent.parent


def record(**changes: object) -> Record:
    base = Record(
        id="abcdefghijklmnop",
        url="https://news.example/a",
        canonical_url=None,
        title="عنوان الخبر",
        authors=("كاتبة", "كاتب"),
        published="2026-11-22",
        modified=None,
        language="ar",
        direction="rtl",
        section=None,
        tags=(),
        site="أخبار",
        source=None,
        summary=None,
        text="الفقرة الأولى.\nالفقرة الثانية.",
        words=4,
        image=None,
        links=(),
        rights={},
        found_in={},
        note=None,
        feed={},
        capture=Place(segment=SegmentId("WARRAQ-1"), offset=0, length=1, fetched_at="2026-11-22T00:00:00.000Z"),
        extractor="warraq 0",
    )
    return msgspec.structs.replace(base, **changes)


# --- lines and arrays


def test_a_record_is_one_line_and_reads_back_to_the_same() -> None:
    one = record(text="سطر\nسطر\u2028آخر")
    assert line(one).count(b"\n") == 1
    assert line(one).endswith(b"}\n")
    assert msgspec.json.decode(line(one), type=Record) == one


def test_a_line_is_written_in_its_script_and_not_in_escapes() -> None:
    assert "عنوان الخبر".encode() in line(record())


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3))
def test_lines_and_array_hold_the_same_records_in_the_same_order(titles: list[str]) -> None:
    records = [record(title=title) for title in titles]
    assert [msgspec.json.decode(one, type=Record) for one in lines(records)] == records
    assert msgspec.json.decode(b"".join(array(records)), type=list[Record]) == records


def test_an_array_is_written_while_the_records_come() -> None:
    pieces = array(iter([record(title="one"), record(title="two")]))
    assert b"one" in next(pieces)


# --- markdown


def test_a_record_becomes_a_page_with_title_facts_and_paragraphs() -> None:
    assert document(record()) == (
        "# عنوان الخبر\n\n"
        "\u2068كاتبة\u2069 · \u2068كاتب\u2069 · \u2068أخبار\u2069 · \u20682026-11-22\u2069 · \u2068<https://news.example/a>\u2069\n\n"
        "الفقرة الأولى.\n\n"
        "الفقرة الثانية.\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    bare = record(title=None, authors=(), published=None, site=None, source=None, text="")
    assert document(bare) == "# https://news.example/a\n\n\u2068<https://news.example/a>\u2069\n"


def test_why_there_is_no_text_is_said() -> None:
    assert document(record(text="", note="the parser took too long")).endswith("\n\n*the parser took too long*\n")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# not a heading", "\\# not a heading"),
        ("- not a list", "\\- not a list"),
        ("1. not a list", "1\\. not a list"),
        ("2026. was a year", "2026\\. was a year"),
        ("> not a quote", "\\> not a quote"),
        ("---", "\\---"),
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("[a](javascript:x)", "\\[a\\](javascript:x)"),
        ("![a](b)", "\\!\\[a\\](b)"),
        ("*b* _b_ `c`", "\\*b\\* \\_b\\_ \\`c\\`"),
        ("snake_case stays", "snake_case stays"),
        ("AT&amp;T & Co", "AT\\&amp;T & Co"),
        ("    four spaces are no code", "four spaces are no code"),
        ("back\\slash", "back\\\\slash"),
        ("نص (عادي) - بلا تغيير!", "نص (عادي) - بلا تغيير!"),
    ],
)
def test_what_a_publisher_wrote_stays_text(text: str, written: str) -> None:
    assert document(record(text=text)).split("\n\n")[2] == written + "\n"


def test_controls_and_bidi_overrides_do_not_pass() -> None:
    page = document(record(title="a\u202eb\x1b[31mc\u2066d", site="x\u2069y"))
    assert page.startswith("# a b \\[31mc d\n")
    assert page.count("\u2068") == page.count("\u2069")


def test_an_address_can_not_leave_its_brackets() -> None:
    assert "<https://a.example/%3Eb%3C>" in document(record(url="https://a.example/>b<"))


def test_records_are_parted_by_a_rule() -> None:
    pages = b"".join(documents([record(title="one"), record(title="two")])).decode()
    assert re.findall(r"(?m)^(# \w+|---)$", pages) == ["# one", "---", "# two"]


@given(st.text())
def test_any_text_can_be_written(text: str) -> None:
    b"".join(documents([record(title=text, text=text, authors=(text,))])).decode("utf-8")


# --- the schema


def test_the_shipped_schema_is_the_one_of_the_records() -> None:
    assert (ROOT / "docs/record.schema.json").read_bytes() == schema()
