"""Digests as letters."""

import base64
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from crawler.digests import sha1_name, short_name


@given(st.binary(min_size=20, max_size=20))
def test_a_digest_is_written_as_base_32_writes_it(digest):
    assert sha1_name(digest) == f"sha1:{base64.b32encode(digest).decode()}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_name_is_sixteen_letters_of_a_digest(text):
    assert short_name(text) == base64.b32encode(blake2b(text.encode(), digest_size=10).digest()).decode().lower()
