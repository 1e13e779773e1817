from __future__ import annotations

from crawler.extraction import extract
from crawler.model import Rule

PAGE = """<!doctype html><html lang="en"><head><title>A kicker: the tide | Paper</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Wrong headline", "author": "A. Robot"}</script>
</head><body><div class="kicker">Sea</div><h1>Wrong headline</h1><div class="real-title">The tide came <b>early</b></div>
<span class="who" data-name="Mary Shore">the shore desk</span> <span class="when" data-at="2026-11-20">Friday</span>
<div class="teaser">This teaser is long enough to be read as running text, and belongs to another story of the same day.</div>
<div class="prose"><p>The water reached the second step of the harbour stairs at six, an hour before the table had said.</p>
<div class="ad">Buy a boat today, and pay for it when the moon is full: this offer ends with the next high tide.</div>
<p>By seven the market hall was closed, and the fish were sold from the loading bed of a lorry in the upper town.</p></div>
<div class="prose extra"><p>Tomorrow it is expected forty minutes later, he says, who was wrong before.</p></div>
</body></html>"""


def read(**keys: tuple[str, ...]) -> tuple[object, ...]:
    article = extract(PAGE, url="https://paper.example/tide", rule=Rule(host="paper.example", **keys))
    return article.title, article.authors, article.published, article.paragraphs, article.found_in


def test_a_title_is_the_rules_and_says_so() -> None:
    title, *_, found_in = read(title=(".no-such", ".real-title"))
    assert title == "The tide came early"
    assert found_in["title"] == "rule"  # type: ignore[index]


def test_writers_and_date_may_stand_in_attributes() -> None:
    _, authors, published, _, found_in = read(authors=(".who@data-name",), date=(".when@data-at",))
    assert (authors, published) == (("Mary Shore",), "2026-11-20")
    assert (found_in["authors"], found_in["published"]) == ("rule", "rule")  # type: ignore[index]


def test_the_body_is_all_of_what_was_picked_without_what_was_dropped() -> None:
    *_, paragraphs, _ = read(body=(".prose",), drop=(".ad", ".teaser"))
    assert [line.split()[0] for line in paragraphs] == ["The", "By", "Tomorrow"]  # type: ignore[attr-defined]


def test_what_lies_within_what_was_picked_comes_once() -> None:
    *_, paragraphs, _ = read(body=(".prose, .prose p",), drop=(".ad",))
    assert len(paragraphs) == 3  # type: ignore[arg-type]


def test_a_rule_that_finds_nothing_changes_nothing() -> None:
    rule = Rule(host="paper.example", title=(".gone",), body=(".gone",), authors=(".gone@x",), date=("h1",), drop=(".gone",))
    assert extract(PAGE, rule=rule) == extract(PAGE)


def test_a_text_without_markup_knows_no_rules() -> None:
    assert extract("A title\n\nA sentence that ends.", rule=Rule(host="x", title=("h1",))).title == "A title"


def test_elements_within_dropped_elements_do_no_harm() -> None:
    nested = "<div class=a>" * 50 + "x" + "</div>" * 50
    assert extract(nested + PAGE, rule=Rule(host="x", drop=(".a", ".a .a"))).text
