"""PDF among what is read, where its reader is installed."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Final

from crawler.model import Article

_BEGIN: Final = re.compile(rb"%PDF-[12]\.")
_MOST_BEFORE: Final = 1_024
"""Bytes that may stand before it (ISO 32000-1, Annex H)."""


def is_pdf(data: bytes) -> bool:
    """Whether it says so itself, whatever it was declared as."""
    return _BEGIN.search(data[:_MOST_BEFORE]) is not None


def read_pdf(data: bytes) -> Article:
    """A PDF as an article; without pypdf one that says what to install. The first one costs a child 20 MB and 0.2 s of CPU."""
    try:
        reader = import_module("crawler.extraction.pdf")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("pypdf"):
            raise
        return Article(kind="other", found_in={"kind": "pdf"}, note="a PDF; to have its text: pip install 'warraq[pdf]'")
    article: Article = reader.read(data)
    return article
