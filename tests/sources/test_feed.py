"""What counts as news in a feed."""

from __future__ import annotations

import gzip

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Discovery, Picture
from crawler.sources import read_feed
from crawler.sources.fields import MOST_TAGS

URL = "https://paper.example/feed.xml"


def rss(*items: str, head: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>Paper</title>{head}{body}</channel></rss>'.encode()


def read(data: bytes, known: dict[str, str] | None = None, content_type: str | None = None) -> Discovery:
    return read_feed(data, url=URL, content_type=content_type, known=known or {})


def known_after(found: Discovery) -> dict[str, str]:
    return {entry.key: entry.item_hash for entry in found.entries}


ONE = "<guid>https://paper.example/1</guid><title>الأول</title><description>نص</description>"
TWO = "<guid>https://paper.example/2</guid><title>الثاني</title>"


def test_items_we_know_are_counted_and_left_out() -> None:
    found = read(rss(ONE, TWO), known_after(read(rss(ONE))))
    assert [entry.title for entry in found.entries] == ["الثاني"]
    assert found.items == 2


def test_an_edited_item_is_there_again_and_marked_as_changed() -> None:
    found = read(rss(ONE.replace("نص", "نص معدل"), TWO), known_after(read(rss(ONE, TWO))))
    assert [(entry.title, entry.changed) for entry in found.entries] == [("الأول", True)]


def test_a_date_alone_is_no_change() -> None:
    dated = ONE + "<pubDate>Fri, 20 Nov 2026 08:30:00 GMT</pubDate>"
    assert read(rss(dated.replace("08:30", "09:30")), known_after(read(rss(dated)))).entries == ()


def test_a_tracking_parameter_alone_is_no_change() -> None:
    item = "<guid>1</guid><link>https://paper.example/1?utm_source={}</link>"
    assert read(rss(item.format("b")), known_after(read(rss(item.format("a"))))).entries == ()


def test_another_enclosure_is_a_change() -> None:
    item = '<guid>1</guid><enclosure url="https://paper.example/{}.mp3" type="audio/mpeg" length="1"/>'
    found = read(rss(item.format("b")), known_after(read(rss(item.format("a")))))
    assert [entry.changed for entry in found.entries] == [True]


def test_a_guid_that_is_claimed_twice_from_now_on_leaves_the_item_we_know_alone() -> None:
    first = "<guid>g</guid><title>One</title><link>https://paper.example/1</link>"
    second = "<guid>g</guid><title>Two</title><link>https://paper.example/2</link>"
    found = read(rss(second, first), known_after(read(rss(first))))
    assert [entry.title for entry in found.entries] == ["Two"]


def test_an_item_that_is_spoken_of_in_a_comment_is_no_end() -> None:
    assert read(rss(ONE).replace(b"</channel>", b"<!-- 9 <item> elements more --></channel>")).items == 1


def test_an_item_that_says_nothing_is_an_entry_all_the_same() -> None:
    assert len(read(rss("", "<pubDate>Fri, 20 Nov 2026 08:30:00 GMT</pubDate>", "<category>x</category>")).entries) >= 2


def test_a_path_in_the_place_of_an_atom_id_is_made_whole() -> None:
    data = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>/news/1</id></entry></feed>'
    assert read(data).entries[0].guid == "https://paper.example/news/1"


def test_a_link_behind_a_guid_that_is_none_is_the_link() -> None:
    (entry,) = read(rss("<guid>17</guid><link>/news/17</link>")).entries
    assert (entry.guid, entry.link) == ("17", "https://paper.example/news/17")


def test_a_link_that_says_the_same_as_the_id_above_it_is_a_link() -> None:
    entry = "<id>https://p.example/1</id>{}<content>whole text</content>"
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">' + "".join(
        f"<entry>{entry.format(link)}</entry>" for link in ('<link href="https://p.example/1"/>', "")
    )
    assert [one.link for one in read(f"{feed}</feed>".encode()).entries] == ["https://p.example/1", None]


def test_a_guid_is_kept_as_it_was_written() -> None:
    assert [entry.guid for entry in read(rss("<guid>  12/34 </guid>", "<guid>/news/1</guid>")).entries] == ["12/34", "/news/1"]


def test_the_header_does_not_beat_the_declaration() -> None:
    data = b'<?xml version="1.0" encoding="windows-1256"?>' + rss("<title>خبر</title>").decode().encode("cp1256")
    assert read(data, content_type="application/rss+xml; charset=iso-8859-1").entries[0].title == "خبر"


def test_a_feed_in_utf16_is_read() -> None:
    data = ('<?xml version="1.0" encoding="utf-16"?>' + rss(ONE).decode()).encode("utf-16")
    assert read(data).entries[0].title == "الأول"


def test_a_feed_packed_twice_is_read() -> None:
    assert read(gzip.compress(gzip.compress(rss(ONE)))).items == 1


def test_the_publisher_s_wishes_are_told() -> None:
    skipped = "<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Friday</day></skipDays>"
    told = read(rss(head=f"<ttl>60</ttl>{skipped}")).hints
    assert (told.least, told.skip_hours, told.skip_days) == (3_600, (0, 23), (4,))


def test_wishes_that_are_no_positive_numbers_say_nothing() -> None:
    for ttl in ("0", "-5", "soon", "", "1e9", "9" * 400):
        assert read(rss(head=f"<ttl>{ttl}</ttl>")).hints is None


def test_an_update_period_without_frequency_means_once() -> None:
    data = rss(head="<sy:updatePeriod>hourly</sy:updatePeriod>").replace(
        b"<rss ", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    )
    assert read(data).hints.least == 3_600


def test_an_atom_entry_that_was_only_updated_has_no_date_of_publication() -> None:
    data = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><updated>2026-11-20T06:00:00Z</updated></entry></feed>'
    assert read(data).entries[0].published is None


def test_a_link_of_another_scheme_is_no_link() -> None:
    found = read(rss("<link>javascript:alert(1)</link><title>Bad</title>", "<link>https://[::1</link><title>Broken</title>"))
    assert [entry.link for entry in found.entries] == [None, None]


def test_a_thousand_items_with_one_guid_are_a_thousand_entries() -> None:
    found = read(rss(*(f"<guid>g</guid><title>{n}</title>" for n in range(1_000))))
    assert len({entry.key for entry in found.entries}) == 1_000


def test_an_author_of_any_length_is_read_in_no_time() -> None:
    found = read(
        rss(f"<title>x</title><author>{'a' * 300_000}@</author>", "<author>desk@p.example (ليلى مراد)</author><title>y</title>")
    )
    assert [entry.article.authors for entry in found.entries if entry.article] == [(), ("ليلى مراد",)]


def test_items_behind_the_most_are_not_read() -> None:
    items = ",".join(f'{{"id":"{n}"}}' for n in range(20_010))
    assert read(f'{{"version":"https://jsonfeed.org/version/1","items":[{items}]}}'.encode()).items == 20_000


def test_json_that_is_broken_or_no_feed_says_so() -> None:
    broken = read(b'{"version": "https://jsonfeed.org/version/1", "items": [')
    assert (broken.found, (broken.note or "")[:22]) == ("nothing", "the JSON can't be read")
    assert read(b'{"items": "none"}').note == "this JSON is no feed"
    assert read(b'{"items":' + b"[" * 100_000).found == "nothing"


def test_a_character_that_does_not_exist_spoils_no_feed() -> None:
    found = read(rss("<title>a&#99999999999;b&#xD800;c&#0;d&#1587;</title>"))
    assert found.entries[0].title == "a\ufffdb\ufffdc\ufffddس"


def test_items_before_a_fault_no_reader_survives_are_kept() -> None:
    found = read(rss(ONE).removesuffix(b"</channel></rss>") + b"<author><?xml<![CDATA[<link>&#99999999999;")
    assert (found.note or "").startswith("read up to a fault")
    assert [entry.title for entry in found.entries] == ["الأول"]


@given(st.binary(max_size=400))
def test_whatever_bytes_come_something_is_said(data: bytes) -> None:
    assert read(data).found in ("feed", "nothing")


PIECES = """
<item> </item> <guid> </guid> <title> </title> <link> </link> <![CDATA[ ]]> &amp; & <!ENTITY &x; &#0; &#xffffffff; <!-- -->
<?xml
&#99999999999; ?> خبر \ufffe <content|type='xhtml'> <content|type='a/x'> </content> <entry> </entry> <feed> <svg> <![if|x]>
<link|rel='alternate'|href='//['/> <a|xml:base='http://['> <author> </author> a@b.example <category > | <summary> </summary>
"""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=40))
def test_whatever_a_feed_is_made_of_it_is_read_and_known_the_second_time(pieces: list[str]) -> None:
    data = ('<rss version="2.0"><channel>' + "".join(pieces).replace("|", " ")).encode()
    found = read(data)
    assert read(data, known_after(found)).entries == ()


@given(st.lists(st.tuples(st.sampled_from("ab "), st.sampled_from("xy"), st.text("كتب", max_size=2)), max_size=8))
def test_keys_of_one_document_are_unique_and_nothing_that_differs_is_lost(items: list[tuple[str, str, str]]) -> None:
    found = read(
        rss(*(f"<guid>{g}</guid><link>https://p.example/{link}</link><title>{title}</title>" for g, link, title in items))
    )
    keys = [entry.key for entry in found.entries]
    assert len(keys) == len(set(keys)) == len({(g.strip() or link, link, title) for g, link, title in items})


def test_an_entry_without_a_page_keeps_how_its_text_is_set() -> None:
    html = "<h2>Closed</h2><p>The <a href='/a'>bridge</a> is closed.</p><ul><li>cars<li>carts</ul><img src=/b.jpg alt=Bridge>"
    feed = msgspec.json.encode({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": html}]})
    (entry,) = read_feed(feed, url="https://mina.example/feed.json", content_type="application/json", known={}).entries
    article = entry.article
    assert article is not None
    assert (article.text, article.layout) == ("Closed\nThe bridge is closed.\ncars\ncarts", "h2 p li*2")
    assert (article.links, article.anchors) == (("https://mina.example/a",), ((11, 6, 0),))
    assert article.images == (Picture(line=4, src="https://mina.example/b.jpg", alt="Bridge"),)


def test_an_item_has_so_many_categories_at_most() -> None:
    found = read(
        rss(f"<title>x</title><description>y</description>{''.join(f'<category>c{n}</category>' for n in range(2_000))}")
    )
    assert found.entries[0].article is not None
    assert found.entries[0].article.tags == tuple(f"c{n}" for n in range(MOST_TAGS))
