"""OPML in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Url
from crawler.sources import OpmlFeed, read_opml
from crawler.sources.opml import Opml, Outline, document_of, read_document, written

LIST = """<?xml version="1.0"?><opml version="1.1">
<head><title>قائمتي &amp; 中文</title><ownerName/><expansionState>1,2</expansionState></head>
<body><outline text="أخبار"><outline text="محلية"><outline text="جريدة" type="rss" xmlUrl="https://a.example/feed?a=1&amp;b=2"
htmlUrl="https://a.example/" description="two&#10;lines" customAttribute="kept" category="/news/gulf,بحر"/></outline></outline>
<outline type="link" text="a page" url="https://b.example/"/><outline type="include" url="https://c.example/more.opml"/>
<outline text="又一次"><outline title="جريدة" xmlUrl="https://a.example/feed?a=1&amp;b=2"/></outline></body></opml>"""


def test_a_document_read_written_and_read_again_says_the_same() -> None:
    document = read_document(LIST.encode())
    assert read_document(written(document)) == document
    assert document.version == "1.1"
    assert document.head == (("title", "قائمتي & 中文"), ("ownerName", ""), ("expansionState", "1,2"))
    assert dict(document.outlines[0].children[0].children[0].attributes)["customAttribute"] == "kept"


def test_a_feed_in_several_folders_is_one_with_the_tags_of_all() -> None:
    (feed,) = read_opml(LIST.encode())
    assert feed == OpmlFeed(
        url=Url("https://a.example/feed?a=1&b=2"),
        title="جريدة",
        tags=("أخبار", "محلية", "/news/gulf", "بحر", "又一次"),
        home="https://a.example/",
        description="two lines",
    )


def test_feeds_go_into_folders_by_their_first_tag_and_keep_the_others() -> None:
    feeds = (
        OpmlFeed(url=Url("https://a.example/"), title="ألف", tags=("خليج", "بحر"), home="https://b/", language="ar"),
        OpmlFeed(url=Url("https://b.example/")),
        OpmlFeed(url=Url("https://c.example/"), title="C", tags=("خليج",)),
    )
    document = document_of(feeds, title="mine")
    assert [outline.said("text") for outline in document.outlines] == ["https://b.example/", "خليج"]
    again = {feed.url: feed for feed in read_opml(written(document))}
    assert (again[feeds[0].url], again[feeds[2].url]) == (feeds[0], feeds[2])


def test_a_planet_in_foaf_is_a_list_too() -> None:
    data = b"""<rdf:RDF xmlns:rdf="r" xmlns:foaf="f" xmlns:rss="s"><foaf:Group><foaf:member><foaf:Agent><foaf:weblog>
    <foaf:Document rdf:about="http://a.example/"><rss:channel rdf:about="http://a.example/feed"/></foaf:Document></foaf:weblog>
    <foaf:name>Salma</foaf:name></foaf:Agent></foaf:member><foaf:name>Planet</foaf:name></foaf:Group></rdf:RDF>"""
    assert read_opml(data) == (OpmlFeed(url=Url("http://a.example/feed"), title="Salma", tags=("Planet",)),)


def test_a_broken_document_is_kept_up_to_its_fault() -> None:
    cut = LIST[: LIST.index("<outline type=")].encode()
    assert [feed.title for feed in read_opml(cut)] == ["جريدة"]


def test_nesting_without_end_and_entities_do_no_harm() -> None:
    assert read_opml(b"<opml><body>" + b'<outline text="x">' * 100_000) == ()
    bomb = b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><head><title>&x;</title></head></opml>'
    assert "root" not in repr(read_document(bomb))


# what XML 1.0 can hold, and an attribute isn't trimmed
chars = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t\r")
names = st.sampled_from(["text", "title", "xmlUrl", "htmlUrl", "type", "category", "x-own"])
attributes = st.dictionaries(names, st.text(chars, max_size=20), max_size=4).map(lambda said: tuple(said.items()))
outlines = st.recursive(
    st.builds(Outline, attributes=attributes),
    lambda inner: st.builds(Outline, attributes=attributes, children=st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)
heads = st.lists(
    st.tuples(st.sampled_from(["title", "ownerName"]), st.text(chars, max_size=20).map(lambda text: " ".join(text.split())))
)
documents = st.builds(Opml, head=heads.map(tuple), outlines=st.lists(outlines, max_size=4).map(tuple))


@given(documents)
def test_whatever_a_list_holds_it_comes_back(document: Opml) -> None:
    assert read_document(written(document)) == document


@given(st.binary(max_size=300))
def test_whatever_bytes_come_a_list_is_given(data: bytes) -> None:
    assert isinstance(read_opml(data), tuple)


@pytest.mark.parametrize("kind", ["include", "Source"])
def test_a_list_of_lists_is_no_list_of_feeds(kind: str) -> None:
    assert read_opml(f'<opml><body><outline type="{kind}" xmlUrl="https://a.example/list"/></body></opml>'.encode()) == ()


@pytest.mark.parametrize("address", ["", "feed.xml", "javascript:x", "ftp://a.example/"])
def test_what_can_not_be_fetched_is_no_feed(address: str) -> None:
    assert read_opml(f'<opml><body><outline xmlUrl="{address}"/></body></opml>'.encode()) == ()
