"""Addresses: what is fetched, what counts as the same, and the names things get."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import urls
from crawler.urls import UrlError, parse


class TestParse:
    @pytest.mark.parametrize(
        ("text", "href"),
        [
            ("HTTP://Example.COM:80/a/../b", "http://example.com/b"),
            (" https://user:pw@example.com/#top ", "https://example.com/"),
            ("https://مثال.إختبار/خبر", "https://xn--mgbh0fb.xn--kgbechtv/%D8%AE%D8%A8%D8%B1"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("http://[::FFFF:1.2.3.4]/", "http://[::ffff:102:304]/"),
            ("http:\\\\example.com\\a", "http://example.com/a"),
        ],
    )
    def test_an_address_becomes_what_browsers_make_of_it(self, text, href):
        assert parse(text) == href

    def test_a_relative_address_is_resolved(self):
        assert parse("../b?c#d", "https://example.com/x/y/z") == "https://example.com/x/b?c"
        assert parse("//cdn.example/x", "https://example.com/") == "https://cdn.example/x"

    @pytest.mark.parametrize(
        "text",
        ["", "news", "http://", "http://a b/", "http://1.2.3.4.5/", "http://[::1", "http://a:99999/", "ftp://a/", "file:///etc/passwd",
         "javascript:alert(1)", "data:text/html,x", "http://a/" + "x" * 17_000],
    )  # fmt: skip
    def test_what_cannot_be_fetched_is_an_error_with_the_address(self, text):
        with pytest.raises(UrlError) as error:
            parse(text)
        assert "\n" not in str(error.value)
        assert len(str(error.value)) < 400

    @settings(deadline=None)
    @given(st.text(max_size=60))
    def test_an_address_once_parsed_stays_as_it_is(self, text):
        try:
            url = parse(f"http://example.com/{text}")
        except UrlError:
            return
        assert parse(url) == url
        assert urls.host(url) == "example.com"


class TestParts:
    def test_the_politeness_key_has_the_port_where_it_is_not_the_default(self):
        assert urls.host("https://example.com/a") == urls.host("http://example.com:80/") == "example.com"
        assert urls.host("http://example.com:8080/") == "example.com:8080"
        assert urls.host("https://[2001:db8::1]:444/") == "[2001:db8::1]:444"
        assert urls.host("urn:sha256:00") == "urn"

    def test_origin_hostname_path_and_scheme(self):
        url = "https://example.com:444/a/b?c=d"
        assert urls.origin(url) == "https://example.com:444"
        assert (urls.hostname(url), urls.path(url), urls.scheme(url)) == ("example.com", "/a/b?c=d", "https")
        assert [urls.port(text) for text in (url, "https://a/", "http://a/")] == [444, 443, 80]

    def test_one_site_is_one_registrable_domain(self):
        assert urls.same_site("https://www.example.co.uk/", "http://m.example.co.uk/x")
        assert not urls.same_site("https://a.co.uk/", "https://b.co.uk/")
        assert not urls.same_site("https://a.github.io/", "https://b.github.io/")
        assert not urls.same_site("http://127.0.0.1/", "http://126.0.0.1/")
        assert urls.same_site("http://[::1]:1/", "http://[::1]:2/")


class TestDedupeKey:
    def test_what_tells_only_where_a_reader_came_from_is_left_out(self):
        assert urls.dedupe_key(parse("https://e.com/a?utm_source=x&id=7&fbclid=y")) == "https://e.com/a?id=7"
        assert urls.dedupe_key(parse("https://e.com/a;jsessionid=1F?PHPSESSID=2")) == "https://e.com/a"

    def test_the_order_of_parameters_does_not_matter(self):
        assert urls.dedupe_key(parse("https://e.com/?b=2&a=1")) == urls.dedupe_key(parse("https://e.com/?a=1&b=2"))

    @pytest.mark.parametrize("query", ["id=1", "cid=12", "p=3", "page=2", "ref=1", "session=spring", "utm=1"])
    def test_what_may_be_another_page_is_kept(self, query):
        assert urls.dedupe_key(parse(f"https://e.com/a?{query}")) == f"https://e.com/a?{query}"

    @settings(deadline=None)
    @given(st.lists(st.sampled_from(["a=1", "a=2", "b", "utm_medium=z", "", "gclid=q"]), max_size=6))
    def test_the_key_of_a_key_is_itself(self, pairs):
        key = urls.dedupe_key(parse("https://e.com/a?" + "&".join(pairs)))
        assert urls.dedupe_key(parse(key)) == key


class TestNames:
    def test_a_hash_is_64_signed_bits_and_never_changes(self):
        # Stored hashes can't be migrated: these three are a promise to every store there is.
        assert urls.host_id("example.com") == 1424565772579972710
        assert urls.url_hash(parse("https://example.com/a?utm_source=x")) == -987803534012979804
        assert urls.source_id(parse("https://example.com/feed")) == "xtgzvmw3i3kg54mw"

    def test_an_article_is_named_after_its_page_or_its_feed_and_entry(self):
        page = parse("https://e.com/1")
        assert urls.article_id(page) == urls.article_id(parse("https://e.com/1?utm_source=feed"))
        assert urls.entry_article_id(page, "a") != urls.entry_article_id(page, "b")
        assert urls.article_id(page) != urls.entry_article_id(page, "")
