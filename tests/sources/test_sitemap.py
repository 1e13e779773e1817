"""Sitemaps at their limits."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Url
from crawler.sources import read_sitemap
from crawler.sources.sitemap import MOST_URLS, Located, located

URL = "https://site.example/sitemap.xml"


def urlset(*locations: str) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{loc}</loc></url>" for loc in locations) + "</urlset>").encode()


def test_addresses_behind_the_most_are_not_read() -> None:
    found = read_sitemap(urlset(*(f"https://site.example/{n}" for n in range(MOST_URLS + 5))), url=URL)
    assert (found.items, found.links[-1]) == (MOST_URLS, f"https://site.example/{MOST_URLS - 1}")


def test_a_packed_sitemap_is_read_whatever_its_name() -> None:
    assert read_sitemap(gzip.compress(urlset("https://site.example/1")), url=URL).links == ("https://site.example/1",)


def test_a_sitemap_leads_to_no_other_site() -> None:
    found = read_sitemap(urlset("https://news.site.example/1", "https://site.example.evil.example.org/2"), url=URL)
    assert found.links == ("https://news.site.example/1",)


def test_a_sitemap_is_kept_up_to_its_fault() -> None:
    found = read_sitemap(urlset("https://site.example/1") + b"<junk", url=URL)
    assert found.links == ("https://site.example/1",)


def test_a_location_that_never_ends_is_none() -> None:
    found = read_sitemap(urlset("https://site.example/" + "a" * 100_000, "https://site.example/2"), url=URL)
    assert found.links == ("https://site.example/2",)


def test_a_sitemap_nested_without_end_is_left() -> None:
    assert read_sitemap(b"<urlset>" + b"<url>" * 200_000, url=URL).found == "nothing"


def test_a_sitemap_in_windows_1256_is_read() -> None:
    data = b'<?xml version="1.0" encoding="windows-1256"?>' + urlset("https://site.example/خبر").decode().encode("cp1256")
    assert read_sitemap(data, url=URL).links == ("https://site.example/%D8%AE%D8%A8%D8%B1",)


@given(st.binary(max_size=300))
def test_whatever_bytes_come_something_is_said(data: bytes) -> None:
    assert read_sitemap(data, url=URL).found in ("sitemap", "nothing")


NEWS = """<url><loc>https://site.example/{n}</loc><lastmod>2026-11-22</lastmod><news:news><news:publication><news:name>جريدة</news:name>
<news:language>ar</news:language></news:publication><news:publication_date>2026-11-22T10:00:00+03:00</news:publication_date>
<news:title>{title}</news:title></news:news><image:image><image:loc>https://site.example/p.jpg</image:loc><image:title>no</image:title>
</image:image></url>"""


def news(*titles: str) -> bytes:
    rows = "".join(NEWS.format(n=n, title=title) for n, title in enumerate(titles))
    spaces = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="i"'
    return f"<urlset {spaces}>{rows}</urlset>".encode()


def test_s1_reading_stops_at_50_mb_and_keeps_what_was_read() -> None:
    chunks = (b"<urlset>", *[b"<url><loc>https://site.example/1</loc><junk>" + b"x" * (1 << 20) + b"</junk></url>"] * 60)
    rows = list(located(chunks, url=URL))
    assert 48 <= len(rows) <= 50


def test_s1_a_large_sitemap_takes_little_memory() -> None:
    rows = (b"<url><loc>https://site.example/%d</loc><x>%s</x></url>" % (n, b"y" * 300) for n in range(40_000))
    tracemalloc.start()
    count = sum(1 for _ in located(chain([b"<urlset>"], rows), url=URL))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000
    assert peak < 6_000_000


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, lambda data: gzip.compress(gzip.compress(data))])
def test_s2_gzip_is_told_by_its_first_bytes(pack: Callable[[bytes], bytes]) -> None:
    assert read_sitemap(pack(urlset("https://site.example/1")), url=f"{URL}.gz").links == ("https://site.example/1",)


def test_s2_members_of_gzip_in_a_row_and_a_cut_one_are_read() -> None:
    rows = [f"<url><loc>https://site.example/{n}</loc></url>" for n in range(20_000)]
    data = ("<urlset>" + "".join(rows)).encode()
    packed = gzip.compress(data[:500_000]) + gzip.compress(data[500_000:])
    assert read_sitemap(packed, url=URL).items == 20_000
    assert 5_000 < read_sitemap(packed[:-9_000], url=URL).items < 20_000


def test_s3_any_namespace_case_cdata_and_blanks_will_do() -> None:
    data = b"""\n <?xml version="1.0"?><sm:URLSET xmlns:sm="x"><sm:Url><sm:LOC> <![CDATA[https://site.example/?a=1&b=2]]>
    </sm:LOC></sm:Url></sm:URLSET>"""
    assert read_sitemap(data, url=URL).links == ("https://site.example/?a=1&b=2",)


def test_s3_entities_of_a_doctype_are_never_expanded() -> None:
    data = (
        b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://site.example/&x;</loc></url></urlset>'
    )
    assert "passwd" not in repr(read_sitemap(data, url=URL))


def test_s3_an_unclosed_row_counts() -> None:
    data = b"<urlset><url><loc>https://site.example/1</loc><url><loc>https://site.example/2</loc><lastmod>2026"
    assert read_sitemap(data, url=URL).links == ("https://site.example/1", "https://site.example/2")


def test_s3_stray_ampersands_and_controls_of_a_large_sitemap_are_mended_in_every_piece() -> None:
    rows = [f"https://site.example/{n}?a=1&b=\x02خبر" for n in range(20_000)]
    found = read_sitemap(urlset(*rows), url=URL)
    assert (found.items, found.links[-1]) == (20_000, "https://site.example/19999?a=1&b=%D8%AE%D8%A8%D8%B1")


def test_s3_a_large_sitemap_in_utf_16_or_windows_1256_is_read() -> None:
    rows = urlset(*(f"https://site.example/خبر/{n}" for n in range(15_000))).decode()
    for declared, codec in (("", "utf-16"), ('<?xml version="1.0" encoding="windows-1256"?>', "cp1256")):
        assert read_sitemap((declared + rows).encode(codec), url=URL).links[-1].endswith("%D8%AE%D8%A8%D8%B1/14999")


def test_s7_and_s9_what_the_news_extension_says_is_told_of_what_is_new() -> None:
    found = read_sitemap(news("جسر جديد", "中文"), url=URL, known={})
    assert [(entry.title, entry.published, entry.link) for entry in found.entries] == [
        ("جسر جديد", "2026-11-22T10:00:00+03:00", "https://site.example/0"),
        ("中文", "2026-11-22T10:00:00+03:00", "https://site.example/1"),
    ]
    known = {entry.key: entry.item_hash for entry in found.entries}
    again = read_sitemap(news("جسر جديد", "other", "third"), url=URL, known=known)
    assert [(entry.title, entry.changed) for entry in again.entries] == [("other", True), ("third", False)]
    assert found.links == ("https://site.example/0", "https://site.example/1")


def test_s9_each_row_says_what_was_written_of_it() -> None:
    assert list(located([news("A")], url=URL)) == [
        Located(
            url=Url("https://site.example/0"),
            lastmod="2026-11-22",
            published="2026-11-22T10:00:00+03:00",
            title="A",
            language="ar",
        )
    ]


def test_s7_children_say_when_they_changed() -> None:
    data = b"<sitemapindex><sitemap><loc>https://site.example/a.xml</loc><lastmod>2026-11-22</lastmod></sitemap></sitemapindex>"
    (row,) = located([data], url=URL)
    assert (row.child, row.lastmod) == (True, "2026-11-22")


@given(st.binary(max_size=2000), st.integers(1, 400))
def test_however_a_sitemap_is_cut_into_chunks_it_reads_the_same(junk: bytes, size: int) -> None:
    data = urlset("https://site.example/خبر", "https://site.example/2") + junk
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert list(located(chunks, url=URL)) == list(located([data], url=URL))


def test_s3_an_index_that_leaves_its_locs_out_is_read() -> None:
    rows = b"<sitemap>\nhttps://a.example/1.xml?a=1&amp;b=2\n</sitemap><sitemap><loc>https://a.example/2.xml</loc></sitemap>"
    found = read_sitemap(b"<sitemapindex>" + rows + b"<sitemap>nothing</sitemap></sitemapindex>", url="https://a.example/s.xml")
    assert found.sitemaps == ("https://a.example/1.xml?a=1&b=2", "https://a.example/2.xml")
