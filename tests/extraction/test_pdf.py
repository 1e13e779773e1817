"""PDF: lines that become paragraphs, letters that become words, and a document of somebody else's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crawler import records
from crawler.extraction.flowing import paragraphs
from crawler.extraction.visual import is_drawn, logical
from crawler.model import Article, Context
from crawler.parse.portable import is_pdf, read_pdf
from tests import making
from tests.pdfs import pdf, visual

FULL = "The water board announced on Monday that the old bridge across the river will be"


# --- paragraphs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([FULL, "closed until March."], [f"{FULL} closed until March."]),
        ([FULL, "closed.", FULL, "open."], [f"{FULL} closed.", f"{FULL} open."]),
        (["A heading", FULL, "closed."], ["A heading", f"{FULL} closed."]),
        ([FULL, "", "closed."], [FULL, "closed."]),
        ([FULL + " inter-", "national."], [f"{FULL} international."]),
        ([FULL, "\u2022 one thing", "\u2022 another"], [FULL, "\u2022 one thing", "\u2022 another"]),
        (
            ["水务局星期一宣布，横跨河流的旧桥将关闭，", "以便进行维修。"],
            ["水务局星期一宣布，横跨河流的旧桥将关闭，以便进行维修。"],
        ),
        (["\ufe8d\ufedf\ufee4\ufef4\ufe8e\ufeeb \ufb01sh\x00"], ["المياه fish"]),
    ],
)
def test_lines_become_paragraphs(lines, text):
    assert paragraphs(["\n".join(lines)]).splitlines() == text


def test_what_stands_on_every_page_and_its_number_are_left_out():
    pages = [f"وزارة المياه\n{FULL} {n}\n{FULL} of\npage {n}.\n{n} / 3" for n in range(1, 4)]
    assert paragraphs(pages).splitlines() == [f"{FULL} {n} {FULL} of page {n}." for n in range(1, 4)]


@given(st.lists(st.text(max_size=80), max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_a_page_says_a_paragraph_is_a_line(pages):
    assert all(line.strip() for line in paragraphs(pages).split("\n")) or paragraphs(pages) == ""


# --- from right to left ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        (visual("شلوم"), "شلوم"),
        ("Reuters " + visual("وكالة الأنباء"), "وكالة الأنباء Reuters"),
        (visual("يوم") + " 2025 " + visual("نوفمبر") + " 12.5 " + visual("في"), "في 12.5 نوفمبر 2025 يوم"),
        (visual("(مارس)").translate(str.maketrans("()", ")(")), "(مارس)"),
        (visual("בשנה האחרונה") + " New York 24 " + visual("שלום"), "שלום New York 24 בשנה האחרונה"),
        ("The word " + visual("سلام عليكم") + " means peace", "The word سلام عليكم means peace"),
        ("nothing of it", "nothing of it"),
    ],
)
def test_a_line_is_read_as_its_readers_do(seen, read):
    assert logical(seen) == read


def test_letters_as_fonts_draw_them_are_told_from_letters_as_they_are_written():
    assert is_drawn("\ufee3\ufefc")
    assert is_drawn("עברית")
    assert not is_drawn("سلام world")


# --- documents ---------------------------------------------------------------------------------------------------------


def test_a_document_is_known_by_its_first_bytes():
    assert is_pdf(pdf([["x"]]))
    assert is_pdf(b"\r\n" * 100 + b"%PDF-1.4")
    assert not is_pdf(b"about %PDF files")


def test_a_document_says_what_it_says_or_what_to_install():
    article = read_pdf(pdf([[visual("انقطاع المياه يوم الخميس")]]))
    assert article.kind == "other"
    assert "pip install 'warraq[pdf]'" in (article.note or "") or "المياه" in article.text


def record(article: Article, **context: str):
    receipt = making.receipt(making.job(context=Context(**context)))
    return records.page_record(receipt, article, "x/1")


PRINTED = Article(text="x", published="2019-01-02", kind="other", found_in={"kind": "pdf", "published": "pdf", "text": "pdf"})


def test_a_feed_knows_a_documents_day_and_name_better_than_its_file():
    said = record(PRINTED, pub_date="Mon, 11 Mar 2019 09:00:00 GMT", title="بيان")
    assert (said.published, said.found_in["published"]) == ("2019-03-11T09:00:00Z", "feed")
    assert (said.title, said.found_in["title"]) == ("بيان", "feed")
    assert record(PRINTED).published == "2019-01-02"
    assert record(replace(PRINTED, title="Own"), title="بيان").title == "Own"


def test_a_file_from_the_future_has_no_date():
    ahead = replace(PRINTED, published="2124-01-02", modified="2124-01-02", found_in=PRINTED.found_in | {"modified": "pdf"})
    said = record(ahead)
    assert (said.published, said.modified) == (None, None)
    assert not {"published", "modified"} & set(said.found_in)


@pytest.mark.parametrize("title", ["Microsoft Word - draft.doc", "report_final_2.pdf", "untitled", "مستند1", "20251103", "---"])
def test_a_files_name_is_no_title(title):
    pdfs = pytest.importorskip("crawler.extraction.pdf", exc_type=ModuleNotFoundError)
    assert pdfs.read(pdf([["x"]], {"Title": title})).title is None


def test_a_document_in_two_scripts_is_read_as_it_says_itself():
    pdfs = pytest.importorskip("crawler.extraction.pdf", exc_type=ModuleNotFoundError)
    arabic = ["تعلن هيئة المياه عن انقطاع المياه في أحياء المدينة القديمة كلها", "يوم الخميس حتى المساء."]
    info = {"Title": "بيان هيئة المياه", "CreationDate": "D:20251103101500+03'00'", "ModDate": "D:20251104"}
    made = pdf([[visual(line) for line in arabic], ["In short: no water on Thursday."]], info, lang="ar")
    article = pdfs.read(made)
    assert article.title == "بيان هيئة المياه"
    assert article.text.splitlines() == [" ".join(arabic), "In short: no water on Thursday."]
    assert (article.published, article.modified) == ("2025-11-03T10:15:00+03:00", "2025-11-04")
    assert (article.language, article.direction, article.note) == ("ar", "rtl", None)
    assert article.found_in["language"] == "pdf"


def test_whatever_is_broken_is_a_note():
    pdfs = pytest.importorskip("crawler.extraction.pdf", exc_type=ModuleNotFoundError)
    whole = pdf([[FULL], [FULL]], packed=False)
    assert pdfs.read(whole).note is None
    assert pdfs.read(b"%PDF-1.7\n").note.startswith("a PDF that can't be read")
    assert "without a text" in pdfs.read(pdf([[]])).note
    for at in range(0, len(whole), 37):
        broken = whole[:at] + b"\xff(<[" + whole[at + 4 :]
        article = pdfs.read(broken)
        assert article.text or article.note
    locked = whole.replace(b"trailer<<", b"trailer<</Encrypt<</Filter/Nix/V 9/R 9/O(x)/U(y)/P 1>>/ID[(a)(b)]")
    assert not pdfs.read(locked).text


def test_only_so_much_is_read():
    pdfs = pytest.importorskip("crawler.extraction.pdf", exc_type=ModuleNotFoundError)
    article = pdfs.read(pdf([[f"The story of {number} goes on"] for number in range(pdfs.MOST_PAGES + 3)]))
    assert article.note == f"a PDF of {pdfs.MOST_PAGES + 3} pages, of which {pdfs.MOST_PAGES} were read"
