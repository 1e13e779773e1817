"""Which kind a document is."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import sniff
from crawler.sources.unpack import MOST_BYTES, unpacked

KINDS = [
    ("feed", b'<?xml version="1.0"?><rss version="2.0"></rss>'),
    ("feed", b"\xef\xbb\xbf\n\n <rss></rss>"),
    ("feed", '<?xml version="1.0" encoding="utf-16"?><feed></feed>'.encode("utf-16")),
    ("feed", "<rss></rss>".encode("utf-16-be")),
    ("feed", b"<!-- <html> --><?xml-stylesheet href='a.xsl'?><a:feed xmlns:a='http://www.w3.org/2005/Atom'/>"),
    ("feed", b'<!DOCTYPE rss [<!ENTITY a "<html>">]><rss></rss>'),
    ("feed", b"<b>Warning</b>: line 3 <?xml version='1.0'?><rss></rss>"),
    ("feed", b'Notice: x\n<?xml version="1.0"?>\n<rdf:RDF xmlns="http://purl.org/rss/1.0/"></rdf:RDF>'),
    ("feed", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'),
    ("feed", gzip.compress(b"<rss></rss>", mtime=0)),
    ("other", b'<rdf:RDF xmlns:foaf="http://xmlns.com/foaf/0.1/"><foaf:Person/></rdf:RDF>'),
    ("sitemap", b"<urlset></urlset>"),
    ("sitemap", b"  <SITEMAPINDEX/>"),
    ("opml", b"<opml version='2.0'></opml>"),
    ("html", b"<!doctype html><p>x"),
    ("html", b"<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'><html></html>"),
    ("html", b"<p>a paragraph"),
    ("html", "\ufeff<HTML lang=ar>".encode()),
    ("html", b"Warning!\n<html><body>"),
    ("html", b"<form><p>x</p><!-- <rdf:RDF xmlns:dc='http://purl.org/dc/elements/1.1/'></rdf:RDF> -->"),
    ("feed", b"<b>Warning</b>: <rdf:RDF xmlns='http://my.netscape.com/rdf/simple/0.9/'></rdf:RDF>"),
    ("list", b"https://a.example/1\r\n\r\nhttp://b.example/2\n"),
    ("list", b"\xef\xbb\xbfhttps://a.example/1"),
    ("text", b"https://a.example/1 is an address\n"),
    ("text", "وصل الوفد إلى المدينة.\n".encode()),
    ("text", "وصل الوفد إلى المدينة.\n".encode("cp1256")),
    ("text", b"[1] a footnote"),
    ("other", b'{"a": 1}'),
    ("other", b"%PDF-1.7 ..."),
    ("other", b"\x89PNG\r\n\x1a\n\0\0\0"),
    ("other", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("other", b""),
    ("other", b" \n"),
]


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_a_document_is_what_it_contains(kind: str, data: bytes) -> None:
    assert sniff(data, None) == kind


def test_the_declared_type_does_not_beat_the_content() -> None:
    assert sniff(b"<html></html>", "application/rss+xml") == "html"
    assert sniff(b"<rss></rss>", "text/html") == "feed"


def test_the_declared_type_tips_the_scale() -> None:
    assert sniff(b"just words", "text/html") == "html"
    assert sniff(b'{"title": "x", "items": []}', "application/feed+json") == "feed"


@given(st.binary(max_size=300), st.sampled_from([None, "text/html", "application/xml", "application/json"]))
def test_whatever_bytes_come_a_kind_is_said(data: bytes, mime: str | None) -> None:
    assert sniff(data, mime) in ("feed", "sitemap", "html", "text", "opml", "list", "other")


def test_what_is_named_gzip_and_is_not_stays_as_it_is() -> None:
    assert unpacked(b"<urlset/>") == b"<urlset/>"


def test_a_cut_gzip_file_gives_what_was_read() -> None:
    whole = b"".join(b"https://a.example/%d\n" % n for n in range(20_000))
    cut = unpacked(gzip.compress(whole, mtime=0)[:-2_000])
    assert 0 < len(cut) < len(whole)
    assert whole.startswith(cut)


def test_several_members_are_one_document() -> None:
    assert unpacked(gzip.compress(b"one ", mtime=0) + gzip.compress(b"two")) == b"one two"


def test_a_hundred_thousand_members_are_read_as_soon_as_one() -> None:
    # To copy all that follows at each end took five seconds here.
    member = gzip.compress(b"a", mtime=0)
    assert unpacked(member * 100_000) == b"a" * 100_000


def test_what_is_packed_twice_is_read_behind_an_empty_member_too() -> None:
    assert unpacked(gzip.compress(b"", mtime=0) + gzip.compress(gzip.compress(b"two"))) == b"two"


def test_a_bomb_is_cut_at_the_most() -> None:
    assert len(unpacked(gzip.compress(bytes(MOST_BYTES + 1_000_000), 1, mtime=0))) == MOST_BYTES


def test_members_behind_each_other_are_no_way_around_the_most() -> None:
    member = gzip.compress(bytes(MOST_BYTES // 2 + 1), 1, mtime=0)
    assert len(unpacked(member * 4)) == MOST_BYTES
