"""Bytes of a page or a plain text -> Article. Pure: nothing is asked of the world, the same bytes give the same record."""

from crawler.extraction.article import extract

__all__ = ["extract"]
