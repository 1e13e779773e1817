"""Digests in their columns: 20 bytes where they are sha1 in base 32, else as they were given; the same when they come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.store.rows import digest_in, digest_out

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ODD = "abz0189_- \t+=é٣"


@given(st.text(LETTERS, min_size=32, max_size=32))
def test_a_sha1_takes_twenty_bytes(letters):
    assert len(digest_out(f"sha1:{letters}")) == 20
    assert digest_in(digest_out(f"sha1:{letters}")) == f"sha1:{letters}"


@given(st.text(LETTERS + ODD, min_size=32, max_size=32))
def test_what_only_looks_like_one_comes_back_as_it_was(letters):
    assert digest_in(digest_out(f"sha1:{letters}")) == f"sha1:{letters}"


@pytest.mark.parametrize("digest", [None, "", "sha1:", "sha1:ABC", "md5:ABCDEFGHIJKLMNOP", "sha256:" + "A" * 30])
def test_any_other_stays_as_it_is(digest):
    assert digest_out(digest) == digest == digest_in(digest)
