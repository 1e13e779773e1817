"""A document in plain text or Markdown as an article: what its first lines say of it, and the paragraphs below."""

from __future__ import annotations

from collections.abc import Mapping

from crawler import rights
from crawler.extraction import boilerplate, fields, markdown, plaintext
from crawler.extraction.around import Around
from crawler.extraction.boilerplate import Known
from crawler.extraction.dateline import dateline
from crawler.extraction.fields import Fields, field
from crawler.extraction.plaintext import Parts
from crawler.model import Article


def read(text: str, base: str | None, content_type: str | None, headers: Mapping[str, str]) -> Article:
    """Read a document; it is Markdown where it was sent as such, or can be nothing else. `base`: what links are relative to."""
    taken = _taken(text, base, content_type)
    clean = boilerplate.clean(taken.lines, Known(taken.title, taken.authors, frozenset(), plain=True))
    near = dateline(Around([*taken.labels, *clean.above], [], [], []), frozenset())
    told: Fields = {
        "title": field(taken.title, "text"),
        "authors": field(near.authors or taken.authors, "text"),
        "published": field(near.published.iso if near.published else None, "text"),
        "modified": field(near.modified.iso if near.modified else None, "text"),
        "section": field(taken.section, "text"),
        "source": field(clean.source or near.source, "text"),
        **fields.tongue(clean.lines, fields.declared(headers), None),
    }
    return fields.article(clean.lines, told, rights.of_headers(headers), "text")


def _taken(text: str, base: str | None, content_type: str | None) -> Parts:
    marked = markdown.declared(content_type) or markdown.looks(text)
    return markdown.parts(text, base) if marked else plaintext.parts(text)
