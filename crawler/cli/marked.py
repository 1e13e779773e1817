"""Texts with marks in them, for a terminal: of any direction, and with colours only where there are some."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from crawler.cli.streams import plain
from crawler.showing import safe

_ISOLATE, _END = "\u2068", "\u2069"
"""FIRST STRONG ISOLATE (UAX 9): what stands between has its own direction, and turns nothing around it."""


def isolated(text: str) -> str:
    """A text that keeps its own direction within a line of another; whatever a terminal would obey in it is gone."""
    return f"{_ISOLATE}{safe(text)}{_END}"


def marked(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """A text with these parts in bold; where the output has no colours, between stars."""
    parts: list[str] = []
    at = 0
    for start, end in marks:
        parts += [_visible(text[at:start]), _strong(_visible(text[start:end]))]
        at = end
    return f"{_ISOLATE}{''.join([*parts, _visible(text[at:])]).strip()}{_END}"


def has_style() -> bool:
    """Whether stdout shows colours; else what they would say has to be written."""
    return sys.stdout.isatty() and not plain(os.environ)


def _strong(text: str) -> str:
    return click.style(text, bold=True) if has_style() else f"*{text}*"


def _visible(text: str) -> str:
    """As `safe`, with the blanks at both ends: they part this from what stands beside it."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{safe(text)}{after}"
