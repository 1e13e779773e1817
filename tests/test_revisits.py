"""When an article is looked at again, and what follows from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crawler import polling, revisits, settle
from crawler.decide import decide
from crawler.model import Article, Broken, Context, Discovery, Fetched, Kind, Redirected, Refused, Step, Unchanged, Validators
from crawler.terms import Policy, Terms
from tests import making
from tests.making import NOW

HOUR = 3_600_000
STEPS = (3_600.0, 21_600.0, 86_400.0, 604_800.0)
TERMS = Terms(policy=Policy(revisits=STEPS), now=NOW)
ARTICLE = Article(title="عنوان", text="فقرة أولى\nفقرة ثانية", published="2023-11-14T22:00:00Z")
SAID = Validators(etag='"1"')


def revisit(number=1, digest="sha1:AAAA", **context):
    return replace(
        making.job(),
        context=Context(revisit=True, step=Step(number=number, since=NOW - HOUR, digest=digest, validators=SAID), **context),
    )


def settled(job, outcome, terms=TERMS):
    receipts = [making.receipt(job, one) for one in outcome.exchanges]
    return settle.settle(making.visit(job, outcome), receipts, terms)


def read(job, article=ARTICLE, terms=TERMS):
    return decide(replace(making.receipt(job), validators=SAID), Discovery(found="article", article=article), terms)


@given(
    since=st.integers(0, 2 * NOW), now=st.integers(0, 2 * NOW), after=st.integers(0, 6),
    steps=st.lists(st.floats(1, 10**8), max_size=6).map(sorted),
)  # fmt: skip
def test_the_next_step_lies_ahead_and_none_that_does_is_left_out(since, now, after, steps):
    found = revisits.next_step(since, after, steps, now)
    ahead = [n for n, wait in enumerate(steps, start=1) if n > after and since + round(wait * 1000) > now]
    assert (found[0] if found else None) == (ahead[0] if ahead else None)
    assert found is None or found[1] > now


@pytest.mark.parametrize(
    ("published", "since"),
    [
        ("2023-11-14T22:00:00Z", 1_699_999_200_000),
        ("2023-11-15T01:00:00+03:00", 1_699_999_200_000),
        ("2023-11-14", 1_699_920_000_000),
        (None, NOW),
        ("2033-01-01T00:00:00Z", NOW),
        ("soon", NOW),
    ],
)
def test_visits_are_counted_from_the_publication_or_the_first_capture(published, since):
    assert revisits.counted_from(published, NOW) == since


def test_an_article_that_was_read_is_visited_again_an_hour_after_its_publication():
    (offer,) = read(making.job()).offers
    assert offer.due_at == 1_699_999_200_000 + HOUR
    assert not offer.gated
    assert offer.context.revisit
    assert offer.context.step is not None
    assert (offer.context.step.number, offer.context.step.validators) == (1, SAID)


def test_steps_that_are_past_are_dropped_and_an_old_article_is_not_visited_again():
    (offer,) = read(making.job(), replace(ARTICLE, published="2023-11-14T12:00:00Z")).offers
    assert offer.context.step is not None
    assert offer.context.step.number == 3
    assert read(making.job(), replace(ARTICLE, published="2022-01-01")).offers == ()


def test_a_oneshot_and_whoever_wants_none_visit_nothing_again():
    assert read(making.job(), terms=Terms(policy=Policy(), now=NOW)).offers == ()


def test_what_is_no_article_is_not_visited_again():
    assert read(making.job(), Article(note="a picture")).offers == ()
    assert read(making.job(kind=Kind.TARGET)).offers == ()


def test_an_article_that_its_feed_changed_goes_on_with_the_chain_it_has():
    job = replace(making.job(), context=Context(revisit=True))
    assert read(job).offers == ()


def test_a_visit_that_brought_another_body_is_read_and_followed_by_the_next():
    job = revisit()
    came = settled(job, Fetched(exchanges=(making.exchange(payload="sha1:BBBB"),)))
    assert came.receipt is not None
    assert came.again is None
    (offer,) = read(job).offers
    assert (offer.context.step.number, offer.due_at) == (2, NOW + 5 * HOUR)


@pytest.mark.parametrize(
    "outcome",
    [
        Unchanged(exchanges=(making.exchange(status=304),)),
        Fetched(exchanges=(making.exchange(payload="sha1:AAAA"),)),
        Refused(reason="forbidden", detail="", exchanges=(making.exchange(status=403),)),
    ],
)
def test_a_visit_that_brought_nothing_new_is_followed_by_the_next(outcome):
    came = settled(revisit(), outcome)
    assert came.receipt is None
    assert came.deleted is None
    assert came.again is not None
    assert came.again.context.step.number == 2
    assert came.again.context.step.digest == "sha1:AAAA"


def test_a_visit_asks_whether_it_has_changed():
    assert polling.validators(revisit(), NOW) == SAID


def test_the_last_visit_is_followed_by_none():
    assert settled(revisit(number=4), Unchanged(exchanges=(making.exchange(status=304),))).again is None


def test_a_body_that_was_there_before_the_last_one_is_a_change_again():
    job = revisit()
    receipt = making.receipt(job, making.exchange(payload="sha1:OLD"))
    assert not revisits.same_as_read(receipt)
    assert settled(job, Fetched(exchanges=(making.exchange(payload="sha1:OLD"),))).receipt is not None


@pytest.mark.parametrize("reason", ["gone", "missing"])
def test_an_article_that_is_gone_is_told_and_visited_again_without_condition(reason):
    job = revisit(source=None, guid="g")
    came = settled(job, Refused(reason=reason, detail="404", exchanges=(making.exchange(status=404),)))
    assert came.deleted is not None
    assert came.failure is None
    assert came.again.context.step.digest is None
    assert came.again.context.step.validators == Validators()
    assert came.again.context.guid == "g"


def test_a_page_that_was_never_there_is_no_deletion():
    came = settled(making.job(), Refused(reason="missing", detail="404", exchanges=(making.exchange(status=404),)))
    assert came.deleted is None
    assert came.failure is not None


def test_silence_is_no_deletion_and_is_tried_again_before_the_next_visit():
    came = settled(revisit(), Broken(reason="timeout", detail=""))
    assert came.deleted is None
    assert came.again is not None
    assert came.again.context.step.number == 1
    assert came.again.tries == 1


def test_after_a_redirect_the_next_visit_goes_to_the_articles_own_address_again():
    job = revisit()
    came = settled(
        job, Redirected(exchanges=(making.exchange(status=302),), target=making.url("https://news.example/b"), permanent=False)
    )
    assert came.again is None
    assert came.hop.context.step.validators == Validators()
    there = replace(making.job("https://news.example/b"), context=came.hop.context)
    (offer,) = read(there).offers
    assert offer.url == job.url
    gone = settled(there, Refused(reason="gone", detail="410", exchanges=(making.exchange(status=410),)))
    assert gone.deleted == read(making.job()).articles[0].article_id
