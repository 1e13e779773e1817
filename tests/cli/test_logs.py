from __future__ import annotations

import pytest

from crawler.cli.logs import _plain


@pytest.mark.parametrize(
    ("env", "plain"),
    [({}, False), ({"NO_COLOR": "1"}, True), ({"NO_COLOR": ""}, False), ({"TERM": "dumb"}, True), ({"TERM": "xterm"}, False)],
)
def test_who_wants_no_colours_gets_none(env, plain):
    assert _plain(env) is plain
