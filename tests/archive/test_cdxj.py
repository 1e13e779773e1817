import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.cdxj import SortedLines, entry, surt
from crawler.archive.member import Member, Placed

# Each as the `surt` package of the web archives writes it.
KEYS = {
    "http://www.example.com/": "com,example)/",
    "https://example.com": "com,example)/",
    "http://example.com/a/b/": "com,example)/a/b",
    "http://example.com/A/B?B=2&a=1": "com,example)/a/b?a=1&b=2",
    "http://example.com:8080/x": "com,example:8080)/x",
    "https://example.com:443/x": "com,example)/x",
    "http://127.0.0.1:8001/x?y": "1,0,0,127:8001)/x?y",
    "http://[::1]:8001/x": "::1:8001)/x",
    "http://www2.example.co.uk/%D8%B9%D9%84?q=%D8%B9": "uk,co,example)/%d8%b9%d9%84?q=%d8%b9",
    "http://xn--mgbh0fb.xn--kgbechtv/a;b=1": "xn--kgbechtv,xn--mgbh0fb)/a;b=1",
    "http://example.com/a?": "com,example)/a",
    "http://example.com/a?b=&c&b=1": "com,example)/a?b=&b=1&c",
    "http://example.com//a//b": "com,example)/a/b",
    "http://example.com/a?PHPSESSID=1234567890abcdef1234567890abcdef&x=1": "com,example)/a?x=1",
    "http://example.com/a%20b%2Fc": "com,example)/a%20b/c",
    "http://example.com/?a=%2b": "com,example)/?a=+",
    "http://localhost:8123/": "localhost:8123)/",
    "urn:sha256:ABCdef": "urn:sha256:abcdef",
}


@pytest.mark.parametrize("url", KEYS)
def test_addresses_sort_as_web_archives_sort_them(url):
    assert surt(url) == KEYS[url]


def placed(kind, block, *headers):
    fixed = (("WARC-Target-URI", "https://news.example/x"), ("WARC-Date", "2026-11-22T07:21:08.123Z"))
    return Placed(member=Member(kind=kind, headers=(*fixed, *headers), block=block), offset=7, length=9)


def test_a_line_says_where_its_answer_lies():
    block = b"HTTP/1.1 404 Not Found\r\nContent-Type: Text/HTML; charset=x\r\n\r\n"
    assert entry(placed("response", block, ("WARC-Payload-Digest", "sha1:A")), "f.warc.gz") == (
        'example,news)/x 20261122072108 {"url": "https://news.example/x", "mime": "Text/HTML", "status": "404", '
        '"digest": "sha1:A", "length": "9", "offset": "7", "filename": "f.warc.gz"}'
    )


def test_a_local_document_has_no_status():
    line = entry(placed("resource", b"HTTP/1.1 200 OK", ("Content-Type", "text/plain")), "f")
    assert '"mime": "text/plain"' in line
    assert "status" not in line


def test_what_is_not_http_has_neither_status_nor_type():
    line = entry(placed("response", b"SSH-2.0\r\n"), "f")
    assert "status" not in line
    assert "mime" not in line


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=5), max_size=20))
def test_many_lines_are_sorted_as_few_are(lines):
    many = SortedLines(most=3)
    for line in lines:
        many.add(line)
    whole = "".join(f"{line}\n" for line in sorted(lines))
    assert [b"".join(many.pieces()).decode() for _ in range(2)] == [whole, whole]
