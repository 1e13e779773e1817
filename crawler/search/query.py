"""What a query asks for: words, "phrases", beginnings*, -without, OR; as an expression of FTS5 and for finding marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from crawler.model import Value
from crawler.search.stems import forms
from crawler.search.terms import Run, Term, runs

MOST_CHARS: Final = 1_000  # thirty words of thirty letters; what is longer was pasted by mistake
MOST_WORDS: Final = 32
"""Of a query; what is behind is not looked for."""

_QUOTES: Final = '"\u201c-\u201f\u00ab\u00bb\u300c-\u300f\uff02'
_TOKEN: Final = re.compile(
    rf"(?P<minus>(?<!\S)[-\u2212\uff0d])?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]+))"
)
_LONG: Final = 5  # letters from which on a word may lose its ending
_ENDING: Final = 2
"""Letters that are let go of a long word that was found nowhere; but four stay: `bri` is the beginning of too much."""
_LEAST: Final = 4
# What Persian writes behind a blank or ZWNJ: plural, comparative. Others write it together with the word, whose stem lost it.
_ENDINGS: Final = frozenset({"ها", "هاي", "هايي", "اي", "تر", "ترين"})
# Particles that are written together with a Korean noun; the noun alone is looked for, too.
_PARTICLE: Final = re.compile("(?<=[\uac00-\ud7af]{2})(?:에서|으로|에게|까지|부터|은|는|이|가|을|를|의|에|로|와|과|도)$")


class Phrase(NamedTuple):
    """Terms that stand side by side; the last one may be the beginning of a word."""

    terms: tuple[str, ...]
    begins: bool = False


class Clause(NamedTuple):
    """One of these phrases is enough."""

    phrases: tuple[Phrase, ...]


class Query(Value, frozen=True, kw_only=True):
    """What an article must have, and must not have."""

    wanted: tuple[Clause, ...]
    unwanted: tuple[Clause, ...] = ()

    @property
    def phrases(self) -> frozenset[Phrase]:
        """All that is looked for: what a snippet marks."""
        return frozenset(phrase for clause in self.wanted for phrase in clause.phrases)


class QueryError(ValueError):
    """Nothing can be looked for; the message says why and what to write."""


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it is too long, or there is no word to look for in it.
    """
    if len(text) > MOST_CHARS:
        raise QueryError(f"a query of {len(text)} characters; {MOST_CHARS} are read at most")
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    joining = False
    for found in _TOKEN.finditer(text):
        if found["word"] == "OR":
            joining = bool(wanted)
            continue
        clauses = [_phrase(found["phrase"])] if found["phrase"] is not None else _words(found["word"])
        for clause in filter(None, clauses):
            if found["minus"]:
                unwanted.append(clause)
            elif joining:
                wanted[-1] = Clause(wanted[-1].phrases + clause.phrases)
            else:
                wanted.append(clause)
            joining = False
    if not wanted:
        raise QueryError("there is no word to look for; write one that articles should have")
    return Query(wanted=tuple(wanted[:MOST_WORDS]), unwanted=tuple(unwanted[:MOST_WORDS]))


def _phrase(text: str) -> Clause | None:
    found = tuple(term.text for run in runs(text) for term in run.terms)
    return Clause((Phrase(found[:MOST_WORDS]),)) if found else None


def _words(text: str) -> Iterator[Clause]:
    """The words of what stands between two blanks: `don't` and `GPT-4` are two."""
    found = [run for run in runs(text) if run.folded not in _ENDINGS]
    for run in found:
        yield _clause(run, begins=text.endswith("*") and run is found[-1])


def _clause(run: Run, *, begins: bool) -> Clause:
    texts = _texts(run.terms)
    if not run.folded:
        shorter = _PARTICLE.sub("", "".join(texts))
        return Clause((Phrase(texts), Phrase(tuple(shorter))) if len(shorter) < len(texts) else (Phrase(texts),))
    if begins:
        return Clause((Phrase(texts, begins=True),))
    return Clause(tuple(Phrase((form,)) for form in forms(run.folded)))


def _texts(terms: Sequence[Term]) -> tuple[str, ...]:
    return tuple(term.text for term in terms[:MOST_WORDS])


def expression(query: Query) -> str:
    """All that is wanted and nothing that is unwanted, for `MATCH`; every term is letters and digits in quotes."""
    wanted = " AND ".join(map(_any, query.wanted))
    return f"({wanted}) NOT ({' OR '.join(map(_any, query.unwanted))})" if query.unwanted else wanted


def wider(query: Query) -> Query | None:
    """For any of what is wanted, words by their beginnings, rows of signs by their pairs, where the query itself finds nothing.

    None: that would be the same.
    """
    parts = tuple(dict.fromkeys(part for clause in query.wanted for part in _parts(clause)))
    if not parts or (Clause(parts),) == query.wanted:
        return None
    return replace(query, wanted=(Clause(parts),))


def _parts(clause: Clause) -> Iterator[Phrase]:
    for phrase in clause.phrases:
        yield from (Phrase(pair) for pair in zip(phrase.terms, phrase.terms[1:], strict=False))
        if len(phrase.terms) == 1:
            yield _beginning(phrase)


def _beginning(phrase: Phrase) -> Phrase:
    """What a vowel that comes and goes leaves of a word: посёлок, посёлков."""
    (term,) = phrase.terms
    return Phrase((term[: max(_LEAST, len(term) - _ENDING)],), begins=True) if len(term) >= _LONG else phrase


def _any(clause: Clause) -> str:
    written = " OR ".join(_written(clause.phrases))
    return f"({written})" if len(clause.phrases) > 1 else written


def _written(phrases: Iterable[Phrase]) -> Iterator[str]:
    for phrase in phrases:
        quoted = '"' + " ".join(phrase.terms) + '"'
        yield f"{quoted} *" if phrase.begins else quoted
