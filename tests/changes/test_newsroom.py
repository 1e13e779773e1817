"""A newsroom that edits and deletes, among pages that are never twice the same."""

from __future__ import annotations

import pytest

from crawler.differing import KINDS
from tests.changes import newsroom
from tests.changes.press import Press, deleted, edit_of

KIND_OF = {"number_changed": "number", "headline_changed": "headline", "paragraph_removed": "deletion"}


@pytest.mark.parametrize("articles", [20, pytest.param(100, marks=pytest.mark.torture)])
async def test_each_edit_and_each_deletion_is_told_and_nothing_else(tmp_path, articles):
    press = Press(tmp_path, articles)
    await press.run()
    told = press.told()
    numbers = [int(one.changed.article.url.rpartition("/")[2]) for one in told]
    assert sorted(numbers) == [n for n in range(articles) if edit_of(n) or deleted(n)]
    assert set(press.asked.values()) == {5}
    for number, one in zip(numbers, told, strict=True):
        edit = edit_of(number)
        if deleted(number):
            assert one.kind == "deleted"
        elif edit is not None and edit.__name__ in KIND_OF:
            assert one.kind == KIND_OF[edit.__name__]
    _substance_stands_before_style(zip(numbers, told, strict=True))


def _substance_stands_before_style(told) -> None:
    ranked = sorted(((KINDS.index(one.kind), edit_of(number) in newsroom.STYLE) for number, one in told))
    assert [style for _, style in ranked] == sorted(style for _, style in ranked)
