"""Sitemaps at their limits."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import read_sitemap
from crawler.sources.sitemap import MOST_URLS

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
