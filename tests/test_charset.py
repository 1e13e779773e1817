"""Which characters bytes mean: order of evidence, lying labels, cut and broken bodies, labels that are traps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.charset import decode, decode_xml, is_utf8, known

ARABIC = "افتتحت بلدية المدينة صباح اليوم سوقا جديدة للخضار على ضفة النهر، وقال التجار إن الإقبال كان كبيرا. "
SAMPLES = {
    "windows-1256": ARABIC,
    "windows-1251": "Городской совет открыл новый рынок у реки, и торговцы довольны первым днём. ",
    "koi8-r": "Городской совет открыл новый рынок у реки, и торговцы довольны первым днём. ",
    "gb18030": "市政府周二上午在河边开设了一个新的蔬菜市场，商贩们表示第一天的客流量很大。",
    "big5": "市政府週二上午在河邊開設了一個新的蔬菜市場，商販們表示第一天的客流量很大。",
    "shift_jis": "市は火曜日の朝、川沿いに新しい野菜市場を開いた。商人たちは初日の客の多さに満足している。",
    "euc-kr": "시는 화요일 아침 강가에 새로운 채소 시장을 열었고 상인들은 첫날 손님이 많았다고 말했다. ",
    "windows-1253": "Ο δήμος άνοιξε το πρωί της Τρίτης νέα λαϊκή αγορά δίπλα στο ποτάμι και οι έμποροι χαίρονται. ",
    "windows-1255": "העירייה פתחה ביום שלישי בבוקר שוק ירקות חדש על גדת הנהר והסוחרים מרוצים מהיום הראשון. ",
    "windows-1250": "Władze miasta otworzyły we wtorek rano nowy targ warzywny nad rzeką, a kupcy są zadowoleni. ",
}
CODECS = {"big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}


def encoded(name: str) -> bytes:
    return SAMPLES[name].encode(CODECS.get(name, name))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_header_is_believed(name: str) -> None:
    got = decode(encoded(name), f'text/html; Charset="{name.upper()}"')
    assert (got.text, got.charset, got.found_in) == (SAMPLES[name], name, "header")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_meta_tag_is_believed_where_the_header_is_silent(name: str) -> None:
    head = f'<html><!-- <meta charset="koi8-u"> --><meta http-equiv="Content-Type" content="text/html; charset={name}">'
    got = decode(head.encode() + encoded(name), "text/html")
    assert got.text.endswith(SAMPLES[name])
    assert (got.charset, got.found_in) == (name, "meta")


@pytest.mark.parametrize("name", [n for n in SAMPLES if n != "koi8-r"])
def test_without_any_label_the_detector_finds_it(name: str) -> None:
    got = decode(encoded(name) * 4, None)
    assert (got.text, got.charset, got.found_in) == (SAMPLES[name] * 4, name, "detector")


@pytest.mark.parametrize("text", SAMPLES.values())
def test_bytes_that_are_utf8_are_utf8_whatever_is_said(text: str) -> None:
    got = decode(b'<meta charset="windows-1256">' + text.encode(), "text/html; charset=iso-8859-1")
    assert got.text.endswith(text)
    assert (got.charset, got.found_in) == ("utf-8", "bytes")


def test_a_bom_beats_everything_and_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbfabc", "text/html; charset=windows-1256").text == "abc"
    got = decode("\ufeffسوق".encode("utf-16-be"), "text/html; charset=utf-8")
    assert (got.text, got.charset, got.found_in) == ("سوق", "utf-16be", "bom")


def test_utf16_by_header_is_believed_only_with_zeros_in_it() -> None:
    assert decode("سوق جديدة".encode("utf-16-le"), "text/plain; charset=utf-16").text == "سوق جديدة"
    assert decode(b"<p>plain</p>", "text/html; charset=utf-16").text == "<p>plain</p>"


def test_iso_2022_jp_is_read_though_its_bytes_are_ascii() -> None:
    text = "川沿いの市場"
    assert decode(text.encode("iso2022_jp"), "text/html; charset=ISO-2022-JP").text == text


def test_gb2312_and_latin1_mean_their_larger_kin() -> None:
    assert decode("镕“”".encode("gb18030"), "text/html; charset=gb2312").text == "镕“”"
    assert decode("“€”".encode("cp1252"), "text/html; charset=iso-8859-1").text == "“€”"


def test_a_utf8_label_that_the_bytes_contradict_gives_way_to_the_page() -> None:
    data = b'<meta charset="windows-1256">' + ARABIC.encode("cp1256")
    assert decode(data, "text/html; charset=utf-8").text.endswith(ARABIC)


def test_a_body_cut_within_a_character_is_still_utf8() -> None:
    got = decode("سوق جديدة".encode()[:-1], None)
    assert (got.text, got.charset) == ("سوق جديد\ufffd", "utf-8")


def test_a_single_broken_character_does_not_turn_the_page_to_rubbish() -> None:
    data = ARABIC.encode() + b"\xd8 " + ARABIC.encode()
    assert decode(data, "text/html; charset=windows-1256").text == ARABIC + "\ufffd " + ARABIC


@pytest.mark.parametrize("before", range(8_186, 8_196))
def test_a_replacement_sign_leaves_a_doubt_wherever_it_stands(before: int) -> None:
    full = "\uff0c".encode()  # the comma of Chinese begins with the same byte
    assert is_utf8(b"." * before + full + ARABIC.encode())
    assert not is_utf8(b"." * before + "\ufffd".encode() + ARABIC.encode())
    assert not is_utf8(b"." * before + full[:2] + ARABIC.encode())


@pytest.mark.parametrize("label", ["rot13", "zip", "bz2", "idna", "utf-7", "unicode_escape", "hex", "punycode", "mbcs", ""])
def test_labels_that_only_python_knows_are_no_labels(label: str) -> None:
    assert known(label) is None
    assert decode(b"+AGEAYgBj- abc", f"text/html; charset={label}").text == "+AGEAYgBj- abc"


def test_xml_believes_its_declaration_more_than_the_header() -> None:
    data = b"<?xml version='1.0' encoding='windows-1256'?><a>" + ARABIC.encode("cp1256")
    got = decode_xml(data, "text/xml; charset=iso-8859-1")
    assert got.text.endswith(ARABIC)
    assert (got.charset, got.found_in) == ("windows-1256", "xml")


def test_xml_that_is_utf8_is_utf8_whatever_it_declares() -> None:
    data = b'<?xml version="1.0" encoding="windows-1256"?><a>' + ARABIC.encode()
    assert decode_xml(data, "text/xml").text.endswith(ARABIC)


def test_xml_whose_declaration_does_not_fit_is_read_by_the_header() -> None:
    data = b'<?xml version="1.0" encoding="utf-8"?><a>' + ARABIC.encode("cp1256")
    got = decode_xml(data, "text/xml; charset=windows-1256")
    assert got.text.endswith(ARABIC)
    assert got.found_in == "header"


def test_xml_without_any_word_on_it_is_detected() -> None:
    got = decode_xml(b"<a>" + (ARABIC * 3).encode("cp1256"), None)
    assert (got.charset, got.found_in) == ("windows-1256", "detector")


def test_utf16_xml_without_bom_is_known_by_its_zeros() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><a>سوق</a>'
    assert decode_xml(text.encode("utf-16-le"), None).text == text
    assert decode_xml(text.encode("utf-16-be"), None).text == text


def test_plain_ascii_xml_is_utf8() -> None:
    assert decode_xml(b"<a>b</a>", None).charset == "utf-8"


@given(st.text(max_size=300).filter(lambda t: not t.startswith("\ufeff") and "\x1b" not in t))
def test_utf8_comes_back_as_it_went_in(text: str) -> None:
    assert decode(text.encode(), None).text == text


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=60)), st.one_of(st.none(), st.text(max_size=8)))
def test_no_bytes_and_no_label_make_it_fail(data: bytes, label: str | None, tld: str | None) -> None:
    for got in (decode(data, label, tld=tld), decode(data, label, html=False), decode_xml(data, label)):
        assert known(got.charset) == got.charset


@given(
    st.sampled_from([b"<!--", b"<meta ", b'charset="', b"'", b"=", b">", b"-->", b"utf-8", b"<?xml ", b"encoding="]), st.data()
)
def test_a_head_full_of_broken_tags_is_read_in_a_straight_line(first: bytes, data: st.DataObject) -> None:
    rest = data.draw(st.lists(st.sampled_from([b"<!--", b"<meta ", b"charset=", b'"', b"=", b">", b"x"]), max_size=5))
    assert decode((first + b"".join(rest)) * 2000, None).charset
