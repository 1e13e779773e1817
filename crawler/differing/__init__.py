"""What changed between two versions of an article, word by word in any script, and what of it matters. Pure."""

from crawler.differing.restless import restless
from crawler.differing.substance import KINDS, Change, Difference, Kind, difference
from crawler.differing.words import Edit, Span, edits

__all__ = ["KINDS", "Change", "Difference", "Edit", "Kind", "Span", "difference", "edits", "restless"]
