"""Contexts in the rows of the queue: shorter, and the same when they come back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Context, Url
from crawler.store.contexts import lengthened, packed, shortened

HOST, URL = "a.example", Url("https://a.example/خبر/1?x=2")
GUIDS = st.none() | st.just(URL) | st.sampled_from(["", "\0", "\0\0", f"\0{URL}", "/1", "urn:uuid:1"]) | st.text(max_size=20)
VIAS = st.none() | st.sampled_from(
    ["https://a.example/feed", "https://a.example:8443/", "http://a.example/", "https://b.example/"]
)


@given(guid=GUIDS, via=VIAS, title=st.none() | st.text(max_size=9), hops=st.integers(0, 9))
def test_a_context_comes_back_as_it_was(guid, via, title, hops):
    context = Context(source="ztqnbzod2wrbrezg", via=via, guid=guid, title=title, hops=hops)
    assert lengthened(shortened(context, HOST, URL), HOST, URL) == context


def test_an_empty_one_takes_no_room():
    assert shortened(Context(), HOST, URL) is None
    assert lengthened(None, HOST, URL) == Context()


def test_what_the_row_says_already_is_left_out():
    feed = Context(source="ztqnbzod2wrbrezg", via=Url("https://a.example/feed"), guid=URL)
    assert len(packed(feed)) - len(shortened(feed, HOST, URL)) == len("https://a.example") + len(URL.encode()) - 1


@pytest.mark.parametrize("guid", [None, URL, "1"])
def test_a_row_written_before_contexts_were_shortened_is_read_as_it_stands(guid):
    context = Context(source="ztqnbzod2wrbrezg", via=Url("https://a.example/feed"), guid=guid)
    assert lengthened(msgspec.msgpack.encode(context), HOST, URL) == context
