"""How a store stands, as its rows say it."""

import pytest

from crawler.model import CONDITIONS, Failure, PollRow, Rhythm
from crawler.ports import StoreError
from crawler.store.sqlite import SqliteStore
from crawler.store.standing import DAY, HOUR, open_standing
from tests.store.samples import (
    ME,
    SEGMENT,
    archived,
    article,
    commit,
    decision,
    offer,
    only_job,
    publish,
    settle,
    source,
    watch,
)

NOW = 100 * DAY


@pytest.fixture
async def store(tmp_path):
    opened = await SqliteStore.open(tmp_path / "warraq.db")
    yield opened
    await opened.close()


def look(tmp_path, now=NOW):
    with open_standing(tmp_path / "warraq.db") as reader:
        return reader.standing(now)


async def poll(store, of, at, outcome, **more):
    """A poll of the one source there is, that comes to nothing."""
    got, job = await only_job(store, now=at)
    failed = outcome != "unchanged"
    known = Rhythm(failures=1, failing_since=at) if failed else Rhythm(at=at)
    row = PollRow(source_id=of.source_id, at=at, status=0, outcome=outcome, failed=failed, detail="why", rhythm=known, **more)
    again = offer(of.url, at + HOUR, kind=of.kind, gated=False, context=job.context)
    await commit(store, settle(got, job, poll=row, again=again, polite_at=at), now=at)


async def test_an_empty_store_has_nothing_and_says_so(store, tmp_path):
    found = look(tmp_path)
    assert found.sources == dict.fromkeys(CONDITIONS, 0)
    assert (found.queue, found.outbox, found.last_success, found.bytes_a_day) == (0, 0, None, 0)
    assert (found.late, found.causes, found.untold) == ((), (), ())


@pytest.mark.parametrize(
    ("outcome", "more", "condition"),
    [
        ("unchanged", {}, "active"),
        ("dns", {}, "failing"),
        ("gone", {"gone": True}, "gone"),
        ("blocked", {"blocked": True}, "blocked"),
    ],
)
async def test_a_source_is_counted_by_its_condition(store, tmp_path, outcome, more, condition):
    await watch(store, source(), now=NOW - HOUR)
    await poll(store, source(), NOW - HOUR, outcome, **more)
    found = look(tmp_path)
    assert {name for name, number in found.sources.items() if number} == {condition}
    assert found.last_success == (NOW - HOUR if outcome == "unchanged" else None)


async def test_a_source_taken_out_is_paused_and_neither_late_nor_a_cause(store, tmp_path):
    await watch(store, source(), now=NOW - DAY)
    await poll(store, source(), NOW - DAY, "dns")
    await watch(store)
    found = look(tmp_path)
    assert found.sources["paused"] == 1
    assert (found.late, found.causes) == ((), ())


async def test_who_is_due_is_late_but_not_while_the_host_rests(store, tmp_path):
    await watch(store, source(), now=NOW - 2 * HOUR)
    assert [one.since for one in look(tmp_path).late] == [NOW - 2 * HOUR]
    got, job = await only_job(store, now=NOW - 2 * HOUR)
    again = offer(source().url, NOW - HOUR, kind=source().kind, gated=False, context=job.context)
    await commit(store, settle(got, job, again=again, polite_at=NOW + HOUR), now=NOW - HOUR)
    assert look(tmp_path).late == (), "it wants us to come later"
    assert [one.since for one in look(tmp_path, NOW + 2 * HOUR).late] == [NOW + HOUR]


async def test_causes_count_sources_that_fail_and_pages_given_up_within_a_day(store, tmp_path):
    await watch(store, source(), now=NOW - HOUR)
    await poll(store, source(), NOW - HOUR, "dns")
    for at, reason in ((NOW - 2 * DAY, "gone"), (NOW - 2 * HOUR, "gone"), (NOW - HOUR, "dns")):
        await store.offer([offer(f"https://b.example/{at}{reason}", at)], at)
        got, job = await only_job(store, now=at)
        failure = Failure(host_id=job.host_id, h=job.h, at=at, url=job.url, kind=job.kind, reason=reason, detail="x", tries=1)
        await commit(store, settle(got, job, failure=failure, polite_at=at), now=at)
    assert [(one.reason, one.sources, one.pages) for one in look(tmp_path).causes] == [("dns", 1, 1), ("gone", 0, 1)]


async def test_what_waits_for_a_parser_and_what_was_published(store, tmp_path):
    await store.offer([offer("https://a.example/1", NOW - HOUR)], NOW - HOUR)
    got, job = await only_job(store, now=NOW - HOUR)
    told = await archived(store, got, job, NOW - HOUR)
    found = look(tmp_path)
    assert (found.queue, found.outbox, found.outbox_since, found.last_success) == (0, 1, NOW - HOUR, NOW - HOUR)
    assert found.hour.answers == 1
    await publish(store, decision(told, articles=(article(told),)), now=NOW - HOUR // 2)
    found = look(tmp_path)
    assert (found.outbox, found.outbox_since) == (0, None)
    assert (found.hour.articles, found.day.articles) == (1, 1)
    assert look(tmp_path, NOW + 2 * HOUR).hour.articles == 0


async def test_growth_is_told_by_the_day(store, tmp_path):
    await store.open_segment(SEGMENT, ME, NOW - 2 * DAY)
    await commit(store, segment=SEGMENT, committed=3000)
    found = look(tmp_path)
    assert (found.bytes, found.bytes_a_day) == (3000, 1500)


async def test_the_first_minutes_of_a_store_foretell_no_day(store, tmp_path):
    await store.open_segment(SEGMENT, ME, NOW - 6_000)
    await commit(store, segment=SEGMENT, committed=3000)
    assert look(tmp_path).bytes_a_day == 3000


def test_where_there_is_no_store_it_is_said_in_one_line(tmp_path):
    with pytest.raises(StoreError, match="there is no store here"):
        look(tmp_path)
