"""Contexts in the rows of the queue: shorter, and the same when they come back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Context, Step, Url, Validators
from crawler.store.contexts import address, lengthened, shortened, source, target

HOST, URL = "a.example", Url("https://a.example/خبر/1?x=2")
GUIDS = st.none() | st.just(URL) | st.sampled_from(["", "\0", "\0\0", f"\0{URL}", "/1", "urn:uuid:1"]) | st.text(max_size=20)
VIAS = st.none() | st.sampled_from(
    ["https://a.example/feed", "https://a.example:8443/", "http://a.example/", "https://b.example/"]
)


STEPS = st.none() | st.builds(
    Step,
    number=st.integers(1, 9),
    since=st.integers(-(2**40), 2**41),
    digest=st.none() | st.just("sha1:C5Q5A42G5HHCRF5OY5U4QBBX73BIOPJE"),
    validators=st.builds(Validators, etag=st.none() | st.text(max_size=3), last_modified=st.none() | st.text(max_size=3)),
)
CONTEXTS = st.builds(
    Context,
    source=st.none() | st.just("ztqnbzod2wrbrezg"),
    via=VIAS,
    guid=GUIDS,
    pub_date=st.none() | st.text(max_size=3),
    title=st.none() | st.text(max_size=9),
    step=STEPS,
    first_url=st.none() | st.just(URL),
    hops=st.integers(0, 9),
    revisit=st.booleans(),
    for_good=st.booleans(),
    backfill=st.booleans(),
    judges=st.none() | st.just("ztqnbzod2wrbrezg"),
)


@given(CONTEXTS)
def test_a_context_comes_back_as_it_was(context):
    column = shortened(context, HOST, URL)
    assert lengthened(column, HOST, URL) == context
    assert source(column) == context.source


def test_an_empty_one_takes_no_room():
    assert shortened(Context(), HOST, URL) is None
    assert lengthened(None, HOST, URL) == Context()


def test_what_the_row_says_already_is_left_out():
    feed = Context(source="ztqnbzod2wrbrezg", via=Url("https://a.example/feed"), guid=URL)
    assert msgspec.msgpack.decode(shortened(feed, HOST, URL)) == ["ztqnbzod2wrbrezg", "/feed", "\0"]


def test_a_page_of_a_sitemap_takes_few_bytes():
    page = Context(source="ztqnbzod2wrbrezg", via=Url("https://a.example/sitemap.xml"))
    assert len(shortened(page, HOST, URL)) == 1 + 17 + 13


@pytest.mark.parametrize("guid", [None, URL, "1"])
def test_a_row_written_before_contexts_were_shortened_is_read_as_it_stands(guid):
    context = Context(source="ztqnbzod2wrbrezg", via=Url("https://a.example/feed"), guid=guid)
    assert lengthened(msgspec.msgpack.encode(context), HOST, URL) == context


def test_a_row_with_the_names_of_its_fields_is_read_as_it_was_meant():
    row = {"source": "ztqnbzod2wrbrezg", "via": "/feed", "guid": "\0", "revisit": True, "step": {"number": 2, "since": 5}}
    feed = Url("https://a.example/feed")
    context = Context(source="ztqnbzod2wrbrezg", via=feed, guid=URL, revisit=True, step=Step(number=2, since=5))
    assert lengthened(msgspec.msgpack.encode(row), HOST, URL) == context
    assert source(msgspec.msgpack.encode(row)) == "ztqnbzod2wrbrezg"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/1?x", "/1?x"),
        ("http://a.example/1?x", ":/1?x"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("http://a.example.org/", "http://a.example.org/"),
    ],
)
def test_an_address_is_kept_without_its_host(url, kept):
    assert target(HOST, url) == kept
    assert address(HOST, kept) == url
