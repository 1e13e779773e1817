"""Which texts say the same, by their fingerprints: near-copies differ in few of 64 bits. Pure.

To group many, candidates share one of six bands of bits: who differ in five bits always do, in six 98 of 100, in eight 89; and
only one in 340 others does, which makes it quick. To find those of one article the store compares it with all: none is missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

NEAR: Final = 8
"""Texts whose fingerprints differ in at most so many bits say the same; of unrelated ones the nearest differ in 13."""
BANDS: Final = ((0, 11), (11, 11), (22, 11), (33, 11), (44, 10), (54, 10))
"""First bit and width of each."""
_ALL_BITS: Final = (1 << 64) - 1
MOST_OF_A_BAND: Final = 500
"""Members of one band that are compared with each other: a template of the weather must not make it quadratic."""


def distance(one: str, other: str) -> int:
    """In how many bits two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def differing(one: int, other: int) -> int:
    """The same of two that are numbers with a sign, as the store has them."""
    return ((one ^ other) & _ALL_BITS).bit_count()


def groups(fingerprints: Sequence[str]) -> list[list[int]]:
    """Texts that say the same, by their numbers, each group and all of them in order; who is alone is left out."""
    numbers = [int(one, 16) for one in fingerprints]
    heads = list(range(len(numbers)))
    for one, other in _candidates(numbers):
        if (numbers[one] ^ numbers[other]).bit_count() <= NEAR:
            _join(heads, one, other)
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(len(numbers)):
        found[_head(heads, number)].append(number)
    return [group for group in found.values() if len(group) > 1]


def _candidates(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for first, width in BANDS:
        mask = (1 << width) - 1
        band: dict[int, list[int]] = defaultdict(list)
        for place, number in enumerate(numbers):
            band[number >> first & mask].append(place)
        for members in band.values():
            yield from combinations(members[:MOST_OF_A_BAND], 2)


def _head(heads: list[int], number: int) -> int:
    while heads[number] != number:
        heads[number] = heads[heads[number]]
        number = heads[number]
    return number


def _join(heads: list[int], one: int, other: int) -> None:
    low, high = sorted((_head(heads, one), _head(heads, other)))
    heads[high] = low
