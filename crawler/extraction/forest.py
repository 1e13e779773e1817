"""A small forest of decision trees, shipped as numbers: what bench/forest.py learned, read without anything to learn with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Node: TypeAlias = "tuple[int, float, Node, Node] | float"
"""A question (is the number at this place at most this much?) with what follows on yes and on no; or a leaf."""

Forest = tuple[Node, ...]


def read(table: str) -> Forest:
    """The trees of a table: one after the other, each in preorder, a question as `place<threshold`, a leaf as its number."""
    words = iter(table.split())
    return tuple(_trees(words))


def _trees(words: Iterator[str]) -> Iterator[Node]:
    for word in words:
        yield _node(word, words)


def _node(word: str, words: Iterator[str]) -> Node:
    place, question, threshold = word.partition("<")
    if not question:
        return float(word)
    return int(place), float(threshold), _node(next(words), words), _node(next(words), words)


def vote(forest: Forest, row: Sequence[float]) -> float:
    """The sum over all trees: log-odds, so that above 0 is more likely than not."""
    odds = 0.0
    for tree in forest:
        node = tree
        while isinstance(node, tuple):
            place, threshold, yes, no = node
            node = yes if row[place] <= threshold else no
        odds += node
    return odds
