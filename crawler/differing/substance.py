"""What a change is about: its kind is what matters most of all that can be seen in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, get_args

from crawler.differing import vocabulary
from crawler.differing.words import Edit, Span, Token, edits, tokens
from crawler.folding import fold
from crawler.model import Value
from crawler.search.stems import stem

Kind = Literal[
    "deleted", "returned", "headline", "number", "name", "quote", "negation", "deletion", "addition", "wording", "spelling",
    "style",
]  # fmt: skip
KINDS: Final[Sequence[Kind]] = get_args(Kind)
"""From what matters most to what matters least. The first two are of the whole article: it was taken away, it came back."""

_AROUND: Final = 60
"""Characters shown before and after a change."""
_SENTENCE: Final = 4
"""Words that make what was taken out or put in more than a matter of wording; of unspaced signs twice as many."""
_SPELLABLE: Final = 5
"""Letters of a word that may be misspelt; of shorter ones each slip is another word: Iran, Iraq."""
_QUOTED: Final = re.compile(
    '«[^»]{1,3000}»|“[^”]{1,3000}”|„[^“”]{1,3000}[“”]|「[^」]{1,3000}」|『[^』]{1,3000}』|"[^"\n]{1,3000}"|‹[^›]{1,3000}›'
)
_QUOTE_MARKS: Final = frozenset('«»“”„「」『』"‹›')
_GROUPING: Final = re.compile("(?<=\\d)[,.٬٫](?=\\d{3}\\b)")
_ENDS: Final = frozenset(".!?؟。！？…\n:")
_SIGN: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class Change(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One change, with what stands around it."""

    kind: Kind
    field: Literal["title", "text"]
    old: str
    new: str
    before: str
    """What stands before it, unchanged."""
    after: str
    edit: tuple[tuple[int, int], tuple[int, int]]
    """Begin and end in the old and in the new field, in characters."""


class Difference(Value, frozen=True, kw_only=True, omit_defaults=False):
    """All changes between two versions: what matters most first, then in the order of the text."""

    changes: tuple[Change, ...]

    @property
    def kind(self) -> Kind | None:
        """The kind of what matters most; None: nothing has changed."""
        return self.changes[0].kind if self.changes else None


class _Texts(NamedTuple):
    """Both texts, and what must be known of them as wholes."""

    old: str
    new: str
    quotes: tuple[Sequence[Span], Sequence[Span]]
    often: frozenset[str]
    """Words of the headlines, and those that stand in the texts several times: who and what it is about."""


def difference(old: tuple[str, str], new: tuple[str, str]) -> Difference:
    """Compare two versions, each a headline and a text."""
    titles = [_headline(old[0], new[0], edit) for edit in edits(old[0], new[0])]
    texts = _Texts(old[1], new[1], (_quotes(old[1]), _quotes(new[1])), _often(old, new))
    found = titles + [_change(texts, edit) for edit in edits(old[1], new[1])]
    return Difference(changes=tuple(sorted(found, key=lambda change: KINDS.index(change.kind))))


def _headline(old: str, new: str, edit: Edit) -> Change:
    was, now = _words(old, edit.old), _words(new, edit.new)
    kind: Kind = "style" if _same_words(was, now) else "spelling" if _alike(was, now) else "headline"
    return _told(kind, "title", old, new, edit)


def _change(texts: _Texts, edit: Edit) -> Change:
    return _told(_kind(texts, edit), "text", texts.old, texts.new, edit)


def _told(kind: Kind, field: Literal["title", "text"], old: str, new: str, edit: Edit) -> Change:
    (a, b), (c, d) = edit
    return Change(
        kind=kind,
        field=field,
        old=old[a:b],
        new=new[c:d],
        before=old[max(0, a - _AROUND) : a],
        after=old[b : b + _AROUND],
        edit=((a, b), (c, d)),
    )


def _kind(texts: _Texts, edit: Edit) -> Kind:
    was, now = _words(texts.old, edit.old), _words(texts.new, edit.new)
    if _same_words(was, now):
        return "quote" if _marks(was) != _marks(now) else "style"
    # What comes or goes as a whole isn't about the figures and names that happen to be in it.
    if not _said(now) and _sentence(was):
        return "deletion"
    if not _said(was) and _sentence(now):
        return "addition"
    return _word_kind(texts, edit, was, now)


def _word_kind(texts: _Texts, edit: Edit, was: Sequence[Token], now: Sequence[Token]) -> Kind:
    if _numbers(was) != _numbers(now):
        return "number"
    if _names(texts, texts.old, was) != _names(texts, texts.new, now):
        return "name"
    if _quoted(texts.quotes[0], edit.old) or _quoted(texts.quotes[1], edit.new):
        return "quote"
    if _negations(was) != _negations(now):
        return "negation"
    if len(_said(was)) > 3 * max(1, len(_said(now))) and _sentence(was):
        return "deletion"
    return "spelling" if _alike(was, now) else "wording"


def _words(text: str, span: Span) -> list[Token]:
    return list(tokens(text, *span))


def _said(found: Iterable[Token]) -> list[str]:
    """Words and figures in their one spelling, without punctuation."""
    return [folded for token in found if any(map(str.isalnum, folded := fold(token.text)))]


def _same_words(was: Sequence[Token], now: Sequence[Token]) -> bool:
    """Only vowel marks, case, punctuation and where blanks stand are others."""
    return "".join(_said(was)) == "".join(_said(now))


def _sentence(found: Sequence[Token]) -> bool:
    signs = sum(_SIGN.match(token.text) is not None for token in found)
    return len(_said(found)) - signs + signs / 2 >= _SENTENCE


def _alike(was: Sequence[Token], now: Sequence[Token]) -> bool:
    """One word that is spelt another way; of signs, which are words themselves, none is."""
    old, new = _said(was), _said(now)
    if len(old) != 1 or len(new) != 1 or any(map(str.isdigit, old[0] + new[0])) or _SIGN.match(old[0]):
        return False
    return min(len(old[0]), len(new[0])) >= _SPELLABLE and _one_slip(old[0], new[0])


def _one_slip(one: str, other: str) -> bool:
    """One letter more, less or another, or two neighbours that changed places. More is another word: increase, decrease."""
    start = _same(one, other)
    end = _same(one[start:][::-1], other[start:][::-1])
    was, now = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(was), len(now)) <= 1 or (len(was) == 2 and was == now[::-1])


def _same(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _numbers(found: Iterable[Token]) -> Counter[str]:
    """Figures without what groups them, and words and signs for numbers."""
    return Counter(word for token in found if _is_number(word := fold(_GROUPING.sub("", token.text))))


def _is_number(word: str) -> bool:
    if not word or word[0].isdigit() or word in vocabulary.SIGNS_OF_NUMBERS:
        return bool(word)
    return stem(word) in vocabulary.NUMBERS or word.replace("ماي", "مي").endswith(vocabulary.HUNDREDS)


def _negations(found: Sequence[Token]) -> int:
    words = [fold(token.text) for token in found]
    joined = "".join(words)
    return sum(word in vocabulary.NEGATIONS or word in vocabulary.SIGNS_OF_NEGATION for word in words) + sum(
        joined.count(part) for part in vocabulary.PARTS_OF_NEGATION
    )


def _names(texts: _Texts, text: str, found: Sequence[Token]) -> Counter[str]:
    """Words with a capital that don't begin a sentence; where there are no capitals, what the article is about."""
    return Counter(fold(token.text) for token in found if _is_name(texts, text, token))


def _is_name(texts: _Texts, text: str, token: Token) -> bool:
    first = token.text[0]
    if first.lower() != first.upper():
        before = text[: token.start].rstrip(" \u00a0\"'«“„(")[-1:]
        return first.isupper() and bool(before) and before not in _ENDS
    return len(token.text) > 2 and fold(token.text) in texts.often


def _often(old: tuple[str, str], new: tuple[str, str]) -> frozenset[str]:
    titles = {fold(token.text) for title in (old[0], new[0]) for token in tokens(title)}
    counts: Counter[str] = Counter()
    for text in (old[1], new[1]):
        here = Counter(fold(token.text) for token in tokens(text) if len(token.text) > 3)
        counts |= here
    return frozenset(titles | {word for word, count in counts.items() if 2 <= count <= 8})


def _quotes(text: str) -> list[Span]:
    return [Span(*found.span()) for found in _QUOTED.finditer(text)]


def _quoted(quotes: Sequence[Span], span: Span) -> bool:
    return any(quote.start < span.end and span.start < quote.end for quote in quotes)


def _marks(found: Iterable[Token]) -> list[str]:
    return [token.text for token in found if token.text in _QUOTE_MARKS]
