"""What a correct reader of feeds does, statement by statement: documents (E), entries (F), dates (G), extensions (H)."""

from __future__ import annotations

import gzip

import msgspec
import pytest

from crawler.model import Discovery, Entry
from crawler.sources import read_feed

URL = "https://paper.example/rss/feed.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
Known = dict[str, str]


def rss(*items: str, head: str = "", root: str = "") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"{root}><channel><title>Paper</title>{head}{body}</channel></rss>'


def read(document: str | bytes, known: Known | None = None, content_type: str | None = None, url: str = URL) -> Discovery:
    data = document.encode() if isinstance(document, str) else document
    return read_feed(data, url=url, content_type=content_type, known=known or {})


def one(document: str | bytes, url: str = URL) -> Entry:
    (entry,) = read(document, url=url).entries
    return entry


def after(found: Discovery) -> Known:
    return {entry.key: entry.item_hash for entry in found.entries}


def titles(document: str | bytes, known: Known | None = None) -> list[str | None]:
    return [entry.title for entry in read(document, known).entries]


def test_e1_bom_then_utf8_then_declaration_then_header() -> None:
    declared = '<?xml version="1.0" encoding="windows-1256"?>' + rss("<title>خبر</title>")
    assert (
        titles(b"\xef\xbb\xbf" + declared.encode()) == titles(declared.encode()) == titles(declared.encode("cp1256")) == ["خبر"]
    )
    headed = read(rss("<title>خبر</title>").encode("cp1256"), content_type="text/xml; charset=windows-1256")
    assert headed.entries[0].title == "خبر"


@pytest.mark.parametrize(
    "document",
    [
        "\n <!-- warning --> \ufeff" + rss("<title>A&B</title>"),
        rss("<title>A&B</title>").replace("<rss", "\0<rss"),
        rss("<title>A\x08&amp;B</title>"),
        rss("<title>A&B</title>").removesuffix("</channel></rss>"),
        rss("<title>A&B</title>") + "<script>1 < 2</script>",
        rss("<title>A&B</title>", "<title>&nbsp;&unknown;").removesuffix("</item></channel></rss>"),
    ],
)
def test_e2_entries_up_to_a_fault_are_kept(document: str) -> None:
    assert titles(document)[0] == "A&B"


def test_e3_a_page_instead_of_a_feed_is_said_and_its_feeds_are_told() -> None:
    found = read('<!doctype html><html><link rel="alternate" type="application/rss+xml" href="/feed"></html>')
    assert (found.found, found.entries, found.feeds) == ("nothing", (), ("https://paper.example/feed",))


def test_e4_no_entity_of_a_document_is_ever_expanded() -> None:
    document = '<!DOCTYPE r [<!ENTITY x "boom"><!ENTITY f SYSTEM "file:///etc/passwd">]>' + rss("<title>a&x;&f;</title>")
    assert titles(document) == ["a&x;&f;"]


def test_e5_depth_and_items_have_a_limit() -> None:
    assert read(rss("<b>" * 100_000, "<title>x</title>")).found in ("feed", "nothing")
    assert read('{"version":"https://jsonfeed.org/version/1","items":[' + ",".join(["{}"] * 20_010) + "]}").items == 20_000


def test_e6_a_stylesheet_and_gzip_once_or_twice_change_nothing() -> None:
    document = '<?xml version="1.0"?><?xml-stylesheet href="a.xsl" type="text/xsl"?>' + rss("<title>x</title>")
    packed = gzip.compress(document.encode())
    assert titles(document) == titles(packed) == titles(gzip.compress(packed)) == ["x"]


def test_e7_a_json_feed_is_known_by_its_content() -> None:
    for version in ("1", "1.1"):
        document = {"version": f"https://jsonfeed.org/version/{version}", "items": [{"id": 7, "title": "x"}]}
        assert read(msgspec.json.encode(document), content_type="text/html").entries[0].guid == "7"


@pytest.mark.parametrize("data", [b"", b"\0", b"<", b"<rss", b"{", b"\x1f\x8b", b"<rss>\xff\xfe</rss>", b"<feed><entry/>" * 99])
def test_e8_whatever_comes_something_is_said(data: bytes) -> None:
    assert read(data).found in ("feed", "nothing")


def test_f1_guid_before_about_before_link_before_a_hash() -> None:
    assert one(rss("<guid>g</guid><link>/l</link>")).key == "g"
    assert one(rss("<guid> </guid><link>/l</link>")).key == "https://paper.example/l"
    assert one(rss("<title>t</title>")).key.startswith("hash:")
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>{}</rdf:RDF>'
    assert one(rdf.format('<item rdf:about="urn:a"><link>/l</link></item>')).key == "urn:a"
    assert one('{"version":"https://jsonfeed.org/version/1","items":[{"id":"j","url":"/l"}]}').key == "j"


def test_f2_a_guid_claimed_twice_is_told_apart_by_links_then_by_number() -> None:
    twice = read(rss("<guid>g</guid><link>/1</link>", "<guid>g</guid><link>/2</link>"))
    assert [entry.key for entry in twice.entries] == ["g\nhttps://paper.example/1", "g\nhttps://paper.example/2"]
    linkless = read(
        rss("<guid isPermaLink='false'>g</guid><title>1</title>", "<guid isPermaLink='false'>g</guid><title>2</title>")
    )
    assert [entry.key for entry in linkless.entries] == ["g", "g\n2"]


def test_f3_a_move_to_https_or_from_www_brings_no_new_entry() -> None:
    old = rss("<guid>http://www.paper.example/1</guid><title>x</title>")
    known = after(read(old))
    assert read(old.replace("http://www.", "https://"), known).entries == ()
    changed = read(old.replace("http://www.", "https://").replace(">x<", ">y<"), known).entries
    assert [(entry.key, entry.changed) for entry in changed] == [("http://www.paper.example/1", True)]


def test_f3_two_items_that_differ_in_the_scheme_alone_stay_two() -> None:
    both = rss("<guid>http://p.example/1</guid><title>x</title>", "<guid>https://p.example/1</guid><title>y</title>")
    assert len(read(both).entries) == 2
    assert titles(both, after(read(rss("<guid>http://p.example/1</guid><title>x</title>")))) == ["y"]


def test_f4_the_same_page_in_two_feeds_is_one_address() -> None:
    addresses = {one(rss(f"<guid>{n}</guid><link>HTTPS://paper.example:443/a/../1</link>")).link for n in "ab"}
    assert addresses == {"https://paper.example/1"}


def test_f5_what_changes_is_a_version_and_dates_alone_are_none() -> None:
    item = "<guid>g</guid><title>{}</title><pubDate>{}</pubDate>"
    known = after(read(rss(item.format("x", "Fri, 20 Nov 2026 08:30:00 GMT"))))
    assert read(rss(item.format("x", "Sat, 21 Nov 2026 08:30:00 GMT")), known).entries == ()
    assert [entry.changed for entry in read(rss(item.format("y", "")), known).entries] == [True]


def test_f6_an_item_that_left_the_window_is_no_news_when_it_comes_back() -> None:
    known = after(read(rss("<guid>1</guid>", "<guid>2</guid>")))
    known |= after(read(rss("<guid>2</guid>"), known))
    assert read(rss("<guid>1</guid>", "<guid>2</guid>"), known).entries == ()


def test_f6_a_tombstone_marks_what_the_feed_took_away() -> None:
    dead = "<at:deleted-entry ref='tag:a&amp;b' when='2026-11-22T07:00:00Z'/>" * 2
    atom = (
        f'<feed {ATOM} xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>x</title>{dead}<entry><id>i</id></entry></feed>'
    )
    assert (read(atom).removed, read(atom).items) == (("tag:a&b",), 1)
    assert read(rss("<guid>1</guid>")).removed == ()


def test_h1_what_is_missing_in_a_complete_feed_was_taken_away() -> None:
    known = after(read(rss("<guid>1</guid>", "<guid>2</guid>")))
    whole = rss("<guid>2</guid>").replace(
        "<channel>", "<channel><fh:complete xmlns:fh='http://purl.org/syndication/history/1.0'/>"
    )
    assert read(whole, known).removed == ("1",)
    assert read(rss("<guid>2</guid>"), known).removed == (), "another feed only shows its newest"
    assert read(whole.replace("</channel></rss>", "<item><tit"), known).removed == (), "nor is a cut one complete"


def test_f7_links_are_relative_to_the_nested_base_then_to_the_last_address() -> None:
    based = f'<feed {ATOM} xml:base="https://a.example/x/"><entry xml:base="y/"><id>i</id><link href="z"/></entry></feed>'
    assert one(based).link == "https://a.example/x/y/z"
    assert one(rss("<guid>g</guid><link>z</link>"), url="https://b.example/d/feed").link == "https://b.example/d/z"
    inner = one(rss("<guid isPermaLink='false'>g</guid><description><![CDATA[<p>See <a href='../n'>that</a>.]]></description>"))
    assert inner.article is not None
    assert inner.article.links == ("https://paper.example/n",)


def test_f8_what_feedburner_hides_is_preferred() -> None:
    burned = rss(
        "<guid>g</guid><link>https://proxy.example/1</link><feedburner:origLink>https://paper.example/1</feedburner:origLink>",
        root=' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
    )
    assert one(burned).link == "https://paper.example/1"


def test_f9_files_are_kept_with_their_type_and_length() -> None:
    document = rss(
        '<guid>g</guid><enclosure url="/a.mp3" type="audio/mpeg" length="123"/>'
        '<media:content url="/b.mp4" type="video/mp4" fileSize="9"/><media:thumbnail url="/c.jpg"/>',
        root=' xmlns:media="http://search.yahoo.com/mrss/"',
    )
    files = [(file.url.rpartition("/")[2], file.type, file.length) for file in one(document).enclosures]
    assert files == [("a.mp3", "audio/mpeg", 123), ("b.mp4", "video/mp4", 9), ("c.jpg", None, None)]
    attached = {"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 123}
    json = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "attachments": [attached]}]}
    (file,) = one(msgspec.json.encode(json)).enclosures
    assert (file.url, file.type, file.length) == ("https://paper.example/a.mp3", "audio/mpeg", 123)


def test_f10_entries_without_link_and_guid_are_kept_each_once() -> None:
    items = [f"<title>{n}</title><description>text {n}</description>" for n in range(1_046)]
    found = read(rss(*items))
    assert len({entry.key for entry in found.entries}) == 1_046
    assert read(rss(*items), after(found)).entries == ()
    assert all(entry.article is not None and entry.article.text for entry in found.entries)


def test_f11_the_entries_of_a_first_poll_are_its_past_not_news() -> None:
    first = read(rss("<guid>1</guid>"))
    then = read(rss("<guid>2</guid>", "<guid>1</guid>"), after(first))
    assert ([entry.backfill for entry in first.entries], [entry.backfill for entry in then.entries]) == ([True], [False])


def test_f12_a_feed_that_moved_brings_no_entry_anew() -> None:
    document = rss("<guid>1</guid><link>https://paper.example/1</link>")
    assert read(document, after(read(document)), url="https://elsewhere.example/feed").entries == ()


def test_g1_an_absent_date_is_absent() -> None:
    assert (one(rss("<guid>1</guid>")).published, one(rss("<guid>1</guid>")).published_raw) == (None, None)


@pytest.mark.parametrize("raw", ["Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "0001-01-01T00:00:00Z", "soon"])
def test_g3_a_zero_is_no_date_and_what_was_written_is_kept(raw: str) -> None:
    entry = one(rss(f"<guid>1</guid><pubDate>{raw}</pubDate>"))
    assert (entry.published, entry.published_raw) == (None, raw)


def test_g4_a_zone_nobody_knows_is_left_out() -> None:
    assert one(rss("<guid>1</guid><pubDate>Fri, 20 Nov 2026 08:30:00 XYZ</pubDate>")).published == "2026-11-20T08:30:00"


def test_g5_months_and_digits_of_other_languages_are_read() -> None:
    assert one(rss("<guid>1</guid><pubDate>٢٠ كانون الأول ٢٠٢٢</pubDate>")).published == "2022-12-20"
    assert one(rss("<guid>1</guid><pubDate>2022년 12월 20일</pubDate>")).published == "2022-12-20"


def test_g6_a_missing_year_or_day_is_never_filled_in() -> None:
    for raw in ("20 Nov", "Nov 2026", "08:30", "yesterday"):
        assert one(rss(f"<guid>1</guid><pubDate>{raw}</pubDate>")).published is None


def test_h1_an_archived_page_of_a_feed_is_read_like_any() -> None:
    paged = f'<feed {ATOM} xmlns:fh="http://purl.org/syndication/history/1.0"><fh:archive/><link rel="prev-archive" href="/1"/>'
    found = read(f"{paged}<entry><id>i</id></entry></feed>")
    assert (found.items, found.archive) == (1, "https://paper.example/1")


def test_h4_podcasts_keep_title_writer_and_sound() -> None:
    document = rss(
        '<itunes:author>ليلى</itunes:author><title>حلقة</title><enclosure url="/1.mp3" type="audio/mpeg" length="5"/>',
        root=' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
    )
    entry = one(document)
    assert entry.article is not None
    assert (entry.title, entry.article.authors, len(entry.enclosures)) == ("حلقة", ("ليلى",), 1)
