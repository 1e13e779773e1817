"""What follows from what a parser found."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from crawler.decide import decide
from crawler.model import Article, Context, Discovery, Entry, Extracted, Kind, Rhythm, Sums, Validators
from crawler.settle import Policy, Terms
from tests import making
from tests.making import NOW

TERMS = Terms(policy=Policy(), now=NOW, chance=0.5)
ARTICLE = Article(title="عنوان", text="فقرة أولى\nفقرة ثانية", language="ar", direction="rtl")


def test_an_article_becomes_a_record_and_a_row_that_point_to_their_capture():
    receipt = making.receipt(making.job())
    decision = decide(receipt, Discovery(found="article", article=ARTICLE), TERMS)
    (record,), (row,) = decision.records, decision.articles
    assert record.text == ARTICLE.text
    assert record.words == 4
    assert (record.capture.segment, record.capture.offset) == (receipt.capture.segment, receipt.capture.offset)
    assert row.article_id == record.id
    assert decision.extracted is Extracted.DONE


def test_what_a_child_has_counted_is_not_counted_again():
    told = Sums(words=7, text_hash="00")
    decision = decide(making.receipt(making.job()), Discovery(found="article", article=ARTICLE, sums=told), TERMS)
    (record,), (row,) = decision.records, decision.articles
    assert (record.words, row.words, row.text_hash) == (7, 7, "00")


def test_a_page_without_text_has_a_record_that_says_why_and_is_no_article():
    decision = decide(making.receipt(making.job()), Discovery(found="nothing", note="a picture"), TERMS)
    assert decision.records[0].note == "a picture"
    assert decision.articles == ()


def test_a_list_of_articles_has_a_record_and_is_none_itself_but_a_doubtful_one_may_be():
    listing = replace(ARTICLE, kind="listing", sure={"kind": 0.95})
    surely = decide(making.receipt(making.job()), Discovery(found="article", article=listing), TERMS)
    assert (surely.records[0].kind, surely.articles) == ("listing", ())
    doubtful = replace(listing, sure={"kind": 0.7})
    assert decide(making.receipt(making.job()), Discovery(found="article", article=doubtful), TERMS).articles


def test_a_date_the_page_lacks_is_taken_from_the_feed_and_said_so():
    job = replace(making.job(), context=Context(pub_date="Tue, 14 Nov 2023 10:00:00 GMT"))
    record = decide(making.receipt(job), Discovery(found="article", article=ARTICLE), TERMS).records[0]
    assert record.published is not None
    assert record.published.startswith("2023-11-14")
    assert record.found_in["published"] == "feed"


def test_a_date_nobody_gave_stays_unknown():
    record = decide(making.receipt(making.job()), Discovery(found="article", article=ARTICLE), TERMS).records[0]
    assert record.published is None


def test_g2_a_date_of_the_feed_that_lies_ahead_is_kept_as_written_and_is_no_publication():
    job = replace(making.job(), context=Context(pub_date="Tue, 14 Nov 2093 10:00:00 GMT"))
    (line,) = decide(making.receipt(job), Discovery(found="article", article=ARTICLE), TERMS).records
    assert (line.published, line.feed["published"]) == (None, "Tue, 14 Nov 2093 10:00:00 GMT")


def entry(key: str, link: str | None, *, changed: bool = False, article: Article | None = None) -> Entry:
    return Entry(key=key, item_hash="h", link=making.url(link) if link else None, title=key, changed=changed, article=article)


def test_a_new_entry_queues_its_page_gated_and_a_changed_one_past_what_was_seen():
    found = Discovery(
        found="feed",
        items=2,
        entries=(entry("a", "https://news.example/a"), entry("b", "https://news.example/b", changed=True)),
    )
    receipt = making.receipt(making.feed_job())
    new, changed = decide(receipt, found, TERMS).offers
    assert (new.gated, new.context.revisit) == (True, False)
    assert (changed.gated, changed.context.revisit) == (False, True)
    assert new.context.source == making.poll().source_id
    assert new.context.via == "https://news.example/feed"


def test_an_entry_without_a_page_becomes_an_article_of_its_own():
    receipt = making.receipt(making.feed_job())
    decision = decide(receipt, Discovery(found="feed", items=1, entries=(entry("k", None, article=ARTICLE),)), TERMS)
    assert decision.records[0].capture.item == "k"
    assert decision.articles[0].article_id == decision.records[0].id
    assert decision.offers == ()


def test_g7_an_entry_without_a_page_keeps_its_date_as_written_and_a_future_one_is_no_publication():
    ahead = replace(ARTICLE, published="2093-11-14T10:00:00Z", found_in={"published": "feed"})
    told = replace(entry("k", None, article=ahead), published_raw="Sat, 14 Nov 2093 10:00:00 GMT", guid="k")
    record = decide(making.receipt(making.feed_job()), Discovery(found="feed", items=1, entries=(told,)), TERMS).records[0]
    assert (record.published, record.found_in) == (None, {})
    assert (record.feed["published"], record.feed["guid"]) == ("Sat, 14 Nov 2093 10:00:00 GMT", "k")


def test_validators_are_those_of_the_body_that_was_read():
    receipt = replace(making.receipt(making.feed_job()), validators=Validators(etag='"x"'))
    source = decide(receipt, Discovery(found="feed", items=0), TERMS).source
    assert source is not None
    assert source.validators.etag == '"x"'
    assert source.body_digest == receipt.capture.digest
    assert source.next.due_at > NOW


def test_a_feed_that_was_given_up_is_asked_without_condition_next_time():
    receipt = replace(making.receipt(making.feed_job()), validators=Validators(etag='"x"'))
    decision = decide(receipt, Discovery(found="nothing", given_up=True, note="out of time"), TERMS)
    assert decision.source is not None
    assert decision.source.validators == Validators()
    assert decision.source.body_digest is None
    assert decision.extracted is Extracted.GIVEN_UP
    assert decision.failure is not None
    assert decision.records == ()


def test_a_page_that_was_given_up_says_so_in_its_record_and_no_other_does():
    (line,) = decide(making.receipt(making.job()), Discovery(found="nothing", given_up=True, note="out of time"), TERMS).records
    assert (line.given_up, line.note) == (True, "out of time")
    (line,) = decide(making.receipt(making.job()), Discovery(found="nothing", note="an image"), TERMS).records
    assert b"given_up" not in msgspec.json.encode(line)


def test_what_a_source_had_when_it_was_first_read_says_so_in_its_record_and_nothing_else_does():
    own = Entry(key="1", item_hash="x", backfill=True, article=Article(text="an old text"))
    (line,) = decide(making.receipt(making.feed_job()), Discovery(found="feed", entries=(own,)), TERMS).records
    assert line.backfill is True
    page = Discovery(found="article", article=ARTICLE)
    for context, past in (
        (Context(source="s", backfill=True), True),
        (Context(source="s"), False),
        (Context(backfill=True), False),  # fetched by its address: of nobody's past
    ):
        (line,) = decide(making.receipt(making.job(context=context)), page, TERMS).records
        assert (b'"backfill":true' in msgspec.json.encode(line)) is past


def test_pages_a_sitemap_lists_when_it_is_first_read_are_of_its_past():
    found, job = Discovery(found="sitemap", links=(making.url("https://news.example/a"),)), making.feed_job()
    for known, past in ((Rhythm(), True), (Rhythm(at=NOW - 1), False)):
        read = replace(job, kind=Kind.SITEMAP, poll=replace(job.poll, rhythm=known))
        (offer,) = decide(making.receipt(read), found, TERMS).offers
        assert offer.context.backfill is past


BLOCKED = Discovery(found="nothing", note="blocked: X", blocked="X")


def test_a_challenge_is_no_article_its_page_is_tried_again_and_its_host_slowed():
    decision = decide(making.receipt(making.job()), BLOCKED, TERMS)
    assert decision.records[0].note == "blocked: X"
    assert (decision.articles, decision.failure, decision.strained) == ((), None, True)
    (again,) = decision.offers
    assert (again.url, again.tries, again.gated) == (making.job().url, 1, False)
    assert again.due_at >= NOW + 900_000


def test_a_page_that_stays_behind_a_challenge_is_a_failure():
    decision = decide(making.receipt(making.job(tries=2)), BLOCKED, TERMS)
    assert decision.offers == ()
    assert (decision.failure.reason, decision.failure.detail, decision.failure.tries) == ("blocked", "blocked: X", 3)


def test_d9_a_source_behind_a_challenge_is_asked_less_and_less_often_and_keeps_what_it_had():
    receipt = replace(making.receipt(making.feed_job(failures=3, body_digest="sha1:OLD")), validators=Validators(etag='"x"'))
    decision = decide(receipt, BLOCKED, TERMS)
    assert (decision.records, decision.offers, decision.strained) == ((), (), True)
    update = decision.source
    assert (update.trouble, update.rhythm.failures) == ("blocked", 4)
    assert (update.validators, update.body_digest) == (Validators(), "sha1:OLD")
    assert update.next.due_at >= NOW + 4 * 3_600_000


def test_children_of_a_sitemap_index_are_followed_to_a_depth_and_not_for_ever():
    found = Discovery(found="sitemap", sitemaps=(making.url("https://news.example/s2.xml"),))
    job = making.job("https://news.example/s.xml", kind=Kind.SITEMAP)
    (child,) = decide(making.receipt(job), found, TERMS).offers
    assert child.kind is Kind.TARGET
    assert child.depth == 1
    assert decide(making.receipt(replace(job, depth=5)), found, TERMS).offers == ()


def test_a_limit_holds_for_the_pages_of_one_list():
    links = tuple(making.url(f"https://news.example/{n}") for n in range(5))
    terms = Terms(policy=Policy(limit=2), now=NOW)
    decision = decide(making.receipt(making.job()), Discovery(found="section", links=links), terms)
    assert [offer.url for offer in decision.offers] == list(links[:2])


def test_what_a_one_shot_left_behind_is_read_by_a_daemon_and_not_followed():
    found = Discovery(found="feed", items=1, entries=(entry("a", "https://news.example/a"),))
    left_behind = making.receipt(making.job(kind=Kind.TARGET))
    assert decide(left_behind, found, TERMS).offers == ()
    assert len(decide(left_behind, found, Terms(policy=Policy(oneshot=True), now=NOW)).offers) == 1
