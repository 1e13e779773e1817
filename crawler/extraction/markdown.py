"""A document in Markdown (CommonMark's blocks, tables as GitHub has them) -> lines of their kinds, with links where they stand.

Read for its text, not to be shown: emphasis goes, HTML within is left to be text, and what isn't closed is taken as it stands.
"""

from __future__ import annotations

import re
from typing import Final

from crawler.extraction import metadata
from crawler.extraction.lines import Line, Span
from crawler.extraction.plaintext import MOST_LINES, Parts, taken_apart
from crawler.layout import CELLS

_SNIFFED: Final = 20_000
_HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM: Final = re.compile(r"\s*+(?:([-*+])|(\d{1,9})[.)])\s++(.*)")
_QUOTE: Final = re.compile(r" {0,3}>[ ]?(.*)")
_ROW: Final = re.compile(r"\s*+\|(.*)\|\s*$")
_RULE: Final = re.compile(r"(?:\s*+\|?+\s*+:?+-++:?+\s*+(?:\|\s*+:?+-++:?+\s*+)*+\|?+\s*+$|\s*+(?:[-*_=]\s*+){3,}+$)()")
"""Within a table, under a title, or by itself. Possessive: a row of blanks must not cost its square."""
_BLOCKS: Final = ((_FENCE, "fence"), (_RULE, "rule"), (_QUOTE, "quote"))
_RUNS: Final = frozenset({"p", "quote", "li", "ol"})
"""Blocks that may go over several lines."""
_FRONT: Final = re.compile(r"\A---[ \t]*\n.{0,20000}?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_SIGNS: Final = re.compile(r"^ {0,3}(?:#{1,6}[ \t]+\S[^\n]*\n[ \t]*\n|`{3})|\]\((?:<|https?://)", re.MULTILINE)
_INLINE: Final = re.compile(
    r"\\([!-/:-@\[-`{-~])"  # an escaped sign
    r"|(!?)\[((?:[^\[\]\\]|\\.){0,1000})\]\((?:<([^<>\n]{0,2000})>|([^\s()]{0,2000}(?:\([^\s()]{0,500}\)[^\s()]{0,500})?))"
    r"(?:\s+(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?\)"  # a link or a picture
    r"|<(https?://[^<>\s]{1,2000})>"  # an address as its own words
    r"|((?<=\S)\*{1,3}|\*{1,3}(?=\S)|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`{1,2}|~~)"  # emphasis
)


def declared(content_type: str | None) -> bool:
    """Whether a document was sent as Markdown (RFC 7763)."""
    return (content_type or "").partition(";")[0].strip().lower() in ("text/markdown", "text/x-markdown")


def looks(text: str) -> bool:
    """Whether an undeclared text is Markdown: it has a heading, a fence or a link as only that writes them."""
    return bool(_SIGNS.search(text[:_SNIFFED]))


def parts(text: str, base: str | None) -> Parts:
    """Title, what stands under it, and the rest; addresses are absolute."""
    reader = _Reader(base)
    for raw in _FRONT.sub("", text.replace("\r\n", "\n"), count=1).split("\n")[:MOST_LINES]:
        reader.take(raw)
    reader.flush()
    lines = [line for line in reader.lines if line.text]
    at = next((place for place, line in enumerate(lines[:5]) if line.kind in ("h1", "h2")), None)
    if at is None:
        return Parts(None, (), None, [], lines)
    return taken_apart(lines[at].text, [*lines[:at], *lines[at + 1 :]])


class _Reader:
    """Takes the lines of a document one by one."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._held: list[str] = []
        self._kind = "p"
        self._fence = ""
        self.lines: list[Line] = []

    def take(self, raw: str) -> None:
        """The next line."""
        if self._fence:
            self._listed(raw)
            return
        kind, said = _block(raw)
        if said and self._held and (kind == "p" or kind == self._kind == "quote"):  # also an item goes on in the next line
            self._held.append(said)
            return
        self.flush()
        if kind == "fence":
            self._fence = said
        elif kind in _RUNS:
            self._held, self._kind = ([said] if said else []), kind
        elif kind != "rule":
            self.lines.append(_line(said, kind, self._base))

    def flush(self) -> None:
        """What was held is whole."""
        if self._held:
            self.lines.append(_line(" ".join(self._held), self._kind, self._base))
            self._held = []

    def _listed(self, raw: str) -> None:
        ends = raw.strip()
        if ends.startswith(self._fence) and not ends.strip(self._fence[0]):
            self._fence = ""
        else:
            self.lines.append(Line(" ".join(raw.split()), kind="pre"))


def _block(raw: str) -> tuple[str, str]:
    """The kind of a line, and what it says."""
    for pattern, kind in _BLOCKS:
        if found := pattern.match(raw):
            return kind, found[1].strip()
    if found := _HEADING.match(raw):
        return f"h{len(found[1])}", (found[2] or "").strip().rstrip("#").rstrip()
    if found := _ITEM.match(raw):
        return ("li" if found[1] else "ol"), found[3]
    if found := _ROW.match(raw):
        return "row", CELLS.join(cell.strip() for cell in re.split(r"(?<!\\)\|", found[1]))
    return "p", raw.strip()


def _line(said: str, kind: str, base: str | None) -> Line:
    """The words of a line, and the links in it."""
    words = ""
    spans: list[Span] = []
    at = 0
    for found in _INLINE.finditer(said):
        words += said[at : found.start()]
        at = found.end()
        inner, address = _linked(found)
        absolute = metadata.absolute(address, base) if address and inner.strip() else None
        if absolute:
            spans.append(Span(len(words), len(inner), absolute))
        words += inner
    return _tidied(words + said[at:], spans, kind)


def _linked(found: re.Match[str]) -> tuple[str, str | None]:
    """The words that a mark leaves, and the address they lead to; a picture leaves none, emphasis neither."""
    escaped, picture, inner, angled, plain, bare, _ = found.groups()
    if escaped or bare:
        return escaped or bare, bare
    if inner is None or picture:
        return "", None
    return _INLINE.sub(lambda one: one[1] or "", inner), angled or plain


def _tidied(words: str, spans: list[Span], kind: str) -> Line:
    """With its blanks made one; a link keeps its place."""
    text = " ".join(words.split())
    placed = []
    at = before = 0
    for span in spans:
        # from one link to the next: to look from the line's begin each time took 8 s for 35,000 of them
        before += _grown(words, at, span.start, first=not before)
        at = span.start
        inner = " ".join(words[at : at + span.length].split())
        start = text.find(inner, before)
        if start >= 0:
            placed.append(Span(start, len(inner), span.href))
    return Line(text, tuple(span.href for span in placed), kind[0] == "h", kind, tuple(placed))


def _grown(words: str, begin: int, end: int, *, first: bool) -> int:
    """By how much a text with its blanks made one grows by what stands between two places."""
    piece = words[begin:end]
    more = len(" ".join(piece.split()))
    apart = more and not first and (piece[0].isspace() or words[begin - 1].isspace())
    return more + bool(apart)
