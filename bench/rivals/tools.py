"""What each extractor is called with: its defaults, and what its documentation says for text and metadata.

A maker imports its library and hands out the call; a call takes the page's bytes and its address.
"""

# ruff: noqa: PLC0415 - each environment has one of these libraries

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

Answer = dict[str, Any]
"""`text`, `title`, `authors`, `date`; what a tool doesn't tell is left out."""
Tool = Callable[[bytes, str | None], Answer]


def warraq(*, metadata: bool = True) -> Tool:
    """Of dates the one a page bears (`Article.date`), since every rival with dates gives but one.

    Where a page tells only when it was changed they give that, and the truths, which hold one date, do so too: on 8 of 17 such
    pages, while on the others no date we find is the true one. `published` alone: .896 of wcxb (now .912), .947 of htmldate
    (.949), .899 of trafilatura (.902), and the same elsewhere.
    """
    from crawler.extraction import extract

    def call(html: bytes, url: str | None) -> Answer:
        found = extract(html, url=url)
        date = (found.date or "")[:10]
        return {
            "text": found.text,
            "title": found.title,
            "authors": list(found.authors),
            "date": date if len(date) == 10 else None,
            "kind": found.kind,
        }

    return call


def trafilatura(*, metadata: bool = True, **options: bool) -> Tool:
    import trafilatura as library

    def call(html: bytes, url: str | None) -> Answer:
        found = library.bare_extraction(html, url=url, with_metadata=metadata, include_comments=False, **options)
        if found is None:
            return {}
        authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
        return {"text": found.text, "title": found.title, "authors": authors, "date": found.date}

    return call


def readability() -> Tool:
    import lxml.html
    import readability as library

    def call(html: bytes, url: str | None) -> Answer:
        page = library.Document(html, url=url)
        body = lxml.html.fromstring(page.summary(html_partial=True))
        for block in body.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote", "pre"):
            block.tail = "\n" + (block.tail or "")
        return {"text": body.text_content(), "title": page.short_title()}

    return call


def resiliparse() -> Tool:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def call(html: bytes, url: str | None) -> Answer:
        tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
        text = extract_plain_text(tree, main_content=True, alt_texts=False, links=False, list_bullets=False)
        return {"text": text, "title": tree.title}

    return call


def newspaper() -> Tool:
    import newspaper as library

    def call(html: bytes, url: str | None) -> Answer:
        page = library.Article(url or "http://localhost/", fetch_images=False)
        page.download(input_html=html)
        page.parse()
        day = page.publish_date.strftime("%Y-%m-%d") if page.publish_date else None
        return {"text": page.text, "title": page.title, "authors": list(page.authors), "date": day}

    return call


def goose() -> Tool:
    from goose3 import Goose

    library = Goose({"enable_image_fetching": False})

    def call(html: bytes, url: str | None) -> Answer:
        page = library.extract(raw_html=html)
        day = page.publish_datetime_utc
        return {
            "text": page.cleaned_text,
            "title": page.title,
            "authors": list(page.authors or []),
            "date": day.strftime("%Y-%m-%d") if day else None,
        }

    return call


def justext() -> Tool:
    import justext as library

    words = frozenset().union(*(library.get_stoplist(name) for name in library.get_stoplists()))

    def call(html: bytes, url: str | None) -> Answer:
        found = library.justext(html, words)
        return {"text": "\n".join(part.text for part in found if not part.is_boilerplate)}

    return call


def boilerpy() -> Tool:
    from boilerpy3 import extractors
    from trafilatura.utils import decode_file

    library = extractors.ArticleExtractor(raise_on_failure=False)

    def call(html: bytes, url: str | None) -> Answer:
        return {"text": library.get_content(decode_file(html))}

    return call


def htmldate() -> Tool:
    from htmldate import find_date

    def call(html: bytes, url: str | None) -> Answer:
        return {"date": find_date(html, url=url, original_date=True)}

    return call


TOOLS: dict[str, Callable[[], Tool]] = {
    "warraq": warraq,
    "trafilatura": trafilatura,
    "trafilatura, fast": partial(trafilatura, fast=True),
    "trafilatura, precision": partial(trafilatura, favor_precision=True),
    "trafilatura, recall": partial(trafilatura, favor_recall=True),
    "trafilatura, text only": partial(trafilatura, metadata=False),
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper,
    "goose3": goose,
    "jusText": justext,
    "boilerpy3": boilerpy,
    "htmldate": htmldate,
}
