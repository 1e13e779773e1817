"""Paragraphs that only lead elsewhere, and credits of pictures, in scripts of all kinds."""

from __future__ import annotations

import pytest

from crawler.extraction.leading import away
from crawler.extraction.lines import Line, Span

PARAGRAPHS = [
    "قال مسؤولون إن أعمال الترميم ستبدأ في الربيع المقبل وتستمر ثلاث سنوات، وإن الميناء سيبقى مفتوحا أمام السفن الصغيرة.",
    "Вчера вечером на площади собралось больше тысячи человек, хотя дождь не прекращался ни на минуту и было холодно.",
    "The council will vote on the plan in March, after the engineers have looked at the bridge once more from below.",
    "Οι κάτοικοι του νησιού περιμένουν εδώ και δύο χρόνια να ανοίξει ξανά το παλιό λιμάνι για τα μικρά καράβια.",
] * 2


def told(text: str, kind: str = "p", linked: str = "") -> Line:
    spans = (Span(text.index(linked), len(linked), "https://paper.example/other"),) if linked else ()
    return Line(text, kind=kind, spans=spans)


def amid(*lines: Line) -> set[str]:
    """Which of the lines lead away, each put between two paragraphs."""
    whole = [told(PARAGRAPHS[0])]
    for number, line in enumerate(lines, 1):
        whole += [line, told(PARAGRAPHS[number % len(PARAGRAPHS)])]
    whole += [told(text) for text in PARAGRAPHS]
    return {whole[place].text for place in away(whole)}


@pytest.mark.parametrize(
    ("label", "headline"),
    [
        ("طالعوا ما كتبناه: ", "وزارة النقل تعلن إغلاق الجسر القديم أمام الشاحنات الثقيلة حتى الصيف"),
        ("再看一条：", "市政府宣布旧桥将在明年春天开始全面翻修工程并限制通行"),
        ("Ещё об этом | ", "Старый мост закроют для грузовиков до самого конца лета"),
        ("נוסף באתר: ", "העירייה הודיעה על סגירת הגשר הישן למשאיות עד הקיץ"),
        ("FUNDA NALOKHU | ", "Ibhuloho elidala lizovalwa kumaloli kuze kube sehlobo"),
    ],
)
def test_a_label_and_a_linked_headline_are_no_text_in_any_language(label: str, headline: str) -> None:
    assert amid(told(label + headline, linked=headline)) == {label + headline}


def test_a_paragraph_that_is_all_link_is_no_text() -> None:
    headline = "Ο δήμος κλείνει την παλιά γέφυρα για τα φορτηγά ως το τέλος του καλοκαιριού"
    assert amid(told(headline, linked=headline)) == {headline}


def test_a_sentence_with_a_link_at_its_end_stays() -> None:
    text = "The report, which the council read on Monday, says so: the old bridge must be closed to lorries"
    assert amid(told(text, linked="the old bridge must be closed to lorries")) == set()


def test_a_short_linked_name_is_a_heading_amid_the_text_and_a_source_at_its_end() -> None:
    name = "وكالة الأنباء"
    assert amid(told(name, linked=name)) == set()
    assert away([*(told(text) for text in PARAGRAPHS), told(name, linked=name)]) == {len(PARAGRAPHS)}


def test_what_a_label_says_of_a_thing_stays() -> None:
    assert amid(told("Сайт организаторов и программа: Старый мост", linked="Старый мост")) == set()
    address = "https://bridge.example/drawings-of-the-engineers"
    assert amid(told(f"All of the drawings: {address}", linked=address)) == set()


def test_a_list_of_many_links_is_what_the_page_is_about() -> None:
    links = [f"Bridge number {number}, built by the railway company long ago" for number in range(6)]
    assert amid(*(told(link, linked=link) for link in links)) == set()
    assert amid(*(told(link, linked=link) for link in links[:2])) == set(links[:2])


def test_items_and_headings_that_are_links_stay() -> None:
    text = "Bridge number seven, built by the railway company long ago"
    assert amid(told(text, "li", text)) == amid(told(text, "h3", text)) == set()


def test_whose_a_picture_is_is_no_text() -> None:
    assert amid(told("الجسر القديم عند الغروب © وكالة الأنباء"), told("古い橋の夕景　©通信社")) == {
        "الجسر القديم عند الغروب © وكالة الأنباء",
        "古い橋の夕景　©通信社",
    }


def test_a_long_paragraph_that_speaks_of_a_sign_of_copyright_stays() -> None:
    text = "Since 1989 nobody needs to write the sign © below a work for it to be protected, " * 3
    assert amid(told(text)) == set()


@pytest.mark.parametrize(
    "credit",
    [
        "Ein Dampfer unter der alten Brücke am Sonntag. Foto: Erika Muster/Agentur",
        "The old bridge from below (Image: HARBOUR PRESS)",
        "Photo credit: Jane Doe",
        "الجسر القديم عند الغروب - تصوير: سامي حداد",
        "Старый мост на закате, фото: Пресс-служба порта",
        "古い橋の夕景　写真：通信社",
        "Gömul brú við höfnina í gær. Ljósmynd/Aðsend",
    ],
)
def test_what_a_picture_shows_and_whose_it_is_is_no_text(credit: str) -> None:
    assert amid(told(credit)) == {credit}


@pytest.mark.parametrize(
    "line",
    [
        "He put it on the table: a photo: the bridge, and she.",
        "The guide to landscape photography: what to bring",
        "Where the pictures: and the maps are kept, nobody could say, for the archive was burnt.",
        "Opening hours: 9 to 5",
    ],
)
def test_a_line_that_speaks_of_pictures_stays(line: str) -> None:
    assert amid(told(line)) == set()
