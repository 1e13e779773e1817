"""Figures in the shape Prometheus knows, and how they are written. Pure.

The text format is 0.0.4 (prometheus/docs, content/docs/instrumenting/exposition_formats.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, Literal

from crawler.model import Value

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Sample(Value, frozen=True, kw_only=True):
    """One line."""

    value: float
    labels: Mapping[str, str] = {}
    suffix: str = ""
    """Behind the family's name: `_bucket`, `_sum`, `_count` of a histogram."""


class Family(Value, frozen=True, kw_only=True):
    """All samples of one name."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    text: str
    samples: tuple[Sample, ...]


class Histogram:
    """Counts what falls under each of its bounds, which rise."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count one; what is on a bound is under it."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def samples(self, labels: Mapping[str, str]) -> Iterator[Sample]:
        """Its lines, the buckets from the least on, each with all that are under it."""
        limits = [*(f"{bound:g}" for bound in self._bounds), "+Inf"]
        for limit, under in zip(limits, accumulate(self._counts), strict=True):
            yield Sample(suffix="_bucket", labels={**labels, "le": limit}, value=under)
        yield Sample(suffix="_sum", labels=labels, value=self._sum)
        yield Sample(suffix="_count", labels=labels, value=sum(self._counts))


def counter(name: str, text: str, values: Mapping[str, float] | float, label: str = "") -> Family:
    """A family that only grows: one value, or one for each value of a label."""
    return Family(name=name, kind="counter", text=text, samples=_samples(values, label))


def gauge(name: str, text: str, values: Mapping[str, float] | float, label: str = "") -> Family:
    """A family that goes up and down."""
    return Family(name=name, kind="gauge", text=text, samples=_samples(values, label))


def exposed(families: Iterable[Family]) -> str:
    """All families as one text. A family without samples is left out."""
    return "".join(line for family in families if family.samples for line in _lines(family))


def _samples(values: Mapping[str, float] | float, label: str) -> tuple[Sample, ...]:
    if isinstance(values, Mapping):
        return tuple(Sample(labels={label: name}, value=value) for name, value in sorted(values.items()))
    return (Sample(value=values),)


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escaped(family.text)}\n"
    yield f"# TYPE {family.name} {family.kind}\n"
    for sample in family.samples:
        labels = ",".join(f'{name}="{_quoted(value)}"' for name, value in sample.labels.items())
        yield (
            f"{family.name}{sample.suffix}{{{labels}}} {sample.value:.16g}\n"
            if labels
            else (f"{family.name}{sample.suffix} {sample.value:.16g}\n")
        )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', '\\"')
