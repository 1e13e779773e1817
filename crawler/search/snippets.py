"""The part of a text that answers a query, and where in it the words stand that were looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from crawler.model import Value
from crawler.search.query import Phrase, Query
from crawler.search.terms import Term, terms

MOST_CHARS: Final = 180
"""Of a snippet; of scripts that don't space their words half: their signs are twice as wide, and say twice as much."""
_MOST_READ: Final = 200_000
"""Characters of a text in which words are looked for."""

Mark = tuple[int, int]
"""Begin and end."""


class Snippet(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A part of a text, in one line."""

    text: str
    marks: tuple[Mark, ...]
    """In characters of `text`, in order, none over another."""


def marks(text: str, query: Query) -> list[Mark]:
    """Where in a text the words and phrases stand that a query looks for."""
    found = sorted((start, end) for start, end, _ in _found(text, query))
    joined: list[Mark] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def snippet(text: str, query: Query) -> Snippet:
    """The part that has most of what is looked for; the text's beginning if it has nothing of it."""
    text = text[:_MOST_READ]
    found = sorted(_found(text, query))
    width = MOST_CHARS // 2 if text and sum(char > "\u3000" for char in text[:200]) > 60 else MOST_CHARS
    begin = _begin(found, width)
    start, end = _cut(text, max(0, begin - width // 4), width)
    part = " ".join(text[start:end].split("\n"))
    inside = marks(part, query)
    before, after = "…" * (start > 0), "…" * (end < len(text))
    return Snippet(text=before + part + after, marks=tuple((a + len(before), b + len(before)) for a, b in inside))


def _begin(found: Sequence[tuple[int, int, Phrase]], width: int) -> int:
    """Where the window opens that holds most phrases, of these the one with most places, of these the first."""
    best, at, last = (0, 0), 0, 0
    counts: dict[Phrase, int] = defaultdict(int)
    for first, (start, _, phrase) in enumerate(found):
        while last < len(found) and found[last][1] <= start + width:
            counts[found[last][2]] += 1
            last += 1
        here = (sum(count > 0 for count in counts.values()), last - first)
        if here > best:
            best, at = here, start
        counts[phrase] -= 1
    return at


def _cut(text: str, start: int, width: int) -> tuple[int, int]:
    """From there, but at the borders of words where blanks are near."""
    if start > 0:
        blank = text.find(" ", start, start + 20)
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + width)
    if end < len(text):
        blank = text.rfind(" ", end - 20, end)
        end = blank if blank > start else end
    return start, end


def _found(text: str, query: Query) -> Iterator[tuple[int, int, Phrase]]:
    """Places of phrases: begin, end, and which."""
    begins = defaultdict[str, list[Phrase]](list)
    prefixes = [phrase for phrase in query.phrases if phrase.begins]
    for phrase in query.phrases:
        begins[phrase.terms[0]].append(phrase)
    read = list(terms(text))
    for at, term in enumerate(read):
        candidates = begins.get(term.text, ()) if not prefixes else [*begins.get(term.text, ()), *prefixes]
        for phrase in candidates:
            if _stands(phrase, read, at):
                yield term.start, read[at + len(phrase.terms) - 1].end, phrase


def _stands(phrase: Phrase, read: Sequence[Term], at: int) -> bool:
    *before, last = phrase.terms
    there = [term.text for term in read[at : at + len(phrase.terms)]]
    if len(there) < len(phrase.terms) or there[:-1] != before:
        return False
    return there[-1].startswith(last) if phrase.begins else there[-1] == last
