"""What a payload is, by its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.identifying import identify

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbf\r\n <!-- \xd8\xae --><HTML dir=rtl>", "text/html"),
        ("<html><title>新闻".encode("utf-16"), "text/html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML"><html xmlns="x">', "application/xhtml+xml"),
        (XML + b'<rss version="2.0">', "application/rss+xml"),
        (XML + b'<!-- made today --><feed xmlns="http://www.w3.org/2005/Atom">', "application/atom+xml"),
        (XML + b'<?xml-stylesheet href="a"?><rdf:RDF xmlns:rdf="x">', "application/rdf+xml"),
        (b"<rss>", "application/rss+xml"),
        (XML + b"<urlset xmlns='x'>", "text/xml"),
        (b'{ "version": "https://jsonfeed.org/version/1.1"', "application/json"),
        (b'[{"a": 1}]', "application/json"),
        (b"User-agent: *\nDisallow: /\n", "text/plain"),
        ("وصل الرئيس".encode("windows-1256"), "text/plain"),
        (b"%PDF-1.7\n\0", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"PK\x03\x04\0", "application/zip"),
        (b"<unknown>", None),
        (b"<", None),
        (b"\0\1\2", None),
        (b"", None),
    ],
)  # fmt: skip
def test_a_payload_is_known_by_how_it_begins(beginning, kind):
    assert identify(beginning) == kind


@given(st.binary(max_size=60), st.sampled_from([b"", b"<!--", b"<?xml ", b"\xff\xfe", b"RIFF"]))
def test_whatever_comes_there_is_an_answer(data, start):
    assert identify(start + data) is None or "/" in identify(start + data)
