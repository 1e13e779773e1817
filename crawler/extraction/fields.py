"""The fields of an article, each with where it was found, and the article that they make with its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from crawler.extraction import language, parts, rules
from crawler.extraction.fingerprint import fingerprint
from crawler.extraction.lines import Line
from crawler.model import Article, Picture

MOST_TEXT: Final = 2_000_000

Value = str | tuple[str, ...]
Fields = dict[str, tuple[Value, str] | None]
"""Name of a field of `Article` -> its value and where it was found."""
Declared = list[tuple[str | None, str]]
"""Languages a document is said to be in, and who says so."""


def field(value: Value | None, where: str) -> tuple[Value, str] | None:
    """A field, if there is anything to say in it."""
    return (value, where) if value else None


def value(field: tuple[str, str] | None) -> str | None:
    """What a field says."""
    return field[0] if field else None


def declared(headers: Mapping[str, str]) -> Declared:
    """The language an answer says it is in (RFC 9110, 8.5)."""
    return [(value, "header") for name, value in headers.items() if name.lower() == "content-language"]


def tongue(lines: list[Line], said: Declared, way: str | None) -> Fields:
    """Language and direction, by the letters of the text and what was said; `way` is the direction a page gives."""
    sample = " ".join([line.text for line in lines])[: language.SAMPLE_CHARS]
    script = language.script(sample)
    found = language.language(sample, script, said)
    return {
        "language": found,
        "language_declared": language.contradicted(value(found), said),
        "direction": field(language.direction(script, way), "text" if script else "html"),
    }


def article(
    lines: list[Line],
    fields: Fields,
    signals: dict[str, str],
    where: str,
    *,
    images: tuple[Picture, ...] = (),
    sure: Mapping[str, float | None] | None = None,
) -> Article:
    """The article of these lines; `where` they were found; `sure`: how sure some of the fields are."""
    composed = parts.compose(lines, MOST_TEXT)
    own = {"text": field(composed.text, where), "fingerprint": field(fingerprint(composed.text), "text")}
    found = {name: field for name, field in {**fields, **own}.items() if field is not None}
    return msgspec.convert(
        {
            "links": composed.links,
            "layout": composed.layout,
            "anchors": composed.anchors,
            "images": images,
            "rights": signals,
            "found_in": {name: place for name, (_, place) in found.items()},
            "sure": {name: share for name, share in (sure or {}).items() if share is not None and _is_ours(found.get(name))},
            "note": None if composed.text else "no running text found",
            **{name: value for name, (value, _) in found.items()},
        },
        Article,
    )


def _is_ours(field: tuple[Value, str] | None) -> bool:
    """Whether a field was judged: what a site's rule finds is as sure as who wrote it."""
    return field is not None and field[1] != rules.RULE
