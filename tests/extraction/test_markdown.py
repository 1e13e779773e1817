from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.export.markdown import document
from crawler.extraction import extract, markdown
from crawler.model import Article

STORY = """---
layout: post
---
# النخيل تفتتح *سوقا* على النهر

بقلم: أحمد سالم

افتتحت بلدية النخيل صباح الثلاثاء [سوقا جديدة](https://wadi.example/a_(b) "سوق") للخضار على ضفة النهر بحضور **عدد كبير**
من الأهالي والتجار من القرى المجاورة، وبقيت مفتوحة حتى المساء.

## What it cost ##

- steel, `much` of it
  and more
- stone
1. one
2) two

> It is a market
> of sorts.

| Part | Cost |
|------|:----:|
| Steel | 2 |

```py
x = [1]
```

![a picture](x.png) The snake_case_word and 2 * 3 \\* 4 are no emphasis, says <https://b.example/>, and so say all of us.
"""


def test_a_document_in_markdown_is_an_article_like_any_other() -> None:
    article = extract(STORY, url="https://wadi.example/story.md", content_type="text/markdown; charset=utf-8")
    assert (article.title, article.authors) == ("النخيل تفتتح سوقا على النهر", ("أحمد سالم",))
    assert article.layout == "p h2 li*2 ol*2 quote row*2 pre p"
    assert article.paragraphs[0].endswith("القرى المجاورة، وبقيت مفتوحة حتى المساء.")
    assert article.paragraphs[1:10] == (
        "What it cost",
        "steel, much of it and more",
        "stone",
        "one",
        "two",
        "It is a market of sorts.",
        "Part | Cost",
        "Steel | 2",
        "x = [1]",
    )
    assert article.paragraphs[10].startswith("The snake_case_word and 2 * 3 * 4 are no emphasis, says https://b.example/,")
    words = [(article.text[start : start + length], article.links[link]) for start, length, link in article.anchors]
    assert words == [("سوقا جديدة", "https://wadi.example/a_(b)"), ("https://b.example/", "https://b.example/")]


def test_markdown_is_known_undeclared_and_by_its_signs() -> None:
    assert extract(STORY).layout.startswith("p h2")
    assert not markdown.looks("A title\n\n# is a number sign, and 1 < 2\nthe rest of it")
    assert not markdown.looks("- one\n- two\n* three\n")


def test_what_is_written_as_markdown_reads_back_to_the_same() -> None:
    text = (
        "The first paragraph is *long* enough [to be] one, with words & signs: 1. 2. and_so_on <here>.\nHead\none\n# two\nEnd."
    )
    article = Article(title="A title", text=text, layout="p h2 li*2 p", anchors=((4, 5, 0),), links=("https://a.example/(x)",))
    again = extract(document(article), content_type="text/markdown")
    assert (again.title, again.text, again.layout, again.anchors, again.links) == (
        article.title,
        article.text,
        article.layout,
        article.anchors,
        article.links,
    )


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_markdown(text: str) -> None:
    extract(text, content_type="text/markdown")


@pytest.mark.parametrize("bad", ["[a](", "[", "|", "`", "_", "*", "- ", "\\", "> ", "![](", "# ", "<https://", "-  ", "~~~"])
def test_no_row_of_signs_costs_its_square(bad: str) -> None:
    parts = markdown.parts("# T\n\n" + bad * 30_000 + "x", None)
    assert sum(len(line.text) for line in parts.lines) <= 30_000 * len(bad) + 1


def test_a_line_of_many_links_keeps_each_at_its_place() -> None:
    # To look for each from the line's begin on took eight seconds for ten times as many.
    text = "# A list\n\n" + "".join(f"see \t [الخبر  {n}](https://wadi.example/{n}) ,\u00a0" for n in range(3_000))
    line = markdown.parts(text, None).lines[-1]
    assert [line.text[span.start : span.start + span.length] for span in line.spans] == [f"الخبر {n}" for n in range(3_000)]
