"""A feed we know, but for some items: only these are parsed, and what comes out is what the whole would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Discovery
from crawler.sources import read_feed
from crawler.sources.delta import is_strict, pieces, without
from crawler.sources.items import HASH_DIGITS
from crawler.sources.xmlfeed import read_xml

URL = "https://paper.example/feed.xml"
Known = dict[str, str]


def rss(*items: str, head: str = "<title>Paper</title>", root: str = "") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"{root}><channel>{head}{body}</channel></rss>'


def item(number: int, text: str = "نص") -> str:
    return f"<guid>{number}</guid><link>/{number}</link><title>T{number}</title><description>{text}</description>"


def read(document: str, known: Known | None = None, url: str = URL) -> Discovery:
    return read_feed(document.encode(), url=url, content_type=None, known=known or {})


def after(found: Discovery) -> Known:
    return {entry.key: entry.item_hash for entry in found.entries}


def unmarked(known: Known) -> Known:
    return {key: said[:HASH_DIGITS] for key, said in known.items()}


def parsed(document: str, known: Known) -> int:
    """How many items went through the parser."""
    return len(read_xml(document.encode(), url=URL, content_type=None, known=known).items)


def test_only_a_new_item_is_parsed_and_all_are_counted() -> None:
    known = after(read(rss(item(1), item(2))))
    document = rss(item(3), item(1), item(2), head="<title>Paper</title><lastBuildDate>now</lastBuildDate>")
    found = read(document, known)
    assert ([entry.key for entry in found.entries], found.items, found.title) == (["3"], 3, "Paper")
    assert parsed(document, known) == 1


def test_a_feed_whose_items_are_all_known_is_still_a_feed() -> None:
    found = read(rss(item(1)), after(read(rss(item(1)))))
    assert (found.found, found.entries, found.items, found.note) == ("feed", (), 1, None)


def test_a_changed_item_is_parsed_again() -> None:
    known = after(read(rss(item(1), item(2))))
    found = read(rss(item(1, "نص آخر"), item(2)), known)
    assert [(entry.key, entry.changed) for entry in found.entries] == [("1", True)]


def test_an_item_that_goes_back_to_what_it_said_has_changed_again() -> None:
    known = after(read(rss(item(1))))
    known |= after(read(rss(item(1, "b")), known))
    assert [entry.changed for entry in read(rss(item(1)), known).entries] == [True]


def test_another_base_or_address_of_the_document_is_seen_in_every_item() -> None:
    known = after(read(rss(item(1), item(2))))
    based = rss(item(1), item(2), root=' xml:base="https://other.example/"')
    assert len(read(based, known).entries) == len(read(based, unmarked(known)).entries) == 2
    moved = read(rss(item(1), item(2)), known, url="https://elsewhere.example/feed.xml")
    assert len(moved.entries) == 2


def test_a_guid_that_known_items_claim_too_brings_the_whole_parse_and_the_same_keys() -> None:
    def shared(n: int) -> str:
        return f"<guid>g</guid><link>https://paper.example/{n}</link><title>{n}</title>"

    known = after(read(rss(shared(1), shared(2))))
    document = rss(shared(3), shared(1), shared(2))
    assert read(document, known) == read(document, unmarked(known))
    assert [entry.key for entry in read(document, known).entries] == ["g\nhttps://paper.example/3"]


def test_a_document_with_a_fault_is_parsed_whole() -> None:
    known = after(read(rss(item(1), item(2))))
    broken = rss(item(3, "<p>&lt;</b>"), item(1), item(2))
    assert parsed(broken, known) == 3
    assert [entry.key for entry in read(broken, known).entries] == ["3"]


def test_words_of_tags_in_texts_are_no_items() -> None:
    text = "<![CDATA[<item><guid>9</guid></item>]]><!-- <item> -->"
    assert len(pieces(rss(item(1, text), item(2)), URL)) == 2


def test_items_in_items_or_without_end_are_not_cut() -> None:
    assert pieces(rss("<item></item>"), URL) == ()
    assert pieces("<rss><item>", URL) == ()
    assert pieces("<rss></item>", URL) == ()


def test_cdata_or_a_comment_that_never_ends_hides_all_the_rest() -> None:
    for opened in ("<![CDATA[", "<!--"):
        assert pieces(rss(item(1)) + opened + rss(item(2)), URL)[0].start == rss(item(1)).find("<item>")
        assert len(pieces(rss(item(1)) + opened * 200_000 + rss(item(2)), URL)) == 1


def test_what_is_cut_out_leaves_all_else() -> None:
    document = rss(item(1), item(2))
    first, second = pieces(document, URL)
    assert without(document, [first]) == rss(item(2))
    assert without(document, [first, second]) == rss()


def test_a_prefix_nobody_declared_is_a_fault() -> None:
    assert not is_strict(b"<rss><a:b/></rss>")
    assert is_strict(b"<rss xmlns:a='a'><a:b/></rss>")


GUIDS, LINKS, TITLES = "ab ", ["", "/1", "http://p.example/1", "https://www.p.example/1"], "xy"
ITEMS = st.tuples(st.sampled_from(GUIDS), st.sampled_from(LINKS), st.sampled_from(TITLES)).map(
    lambda it: f"<guid>{it[0]}</guid><link>{it[1]}</link><title>{it[2]}</title>"
)


@given(st.lists(ITEMS, max_size=5), st.lists(ITEMS, max_size=5))
def test_whatever_came_and_went_the_new_items_are_those_of_the_whole(before: list[str], now: list[str]) -> None:
    known = after(read(rss(*before)))
    part, whole = read(rss(*now), known), read(rss(*now), unmarked(known))
    assert part.items == whole.items
    assert {entry.key for entry in part.entries} <= {entry.key for entry in whole.entries}
    # Where a guid was claimed by several, the whole may take one that is known for a change of another.
    said = {one[:HASH_DIGITS] for one in known.values()}
    assert all(entry in part.entries or entry.said in said for entry in whole.entries)
    assert read(rss(*now), known | after(part)).entries == ()
