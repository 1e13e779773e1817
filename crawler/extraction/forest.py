"""A small forest of decision trees, shipped as numbers: what bench/forest.py learned, read without anything to learn with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, cast

Forest = Callable[[Sequence[float]], float]
"""From the numbers of a row to log-odds, so that above 0 is more likely than not."""

_HEAD: Final = "def vote(row):\n {}*_, = row\n return (0.0{})\n"


def read(table: str) -> Forest:
    """The forest of a table: trees in a row, each in preorder, a question as `place<threshold`, a leaf as its number.

    A question is whether the number at this place is at most the threshold; what follows on yes stands before what follows on
    no. The trees become one function of Python, since walking tuples takes four times as long (8.1 against 2 us for 900
    questions). What is compiled is made of numbers only: each word of the table goes through `int` and `float`. Numbers of a
    row should be floats throughout: comparing those is what CPython does fastest.

    Raises:
        ValueError: a word is no number.
        StopIteration: the table ends inside a tree.
    """
    words = iter(table.split())
    asked: set[int] = set()
    body = "".join(f"\n  + {_spelled(word, words, asked)}" for word in words)
    made: dict[str, object] = {}
    exec(_HEAD.format(_names(asked), body), made)  # noqa: S102 - our own text, of numbers
    return cast("Forest", made["vote"])


def _spelled(word: str, words: Iterator[str], asked: set[int]) -> str:
    place, question, threshold = word.partition("<")
    if not question:
        return repr(float(word))
    asked.add(int(place))
    yes = _spelled(next(words), words, asked)
    return f"({yes} if n{int(place)} <= {float(threshold)!r} else {_spelled(next(words), words, asked)})"


def _names(asked: set[int]) -> str:
    """A row taken apart into local names, which are found faster than by their place."""
    return "".join(f"n{place}, " if place in asked else "_, " for place in range(max(asked, default=-1) + 1))
