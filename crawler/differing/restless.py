"""Lines that are wholly others in each version of an article: nobody edits so, a page that shows an advertisement does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from crawler.differing.words import MOST_LINES, tokens
from crawler.folding import fold

_TIMES: Final = 2
"""Changes in a row of one place that make it restless. A figure that is corrected twice leaves the words around it."""
_SHARED: Final = 0.5
"""Of the words of the shorter line: who has so many in common with the one before is that line, edited."""

Places = list[set[int]]
"""For each version the numbers of such lines."""


def restless(versions: Sequence[Sequence[str]]) -> Places:
    """Which lines of successive versions only hold a place that always holds another text."""
    found: Places = [set() for _ in versions]
    chains: dict[int, list[int]] = {}
    for at, (old, new) in enumerate(pairwise(versions)):
        follows: dict[int, list[int]] = {}
        for was, now in _replaced(old, new):
            follows[now] = [*chains.get(was, [was]), now]
        for chain in follows.values():
            if len(chain) > _TIMES:
                for back, line in enumerate(reversed(chain)):
                    found[at + 1 - back].add(line)
        chains = follows
    return found


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of lines of which one stands in the other's place and says something else."""
    if max(len(old), len(new)) > MOST_LINES:
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            for was, now in zip(range(a, b), range(c, d), strict=True):
                if not _akin(old[was], new[now]):
                    yield was, now


def _akin(one: str, other: str) -> bool:
    was, now = _words(one), _words(other)
    return len(was & now) >= _SHARED * min(len(was), len(now))


def _words(line: str) -> set[str]:
    return {fold(token.text) for token in tokens(line) if any(map(str.isalpha, token.text))}
