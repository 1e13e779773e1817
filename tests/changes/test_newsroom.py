"""A newsroom that edits and deletes, among pages that are never twice the same."""

from __future__ import annotations

from tests.changes.press import each_edit_and_deletion_is_told


async def test_each_edit_and_each_deletion_is_told_and_nothing_else(tmp_path):
    """A hundred articles: tests/torture/test_changes.py."""
    await each_edit_and_deletion_is_told(tmp_path, 20)
