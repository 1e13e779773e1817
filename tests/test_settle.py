"""What follows at once from an outcome."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crawler import polling, schedule, setbacks, settle
from crawler.model import (
    Broken,
    Context,
    Extracted,
    Fetched,
    Kind,
    Original,
    Redirected,
    Refused,
    Unasked,
    Unchanged,
    Validators,
)
from crawler.model.wire import BrokenReason, RefusedReason
from crawler.settle import HostVerdict, Policy, Terms
from tests import making
from tests.making import NOW

TERMS = Terms(policy=Policy(), now=NOW, chance=0.5)


def settled(job, outcome, terms=TERMS):
    receipts = [making.receipt(job, one) for one in outcome.exchanges]
    return settle.settle(making.visit(job, outcome), receipts, terms)


def fetched(**more):
    return Fetched(exchanges=(making.exchange(**more),))


def test_a_page_that_came_waits_for_its_parser_and_is_not_put_back():
    settlement = settled(making.job(), fetched())
    assert settlement.again is None
    assert settlement.receipt is not None
    assert settlement.captures[-1].extracted is Extracted.WAITING


def test_a_feed_whose_body_waits_is_not_put_back_by_the_first_commit():
    settlement = settled(making.feed_job(), fetched())
    assert settlement.again is None
    assert settlement.receipt is not None
    assert settlement.poll is not None
    assert settlement.poll.outcome == "fetched"


def test_the_receipt_of_a_body_brings_what_the_server_gave_us_to_ask_again_with():
    said = Validators(etag='"1"', last_modified="Sun, 22 Nov 2026 07:21:08 GMT")
    settlement = settled(making.feed_job(), Fetched(exchanges=(making.exchange(),), validators=said))
    assert settlement.receipt is not None
    assert settlement.receipt.validators == said


def test_an_unchanged_feed_is_put_back_after_its_interval_give_or_take_the_jitter():
    settlement = settled(making.feed_job(every_ms=100_000), Unchanged(exchanges=(making.exchange(status=304),)))
    assert settlement.again is not None
    assert settlement.again.due_at == NOW + 100_000
    assert settlement.receipt is None


def test_a_feed_with_the_payload_we_read_last_is_unchanged_whatever_its_status():
    job = making.feed_job(body_digest="sha1:AAAA")
    answer = Fetched(exchanges=(making.exchange(),), validators=Validators(etag='"new"'))
    known = polling.recognise(job, answer)
    assert isinstance(known, Unchanged)
    assert known.validators.etag == '"new"'
    assert polling.recognise(job, fetched(payload="sha1:BBBB")) == fetched(payload="sha1:BBBB")


def test_the_answer_of_an_unchanged_feed_is_no_evidence_unless_asked_for():
    job, outcome = making.feed_job(), Unchanged(exchanges=(making.exchange(), making.exchange(status=304)))
    assert len(settle.evidence(job, outcome, Policy())) == 1
    assert len(settle.evidence(job, outcome, Policy(unchanged_feeds=True))) == 2


def test_the_same_bytes_at_the_same_address_are_not_read_again_but_by_a_one_shot():
    job = making.job()
    receipt = making.receipt(job)
    same = Original(key=receipt.capture.key, url=job.url, segment=receipt.capture.segment, offset=0, length=1)
    visit = making.visit(job, fetched())
    assert settle.settle(visit, [replace(receipt, body=same)], TERMS).receipt is None
    always = Terms(policy=Policy(oneshot=True), now=NOW)
    assert settle.settle(visit, [replace(receipt, body=same)], always).receipt is not None


def test_the_same_bytes_are_read_again_where_they_may_be_the_same_challenge():
    job = making.job(tries=1)
    receipt = making.receipt(job)
    same = Original(key=receipt.capture.key, url=job.url, segment=receipt.capture.segment, offset=0, length=1)
    assert settle.settle(making.visit(job, fetched()), [replace(receipt, body=same)], TERMS).receipt is not None


def test_a_redirect_of_a_page_is_an_offer_gated_by_what_was_seen():
    outcome = Redirected(exchanges=(making.exchange(status=301),), target=making.url("https://other.example/b"), permanent=True)
    hop = settled(making.job(), outcome).hop
    assert hop is not None
    assert (hop.host, hop.gated, hop.due_at, hop.context.hops) == ("other.example", True, NOW, 1)
    assert hop.context.first_url == "https://news.example/a"


def test_a_redirect_to_the_same_page_without_its_tracking_parameter_is_not_taken_for_seen():
    job = making.job("https://news.example/a?utm_source=rss")
    outcome = Redirected(exchanges=(making.exchange(status=302),), target=making.url("https://news.example/a"), permanent=False)
    hop = settled(job, outcome).hop
    assert hop is not None
    assert not hop.gated


def test_a_feed_that_moved_is_followed_past_what_was_seen_and_keeps_its_source():
    outcome = Redirected(
        exchanges=(making.exchange(status=301),), target=making.url("https://news.example/rss"), permanent=True
    )
    settlement = settled(making.feed_job(), outcome)
    assert settlement.hop is not None
    assert not settlement.hop.gated
    assert settlement.hop.kind is Kind.FEED
    assert settlement.hop.context.source == making.poll().source_id
    assert settlement.again is None


def test_after_its_hops_a_feed_is_put_back_at_its_own_address():
    job = replace(
        making.feed_job(),
        url=making.url("https://cdn.example/f"),
        host="cdn.example",
        context=Context(source=making.poll().source_id, hops=2),
    )
    settlement = settled(job, Unchanged(exchanges=(making.exchange(status=304),)))
    assert settlement.again is not None
    assert settlement.again.url == "https://news.example/feed"
    assert settlement.again.context.hops == 0


def test_too_many_redirects_end_a_page_and_not_a_source():
    outcome = Redirected(exchanges=(making.exchange(status=301),), target=making.url("https://news.example/z"), permanent=False)
    page = replace(making.job(), context=Context(hops=10))
    assert settled(page, outcome).failure is not None
    feed = replace(making.feed_job(), context=Context(source=making.poll().source_id, hops=10))
    assert settled(feed, outcome).again is not None


def test_retry_after_holds_for_the_page_and_for_its_whole_host():
    outcome = Refused(reason="later", detail="429", retry_after=120, exchanges=(making.exchange(status=429),))
    settlement = settled(making.job(), outcome)
    assert settlement.again is not None
    assert settlement.again.due_at >= NOW + 120_000
    assert settlement.again.tries == 1
    verdict = settle.host_verdict(outcome, 0, Policy())
    assert (verdict.stop, verdict.pause) == (True, 120)


def test_a_page_is_a_failure_after_its_tries_and_a_source_never():
    outcome = Broken(reason="server", detail="500", exchanges=(making.exchange(status=500),))
    assert settled(making.job(tries=3), outcome).failure is None
    last = settled(making.job(tries=4), outcome)
    assert last.failure is not None
    assert last.again is None
    feed = settled(making.feed_job(failures=400), outcome)
    assert feed.failure is None
    assert feed.again is not None


def test_a_gone_source_is_asked_monthly_and_told():
    settlement = settled(making.feed_job(), Refused(reason="gone", detail="410", exchanges=(making.exchange(status=410),)))
    assert settlement.poll is not None
    assert settlement.poll.gone
    assert settlement.again is not None
    assert settlement.again.due_at == NOW + 30 * 86_400_000


def test_a_one_shot_gives_up_what_would_come_too_late():
    terms = Terms(policy=Policy(patience=30), now=NOW)
    later = Refused(reason="later", detail="429", retry_after=3600, exchanges=(making.exchange(status=429),))
    assert settled(making.job(), later, terms).failure is not None
    soon = replace(later, retry_after=1)
    assert settled(making.job(), soon, Terms(policy=Policy(patience=30, retry_base=1), now=NOW)).failure is None


def test_a_wish_for_years_is_kept_for_a_day():
    outcome = Refused(reason="later", detail="429", retry_after=31 * 86_400, exchanges=(making.exchange(status=429),))
    assert settle.host_verdict(outcome, 0, Policy()).pause == 86_400
    (again,) = [settled(making.job(), outcome).again]
    assert NOW + 86_400_000 <= again.due_at <= NOW + 86_400_000 + 1000


def test_a_429_ends_the_lease_also_where_nobody_waits_for_a_pause():
    outcome = Refused(reason="later", detail="429", exchanges=(making.exchange(status=429),))
    assert settle.host_verdict(outcome, 0, Policy(host_base=0)) == HostVerdict(stop=True, pause=0, fails=1)
    assert settle.host_verdict(outcome, 0, Policy()) == HostVerdict(stop=True, pause=2, fails=1)


def test_a_block_rests_the_host_and_is_shown_at_its_source():
    outcome = Refused(reason="blocked", detail="blocked: X (status 403)", exchanges=(making.exchange(status=403),))
    assert settle.host_verdict(outcome, 0, Policy()) == HostVerdict(stop=True, pause=2, fails=1)
    feed = settled(making.feed_job(), outcome)
    assert (feed.poll.outcome, feed.poll.blocked, feed.poll.failed) == ("blocked", True, True)
    page = settled(making.job(), outcome)
    assert page.again.due_at >= NOW + 900_000
    assert settled(making.job(tries=2), outcome).failure.reason == "blocked"


@pytest.mark.parametrize("reason", sorted(name for name, one in setbacks.TABLE.items() if one.tries == 1))
def test_what_cannot_get_better_is_not_tried_again(reason):
    if reason not in get_args(RefusedReason) + get_args(BrokenReason):
        return
    kind = Refused if reason in get_args(RefusedReason) else Broken
    outcome = kind(reason=reason, detail="x", exchanges=(making.exchange(status=400),))
    assert settled(making.job(), outcome).failure.reason == reason


def test_every_reason_there_is_stands_in_the_table_and_its_class_among_the_eight():
    assert set(get_args(RefusedReason) + get_args(BrokenReason)) | {"unreadable"} == set(setbacks.TABLE)
    assert {one.sort for one in setbacks.TABLE.values()} == set(get_args(setbacks.Class))
    assert setbacks.sort_of("a word of another version") == "protocol"


def test_a_name_that_is_not_known_is_asked_for_once_more_an_hour_later():
    silent = Broken(reason="dns", detail="no such host")
    again = settled(making.job(), silent).again
    assert again.due_at >= NOW + 3_600_000
    assert settled(replace(making.job(), tries=1), silent).failure is not None


@given(st.integers(1, 30), st.floats(0, 0.999), st.none() | st.floats(0, 1e6))
def test_a_next_try_lies_anywhere_up_to_its_bound_and_never_before_what_was_asked_for(tries, chance, floor):
    due_at = schedule.next_try(tries, NOW, base=60, most=86_400, floor=floor, chance=chance)
    assert NOW + (floor or 0) * 1000 <= due_at <= NOW + max(min(60 * 4 ** (tries - 1), 86_400), floor or 0) * 1000 + 2


def test_pages_that_failed_together_do_not_come_back_together():
    due = [schedule.next_try(2, 0, base=60, most=86_400, chance=n / 10) for n in range(10)]
    assert due == sorted(set(due))
    assert due[-1] - due[0] > 200_000


def test_a_silent_host_rests_longer_each_time_and_any_answer_ends_it():
    silent = Broken(reason="connect", detail="refused")
    pauses = [settle.host_verdict(silent, fails, Policy()).pause for fails in range(8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] <= Policy().host_most
    assert settle.host_verdict(fetched(), 7, Policy()).fails == 0


def test_a_job_that_was_not_asked_after_all_is_put_back_as_it_was():
    job = replace(making.feed_job(), tries=2)
    settlement = settled(job, Unasked(due_at=NOW + 5))
    assert settlement.again is not None
    assert (settlement.again.url, settlement.again.due_at, settlement.again.tries) == (job.url, NOW + 5, 2)
    assert settlement.poll is None
    assert settled(job, Unasked()).again.due_at == job.due_at
    assert settled(replace(job, due_at=NOW + 5), Unasked()).again.due_at == NOW, "the clock was put back"


def test_what_came_before_a_job_was_not_asked_is_kept():
    outcome = Unasked(exchanges=(making.exchange("https://news.example/robots.txt"),))
    assert settle.evidence(making.job(), outcome, Policy()) == outcome.exchanges
    assert len(settled(making.job(), outcome).captures) == 1


OUTCOMES = st.one_of(
    st.builds(lambda status: Fetched(exchanges=(making.exchange(status=status),)), st.just(200)),
    st.just(Unchanged(exchanges=(making.exchange(status=304),))),
    st.builds(
        lambda reason, wait: Refused(reason=reason, detail="x", retry_after=wait, exchanges=(making.exchange(status=400),)),
        st.sampled_from(list(get_args(RefusedReason))),
        st.none() | st.floats(0, 1e6),
    ),
    st.builds(
        lambda reason: Broken(reason=reason, detail="x"),
        st.sampled_from(get_args(BrokenReason)),
    ),
)


@given(OUTCOMES, st.integers(0, 30), st.floats(0, 0.999))
def test_a_source_always_has_exactly_one_of_a_row_and_a_waiting_capture(outcome, failures, chance):
    settlement = settled(making.feed_job(failures=failures), outcome, Terms(policy=Policy(), now=NOW, chance=chance))
    assert (settlement.again is not None) + (settlement.receipt is not None) + (settlement.hop is not None) == 1
    assert settlement.again is None or settlement.again.due_at > NOW


@given(OUTCOMES, st.integers(0, 10), st.floats(0, 0.999))
def test_no_page_is_ever_dropped(outcome, tries, chance):
    settlement = settled(making.job(tries=tries), outcome, Terms(policy=Policy(), now=NOW, chance=chance))
    ends = [settlement.again, settlement.receipt, settlement.hop, settlement.failure]
    assert sum(end is not None for end in ends) == (0 if isinstance(outcome, Unchanged) else 1)
