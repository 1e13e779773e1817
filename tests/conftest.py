"""Fixtures that tests of several rooms share."""

from __future__ import annotations

from tests.archive.stocked import root, stock

__all__ = ["root", "stock"]
