"""Articles with headings, lists, tables, links, pictures as Markdown and HTML; and nothing in HTML that could do anything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.export.html import article as as_html
from crawler.export.html import page
from crawler.export.markdown import document
from crawler.model import Article, Picture

STORY = Article(
    url="https://paper.example/story",
    title="The bridge",
    language="en",
    direction="ltr",
    text="It opened.\nWhat it cost\nsteel\nstone\nfirst\nsecond\n“At last,” said Reed.\nPart | Cost\nSteel | 2 | dear\n"
    "x = [1]\nThe end!here",
    layout="p h2 li*2 ol*2 quote row*2 pre p",
    anchors=((3, 6, 0), (len("It opened.\nWhat it cost\nsteel\nstone\nfirst\nsecond\n“At last,” said "), 4, 1), (116, 4, 0)),
    links=("https://paper.example/a_(b)", "mailto:reed@paper.example"),
    images=(Picture(line=2, src="https://paper.example/steel.jpg", alt="Steel [raw]"),),
)

BARE = "html head body h1 h2 h3 h4 h5 h6 p bdi ul ol li blockquote table tbody tr td pre em".split()  # noqa: SIM905
ALLOWED = {tag: set[str]() for tag in BARE} | {
    "article": {"lang", "dir"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading"},
}
HARMLESS = ("http://", "https://", "mailto:")
NASTY = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '" onmouseover="alert(1)',
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "</pre><img src=x onerror=alert(1)>",
            'https://a.example/" onload="x',
            "https://a.example/'><svg/onload=x>",
            "data:text/html,<script>x</script>",
            "&lt;script&gt;",
            "\x00\x1b[31m\u202e",
            "<!--",
            "]]>",
            "{{x}}",
        ]
    ),
)


def test_a_story_becomes_markdown_with_all_that_was_set() -> None:
    assert document(STORY).split("\n\n", 2)[2] == (
        "It [opened](<https://paper.example/a_(b)>).\n\n"
        "## What it cost\n\n"
        "![Steel \\[raw\\]](<https://paper.example/steel.jpg>)\n\n"
        "- steel\n- stone\n\n"
        "1. first\n2. second\n\n"
        "> “At last,” said [Reed](<mailto:reed@paper.example>).\n\n"
        "| Part | Cost |  |\n|---|---|---|\n| Steel | 2 | dear |\n\n"
        "```\nx = [1]\n```\n\n"
        "The end\\![here](<https://paper.example/a_(b)>)\n"
    )


def test_a_story_becomes_html_with_all_that_was_set() -> None:
    body = as_html(STORY).split("</p>\n", 1)[1]
    assert body == (
        '<p>It <a href="https://paper.example/a_(b)" rel="nofollow noopener noreferrer">opened</a>.</p>\n'
        "<h2>What it cost</h2>\n"
        '<p><a href="https://paper.example/steel.jpg" rel="nofollow noopener noreferrer">Steel [raw]</a></p>\n'
        "<ul>\n<li>steel</li>\n<li>stone</li>\n</ul>\n"
        "<ol>\n<li>first</li>\n<li>second</li>\n</ol>\n"
        "<blockquote>\n<p>“At last,” said "
        '<a href="mailto:reed@paper.example" rel="nofollow noopener noreferrer">Reed</a>.</p>\n</blockquote>\n'
        "<table>\n<tr><td>Part</td><td>Cost</td></tr>\n<tr><td>Steel</td><td>2</td><td>dear</td></tr>\n</table>\n"
        "<pre>x = [1]</pre>\n"
        '<p>The end!<a href="https://paper.example/a_(b)" rel="nofollow noopener noreferrer">here</a></p>\n'
        "</article>\n"
    )


def test_pictures_are_loaded_only_where_they_are_asked_for() -> None:
    assert "<img" not in as_html(STORY)
    assert '<img src="https://paper.example/steel.jpg" alt="Steel [raw]" loading="lazy">' in as_html(STORY, pictures=True)
    assert b"img-src" not in b"".join(page([STORY]))


def test_the_lead_picture_comes_first_and_only_once() -> None:
    lead = Article(title="T", text="x", image="https://a.example/i.jpg", image_caption="The bridge")
    assert "![The bridge](<https://a.example/i.jpg>)\n\nx" in document(lead)
    again = Article(
        title="T", text="x", image="https://a.example/i.jpg", images=(Picture(line=1, src="https://a.example/i.jpg"),)
    )
    assert document(again).count("i.jpg") == 1


def test_a_listing_can_not_be_left_by_its_own_backticks() -> None:
    assert document(Article(title="T", text="a\n````\nb", layout="pre*3")).endswith("`````\na\n````\nb\n`````\n")


def test_an_arabic_article_runs_from_right_to_left() -> None:
    assert as_html(Article(title="خبر", text="نص", language="ar", direction="rtl")).startswith('<article lang="ar" dir="rtl">')


@given(
    NASTY, NASTY, NASTY, st.lists(NASTY, max_size=3), st.sampled_from(["p", "li", "row", "pre", "quote", "h2"]), st.booleans()
)
def test_nothing_in_the_html_can_do_anything(
    title: str, text: str, address: str, links: list[str], kind: str, pictures: bool
) -> None:
    article = Article(
        url=address,
        title=title,
        authors=(text,),
        site=title,
        language=text,
        text=text + " | " + title,
        layout=f"{kind}*9",
        links=tuple(links),
        anchors=tuple((place, 2, place % 3) for place in range(0, 12, 2)),
        image=address,
        image_caption=title,
        images=tuple(Picture(line=0, src=link, alt=text) for link in links),
    )
    html = as_html(article, pictures=pictures)
    for node in LexborHTMLParser(html).root.traverse():  # type: ignore[union-attr]
        assert node.tag in ALLOWED
        assert set(node.attributes) <= ALLOWED[node.tag]
        for name in ("href", "src"):
            assert (node.attributes.get(name) or "https://").lower().startswith(HARMLESS)
    assert not set("\x00\x1b\u202e") & set(html)


@given(NASTY, NASTY)
def test_markdown_shows_no_markup_of_theirs(text: str, address: str) -> None:
    article = Article(title="T", url="https://a.example/", text=text, links=(address,), anchors=((0, 3, 0),))
    written = document(article)
    assert "<script" not in written.replace("\\<", "")
    assert "](<javascript" not in written.lower()
