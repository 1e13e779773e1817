"""Search as a reader meets it: over a store and its records."""

from __future__ import annotations

import contextlib

import pytest

from crawler import searching
from crawler.search.query import QueryError
from crawler.store.connection import Database
from crawler.store.search import Filters, forget
from tests.search.papers import ARTICLES, QUERIES
from tests.search.shelf import Shelf

ALL = Filters()


@pytest.fixture
async def shelf(tmp_path):
    return await Shelf(tmp_path).make()


def found(shelf, text, filters=ALL, limit=10):
    with shelf.index() as index:
        searching.catch_up(index, shelf.root)
        return searching.search(index, shelf.root, text, filters, limit)


def ids(answer):
    return [one.hit.article_id for one in answer.found]


async def test_nine_of_ten_queries_in_any_script_find_their_article_among_the_first_three(shelf):
    shelf.add_all((name, title, text, {"language": lang}) for name, (lang, title, text) in ARTICLES.items())
    assert len(QUERIES) >= 120
    assert len({lang for lang, _, _ in ARTICLES.values()}) >= 10
    assert sum(wanted.startswith("ar-") for _, wanted in QUERIES) * 3 >= len(QUERIES)
    with shelf.index() as index:
        searching.catch_up(index, shelf.root)
        missed = [
            query
            for query, wanted in QUERIES
            if wanted not in ids(searching.search(index, shelf.root, query, ALL, 3))
        ]  # fmt: skip
    assert len(missed) <= len(QUERIES) * 0.03, missed


async def test_a_new_version_takes_the_place_of_the_old_one(shelf):
    shelf.add("a", "عنوان", "قديم")
    assert ids(found(shelf, "قديم")) == ["a"]
    shelf.add("a", "عنوان", "حديث")
    assert ids(found(shelf, "قديم")) == []
    assert ids(found(shelf, "حديث")) == ["a"]


async def test_what_was_deleted_by_its_publisher_is_found_and_says_so(shelf):
    shelf.add("a", "Title", "lighthouse")
    shelf.delete("a")
    (one,) = found(shelf, "lighthouse").found
    assert one.hit.deleted


async def test_what_was_forgotten_is_in_the_index_no_more_and_the_rest_is_found_again(shelf):
    shelf.add("a", "One", "secret harbour")
    shelf.add("b", "Two", "open harbour")
    assert ids(found(shelf, "secret")) == ["a"]
    shelf.rows("DELETE FROM articles WHERE article_id = 'a'")
    db = await Database.connect(shelf.store)
    async with db.transaction() as tx:
        await forget(tx)
    await db.close()
    assert shelf.rows("SELECT count(*) FROM sqlite_schema WHERE name = 'search'") == [(0,)]
    assert ids(found(shelf, "secret")) == []
    assert ids(found(shelf, "harbour")) == ["b"]


async def test_a_record_that_was_changed_is_passed_over(shelf):
    shelf.add("a", "One", "harbour")
    shelf.add("b", "Two", "harbour")
    content = shelf.records.read_bytes()
    shelf.records.write_bytes(content.replace(b"harbour", b"harboor", 1))
    assert ids(found(shelf, "harbour")) == ["b"]


async def test_articles_whose_disk_is_away_are_counted_until_they_are_read(shelf):
    shelf.add("a", "One", "harbour")
    away = shelf.records.rename(shelf.records.with_name("away"))
    with shelf.index() as index:
        assert searching.ready(index, shelf.root) == searching.Lack(missed=1)
    away.rename(shelf.records)
    shelf.add("b", "Two", "harbour")
    with shelf.index() as index:
        assert searching.ready(index, shelf.root) == searching.Lack(missed=1)
        index.forget()
        assert searching.ready(index, shelf.root) == searching.Lack()
    assert sorted(ids(found(shelf, "harbour"))) == ["a", "b"]


async def test_an_index_of_another_version_of_the_terms_is_made_anew(shelf):
    shelf.add("a", "One", "harbour")
    found(shelf, "harbour")
    shelf.rows("UPDATE meta SET value = '0' WHERE key = 'search_version'")
    assert ids(found(shelf, "harbour")) == ["a"]
    assert shelf.rows("SELECT value FROM meta WHERE key = 'search_version'") == [(str(searching.VERSION),)]


async def test_two_who_index_at_once_do_it_once(shelf):
    shelf.add("a", "One", "harbour")
    with shelf.index() as one, shelf.index() as other:
        (document,) = [searching.Document(unread.seq, "harbour", "one") for unread in one.unread(1, 9)]
        one.add([document], 1, 0, document.seq)
        other.add([document], 1, 0, document.seq)
        assert other.read_upto(1) == document.seq
        assert len(other.find('"harbour"', ALL, 9)) == 1


async def test_who_is_stopped_while_indexing_goes_on_where_it_was(shelf):
    shelf.add_all((f"a{n}", f"One {n}", f"harbour {n}", {}) for n in range(450))

    def stop(left: int) -> None:
        raise KeyboardInterrupt

    with shelf.index() as index, pytest.raises(KeyboardInterrupt):
        searching.catch_up(index, shelf.root, stop)
    with shelf.index() as index:
        assert index.behind(searching.VERSION) == 250
        assert searching.catch_up(index, shelf.root) == 250
        assert len(index.find('"harbour"', ALL, 1000)) == 450


async def test_near_copies_are_told_as_one(shelf):
    shelf.add("a", "Wire", "harbour closed", fingerprint="00000000000000ff")
    shelf.add("b", "Wire", "harbour closed today", fingerprint="00000000000000fe")
    shelf.add("c", "Other", "harbour opened", fingerprint="ffffffff00000000")
    shelf.add("d", "Own", "harbour again", canonical="c")
    answer = found(shelf, "harbour")
    assert sorted(len(one.alike) for one in answer.found) == [1, 1]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(language="ar"), ["b"]),
        (Filters(source="s1"), ["a"]),
        (Filters(source="The Paper"), ["a"]),
        (Filters(source="other.example"), ["b"]),
        (Filters(tag="sport"), ["a"]),
        (Filters(since=1_767_225_600_000), ["b"]),
        (Filters(until=1_767_225_600_000), ["a"]),
    ],
)
async def test_articles_are_narrowed_down(shelf, filters, wanted):
    shelf.rows(
        "INSERT INTO sources (source_id, kind, url, host_id, h, name, origin, tags, every_ms) "
        "VALUES ('s1', 1, 'https://paper.example/rss', 1, 1, 'The Paper', 'config', '[\"sport\"]', 0)"
    )
    shelf.add("a", "One", "harbour", language="en-GB", source="s1", published="2025-12-31T20:00:00Z")
    shelf.add("b", "Two", "harbour", language="ar", published="2026-01-01", url="https://other.example/b")
    assert ids(found(shelf, "harbour", filters)) == wanted


async def test_of_equals_the_newest_stands_first(shelf):
    for name, day in (("a", "2026-01-01"), ("b", "2026-03-01"), ("c", "2026-02-01")):
        shelf.add(name, "Same", f"harbour {name}{name}", published=day)
    assert ids(found(shelf, "harbour")) == ["b", "c", "a"]


async def test_a_headline_says_more_than_the_text(shelf):
    shelf.add("a", "Weather", "the harbour lies there in the rain")
    shelf.add("b", "The harbour", "it lies there in the rain tonight")
    assert ids(found(shelf, "harbour")) == ["b", "a"]


async def test_if_none_has_all_words_those_with_some_are_told_and_it_is_said(shelf):
    shelf.add("a", "One", "harbour rain")
    answer = found(shelf, "harbour zeppelin")
    assert (ids(answer), answer.whole) == (["a"], False)


async def test_the_beginning_of_a_word_that_is_nowhere_has_four_letters_and_is_marked(shelf):
    shelf.add("a", "One", "They said bright things and brought the bricks.")
    assert ids(found(shelf, "bridge")) == []
    shelf.add("b", "Two", "A bridegroom came.")
    answer = found(shelf, "bridge")
    assert (ids(answer), answer.whole) == (["b"], False)
    (one,) = answer.found
    assert [one.snippet.text[start:end] for start, end in one.snippet.marks] == ["bridegroom"]


async def test_a_snippet_shows_where_the_words_stand_in_the_text_as_it_is_written(shelf):
    filler = "كلمات أخرى كثيرة لا تعني شيئاً هنا. " * 40
    shelf.add("a", "عنوان", f"{filler}وقالت الوزارةُ إنّ المُناوَراتِ بدأت. {filler}")
    (one,) = found(shelf, "مناورة").found
    assert [one.snippet.text[a:b] for a, b in one.snippet.marks] == ["المُناوَراتِ"]
    assert len(one.snippet.text) <= 200
    assert one.snippet.text.startswith("…")


@pytest.mark.parametrize("query", ["", "  ", "-only", "!!", '""', "x" * 1001, "OR"])
async def test_a_query_with_nothing_to_look_for_says_so(shelf, query):
    with pytest.raises(QueryError):
        found(shelf, query)


@pytest.mark.parametrize(
    "query", ['a" OR b', "NEAR(a b)", "title:a", "a AND NOT", "((", "*", "a^2 {b}", "x\x00y", "' --", "ﷺ", "a*b*"]
)
async def test_nothing_in_a_query_is_a_word_of_the_database(shelf, query):
    shelf.add("a", "One", "harbour")
    with contextlib.suppress(QueryError):
        assert len(ids(found(shelf, query))) <= 1
