from __future__ import annotations

import pytest

from crawler.cli.streams import plain


@pytest.mark.parametrize(
    ("env", "wanted"),
    [({}, False), ({"NO_COLOR": "1"}, True), ({"NO_COLOR": ""}, False), ({"TERM": "dumb"}, True), ({"TERM": "xterm"}, False)],
)
def test_who_wants_no_colours_gets_none(env, wanted):
    assert plain(env) is wanted
