from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler import layout
from crawler.layout import KINDS, Run
from crawler.model import Article, Picture

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=8), max_size=8)


def test_paragraphs_need_no_words() -> None:
    assert layout.kinds(["p", "p"]) == layout.kinds([]) == ""


def test_runs_of_a_kind_are_counted() -> None:
    assert layout.kinds(["p", "p", "h2", "li", "li", "p"]) == "p*2 h2 li*2 p"


def test_what_belongs_together_comes_together() -> None:
    article = Article(text="Intro\nHead\none\ntwo\na | b\nc | d", layout="p h2 li*2 row*2")
    assert [(piece.kind, len(piece.lines)) for piece in layout.pieces(article)] == [("p", 1), ("h2", 1), ("li", 2), ("row", 2)]


def test_links_stand_where_they_stood() -> None:
    text = "قال المصدر إن الجسر\nمفتوح"
    article = Article(text=text, anchors=((4, 6, 0), (20, 5, 1)), links=("https://a.example/", "https://b.example/"))
    first, second = layout.pieces(article)
    assert first.lines == ((Run("قال "), Run("المصدر", "https://a.example/"), Run(" إن الجسر")),)
    assert second.lines == ((Run("مفتوح", "https://b.example/"),),)


def test_pictures_stand_before_their_line_or_at_the_end() -> None:
    pictures = (Picture(line=2, src="https://a.example/2"), Picture(line=1, src="https://a.example/1"))
    article = Article(text="one\ntwo", images=pictures)
    assert [piece.picture.line if piece.picture else piece.lines[0][0].text for piece in layout.pieces(article)] == [
        "one",
        1,
        "two",
        2,
    ]


def test_a_list_is_parted_by_a_picture_and_none_of_it_is_lost() -> None:
    article = Article(text="one\ntwo", layout="li*2", images=(Picture(line=1, src="https://a.example/"),))
    assert [piece.kind for piece in layout.pieces(article)] == ["li", "picture", "li"]


def test_cells_are_parted_but_not_within_a_link() -> None:
    row = (Run("a | "), Run("b | c", "https://a.example/"), Run(" | d"))
    assert layout.cells(row) == [(Run("a"),), (Run("b | c", "https://a.example/"),), (Run("d"),)]


def test_only_harmless_addresses_may_be_links() -> None:
    assert all(map(layout.may_link, ["http://a.example", "HTTPS://a.example/", "mailto:a@b.example"]))
    assert not any(
        map(layout.may_link, ["javascript:alert(1)", " https://a.example", "data:text/html,x", "//a.example", "https:/x"])
    )


@given(LINES, st.lists(st.sampled_from(sorted(KINDS)), max_size=8))
def test_every_line_comes_once_and_in_order(lines: list[str], of_lines: list[str]) -> None:
    article = Article(text="\n".join(lines), layout=layout.kinds(of_lines))
    assert [said(line) for piece in layout.pieces(article) for line in piece.lines] == lines


@given(
    LINES,
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50), st.integers(-2, 4)), max_size=8),
    st.lists(st.integers(-3, 12), max_size=4),
)
def test_what_does_not_fit_a_text_changes_none_of_it(
    lines: list[str], wild: str, anchors: list[tuple[int, int, int]], numbers: list[int]
) -> None:
    article = Article(
        text="\n".join(lines),
        layout=wild,
        anchors=tuple(anchors),
        links=("https://a.example/",),
        images=tuple(Picture(line=number, src="x") for number in numbers),
    )
    assert [said(line) for piece in layout.pieces(article) for line in piece.lines] == lines


def said(line: tuple[Run, ...]) -> str:
    return "".join(run.text for run in line)
