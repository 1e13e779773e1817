"""Forests."""

from typing import Final

BLOCKS: Final = "0"
ARTICLE: Final = "0"
LISTING: Final = "0"
PRODUCT: Final = "0"
FORUM: Final = "0"
