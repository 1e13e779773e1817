"""Addresses: what is fetched, what counts as the same, and the names things get."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import urls
from crawler.model import Url
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
            ("http://example.com/\ud83d", "http://example.com/%EF%BF%BD"),
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


def words(text):
    return text.split()


WAYS = words("""
utm_source=x utm_id=7 UTM_Campaign=y utm%5Fmedium=z amp;utm_term=t gclid=1 gad_source=1 _ga=2.1 fbclid=a fb_source=feed mc_eid=9
mtm_campaign=a pk_kwd=b yclid=3 _openstat=x at_medium=RSS xtor=RSS-1 s_cid=a ref_src=twsrc igsh=x wt_mc=rss wt.mc_id=1 spm=a2.b
cmpid=rss ns_mchannel=rss PHPSESSID=abc sid=0123456789abcdef0123456789abcdef session_id=ABCDEFGHIJ0123456789abcdef
""")

# What may name an article; a list that matches by parts of words (`session`, `source`, `ref`, `cl?id`) would merge them.
NAMES = words("""
id=1 cid=12 p=3 page=2 ref=1 session=spring utm=1 sid=12 sid=26/11/22/1 s=storm source=reuters clid=4 uid=5 keyword=gas
from=2026 share=12 amp=1 at=3 at_id=5 pk=88 pk_id=9 ns=Talk ga=accra token=7 nid=5 aid=6 article_id=1 newsid=7 cmp=1
icid=1 ncid=2 mbid=3 spmid=1 t=1 v=abc epikos=1 sid=0123456789abcdef sessid=7 ref_id=3 fb=1
medium=oil campaign=2026 content=5 xt=1 الرقم=5
""")


class TestDedupeKey:
    def test_what_tells_only_where_a_reader_came_from_is_left_out(self):
        assert urls.dedupe_key(parse("https://e.com/a?utm_source=x&id=7&fbclid=y")) == "https://e.com/a?id=7"
        assert urls.dedupe_key(parse("https://e.com/a;jsessionid=1F?PHPSESSID=2")) == "https://e.com/a"

    def test_the_order_of_parameters_does_not_matter(self):
        assert urls.dedupe_key(parse("https://e.com/?b=2&a=1")) == urls.dedupe_key(parse("https://e.com/?a=1&b=2"))

    @pytest.mark.parametrize("pair", WAYS)
    def test_a_way_here_or_a_session_is_left_out(self, pair):
        assert urls.dedupe_key(parse(f"https://e.com/a?{pair}")) == "https://e.com/a"
        assert urls.dedupe_key(parse(f"https://e.com/a?z=1&{pair}&b=2")) == "https://e.com/a?b=2&z=1"

    @pytest.mark.parametrize("path", ["/a/b;jsessionid=1F", "/a;jsessionid=1F.node/b", "/(S(lit3py55t21z5v55vlm25s55))/a/b"])
    def test_a_session_in_the_path_is_left_out(self, path):
        assert urls.dedupe_key(parse(f"https://e.com{path}")) == "https://e.com/a/b"

    def test_two_sessions_in_a_path_are_left_out_at_once(self):
        path = "/a/(S(lit3py55t21z5v55vlm25s55));jsessionid=1/b"
        assert urls.dedupe_key(parse(f"https://e.com{path}")) == "https://e.com/a/b"

    @pytest.mark.parametrize("host", [";jsessionid=1", "(s(lit3py55t21z5v55vlm25s55))", "a;jsessionid=1.example"])
    def test_a_host_that_looks_like_a_session_is_kept(self, host):
        assert urls.dedupe_key(parse(f"https://{host}/a?b")) == f"https://{host}/a?b"

    @pytest.mark.parametrize("path", ["/a;b", "/(s)/a", "/(S(short))/a", "/wiki/X_(S)", "/a;v=1"])
    def test_a_path_that_only_looks_so_is_kept(self, path):
        assert urls.dedupe_key(parse(f"https://e.com{path}")) == f"https://e.com{path}"

    @pytest.mark.parametrize("query", NAMES)
    def test_what_may_be_another_page_is_kept(self, query):
        url = parse(f"https://e.com/a?{query}")
        assert urls.dedupe_key(url) == url

    @settings(deadline=None)
    @given(st.lists(st.sampled_from(["a=1", "a=2", "b", "utm_medium=z", "", "gclid=q"]), max_size=6))
    def test_the_key_of_a_key_is_itself(self, pairs):
        key = urls.dedupe_key(parse("https://e.com/a?" + "&".join(pairs)))
        assert urls.dedupe_key(parse(key)) == key


class TestCanonical:
    PAGE = parse("https://www.paper.co.uk/news/1?utm_source=x")

    @pytest.mark.parametrize(
        ("canonical", "trusted"),
        [
            ("https://www.paper.co.uk/news/1", "https://www.paper.co.uk/news/1"),
            ("/news/1#top", "https://www.paper.co.uk/news/1"),
            ("//m.paper.co.uk/n/1", "https://m.paper.co.uk/n/1"),
            ("http://paper.co.uk/?p=1", "http://paper.co.uk/?p=1"),
            ("https://paper.co.uk/خبر", "https://paper.co.uk/%D8%AE%D8%A8%D8%B1"),
            ("/ar/1", "https://www.paper.co.uk/ar/1"),
        ],
    )
    def test_another_page_of_the_site_is_believed(self, canonical, trusted):
        assert urls.trusted_canonical(self.PAGE, canonical) == trusted

    @pytest.mark.parametrize(
        "canonical",
        [None, "", "https://other.co.uk/news/1", "https://co.uk/1", "https://paper.com/1", "/", "https://paper.co.uk",
         "/index.html",
         "/default.aspx", "/en", "/ar/", "/pt-br/", "javascript:void(0)", "http://", "https://[::1]/news/1", "x" * 20_000],
    )  # fmt: skip
    def test_another_sites_and_a_home_page_are_not(self, canonical):
        assert urls.trusted_canonical(self.PAGE, canonical) is None

    def test_a_document_of_ours_has_none(self):
        assert urls.trusted_canonical(Url("urn:sha256:00"), "https://paper.co.uk/1") is None


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
