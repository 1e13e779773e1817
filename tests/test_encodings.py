"""Pages that don't say, or say wrongly, what they are written in: 210 undeclared ones in 15 languages; and what lies."""

from __future__ import annotations

import pytest

from crawler.charset import decode, decode_xml
from crawler.extraction import extract
from crawler.sources import read_feed
from crawler.sources.sniffing import sniff
from tests.encodings import CODECS, ENCODINGS, EVERYWHERE, SIZES, TEXTS, long, marked_up, page, short

ARABIC_SCRIPT = [
    *(
        (language, name, size)
        for language in ("ar", "fa", "ur")
        for name in ("windows-1256", "utf-8", "utf-16le")
        for size in SIZES
    ),
    *(("ar", "iso-8859-6", size) for size in SIZES),
    *((language, "utf-16be", size) for language in ("ar", "fa") for size in SIZES),
]


def wanted(data: bytes, name: str) -> str:
    return data.decode(CODECS.get(name, name))


@pytest.mark.parametrize(("language", "name", "size"), ARABIC_SCRIPT, ids=lambda of: getattr(of, "__name__", of))
def test_undeclared_pages_in_arabic_script_are_read(language, name, size):
    data = page(size(TEXTS[language]), name)
    read = decode(data, "text/html")
    assert (read.text, read.charset) == (wanted(data, name), name)
    assert read.sure == (1.0 if name.startswith("utf") else 0.8)


def test_undeclared_pages_in_fifteen_languages_are_read():
    pages = [(lang, name, size) for lang in TEXTS for name in (*ENCODINGS[lang], *EVERYWHERE) for size in SIZES]
    missed = [
        f"{language} {name} {size.__name__}"
        for language, name, size in pages
        if decode(data := page(size(TEXTS[language]), name), "text/html").text != wanted(data, name)
    ]
    assert len(pages) == 210
    assert missed == []


@pytest.mark.parametrize("name", ["windows-1256", "iso-8859-6", "utf-8", "utf-16le", "utf-16be"])
def test_a_record_tells_what_its_page_was_read_as(name):
    data = page(long(TEXTS["ar"]), name)
    article = extract(data, "https://paper.example/1", "text/html")
    assert TEXTS["ar"].strip() in article.text
    assert (article.charset, article.found_in["charset"]) == (name, "bytes" if name.startswith("utf") else "detector")
    assert 0 < article.sure["charset"] <= 1


@pytest.mark.parametrize(
    ("said", "found_in"), [("text/html; charset=windows-1256", "header"), ("text/html", "meta"), (None, "meta")]
)
def test_a_record_tells_who_said_it(said, found_in):
    data = b'<meta charset="windows-1256">' + page(long(TEXTS["fa"]), "windows-1256")
    article = extract(data, None, said)
    assert (article.charset, article.found_in["charset"], article.sure["charset"]) == ("windows-1256", found_in, 1.0)


def test_plain_text_has_it_too():
    article = extract(TEXTS["ar"].encode("cp1256"), None, "text/plain; charset=windows-1256")
    assert (article.charset, article.found_in["charset"]) == ("windows-1256", "header")
    assert article.text == TEXTS["ar"].strip()


@pytest.mark.parametrize(("name", "found_in"), [("windows-1256", "xml"), ("utf-8", "bytes"), ("utf-16", "bom")])
def test_an_entry_of_a_feed_has_it_too(name, found_in):
    item = f"<item><guid>1</guid><description>{TEXTS['ar']}</description></item>"
    feed = f'<?xml version="1.0" encoding="{name}"?><rss version="2.0"><channel>{item}</channel></rss>'
    (entry,) = read_feed(feed.encode(name), url="https://paper.example/f", content_type="text/xml", known={}).entries
    assert entry.article is not None
    assert entry.article.text == TEXTS["ar"].strip()
    assert (entry.article.charset or "").startswith(name)
    assert (entry.article.found_in["charset"], entry.article.sure["charset"]) == (found_in, 1.0)


LIES = [
    ("ar", "utf-8", "text/html; charset=windows-1256"),
    ("fa", "utf-8", "text/html; charset=iso-8859-1"),
    ("ar", "windows-1256", "text/html; charset=utf-8"),
    ("ur", "windows-1256", "text/html; charset=ISO-8859-1"),
    ("ar", "windows-1256", "text/html; charset=iso-8859-6"),
    ("ar", "iso-8859-6", "text/html; charset=utf-8"),
    ("ru", "koi8-r", "text/html; charset=latin1"),
    ("ru", "windows-1251", "text/html; charset=us-ascii"),
    ("el", "iso-8859-7", "text/html; charset=iso-8859-1"),
    ("he", "windows-1255", "text/html; charset=utf-8"),
    ("zh", "gb18030", "text/html; charset=iso-8859-1"),
    ("zh", "gb18030", "text/html; charset=utf-8"),
    ("ja", "shift_jis", "text/html; charset=iso-8859-1"),
    ("ko", "euc-kr", "text/html; charset=utf-8"),
    ("ar", "utf-16le", "text/html; charset=utf-8"),
    ("ar", "utf-16be", "text/html; charset=utf-16le"),
    ("zh", "utf-16le", "text/html; charset=gb2312"),
]


@pytest.mark.parametrize(("language", "name", "said"), LIES)
@pytest.mark.parametrize("size", [long, marked_up])
def test_a_label_that_lies_is_seen_through(language, name, said, size):
    data = page(size(TEXTS[language]), name)
    assert decode(data, said).text == wanted(data, name)


@pytest.mark.parametrize(("language", "name"), [("fr", "windows-1252"), ("tr", "windows-1254"), ("pl", "iso-8859-2")])
@pytest.mark.parametrize("size", SIZES)
def test_a_label_that_is_right_is_never_doubted(language, name, size):
    data = page(size(TEXTS[language]), name)
    read = decode(data, f"text/html; charset={name}")
    assert (read.text, read.found_in, read.sure) == (wanted(data, name), "header", 1.0)


def test_of_two_labels_the_servers_latin1_gives_way_to_the_page():
    data = b'<meta http-equiv=content-type content="text/html; charset=windows-1256">' + page(long(TEXTS["ar"]), "windows-1256")
    read = decode(data, "text/html; charset=ISO-8859-1")
    assert (read.charset, read.found_in) == ("windows-1256", "meta")


def test_a_few_bytes_that_mean_nothing_cost_confidence_not_the_text():
    data = page(long(TEXTS["zh"]), "gb18030")
    read = decode(data[:400] + b"\xff" + data[400:], "text/html; charset=gb2312")
    assert (read.charset, read.found_in) == ("gb18030", "header")
    assert 0.8 < read.sure < 1


def test_what_is_guessed_from_a_word_is_less_sure_than_from_a_page():
    assert decode("سوق جديدة".encode("cp1256"), None).sure < decode(page(long(TEXTS["ar"]), "windows-1256"), None).sure < 1


@pytest.mark.parametrize("name", ["utf-16le", "utf-16be"])
@pytest.mark.parametrize("language", ["ar", "fr", "ru", "zh"])
def test_a_page_in_utf16_without_a_mark_is_a_page(language, name):
    assert sniff(page(long(TEXTS[language]), name), None) == "html"
    assert sniff(page("\n\n" + short(TEXTS[language]), name), "text/html") == "html"


def test_a_plain_text_in_utf16_without_a_mark_is_a_text():
    data = page(TEXTS["ar"], "utf-16le")
    assert sniff(data, "text/plain") == "text"
    assert decode_xml(data, None).text == TEXTS["ar"]


@pytest.mark.parametrize(
    "data", [b"\0", b"\0\0", b"a\0", b"\0" * 4_096, bytes(range(256)) * 16, b"a\0b" * 300, b"GIF89a\1\0\1\0\0\0"]
)
def test_zeros_alone_make_no_utf16(data):
    assert not decode(data, None, html=False).charset.startswith("utf-16")


def test_a_title_in_quotation_marks_is_no_cyrillic():
    assert decode("<title>“€” – «À»</title>".encode("cp1252"), "text/html; charset=iso-8859-1").charset == "windows-1252"
