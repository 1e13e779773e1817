"""What a publisher sees of us: conditional requests (statements A), times (C), statuses and redirects (D)."""

import itertools

import pytest

from crawler.model import Discovery, Entry, Kind, Validators
from crawler.schedule import Tempo
from tests.sources.polled import DAY, FEED, HOUR, START, Polled, feed, moved, rss, said

NEW = "https://paper.example/new"
NONE = Validators()
HOURLY = 3_600_000


class Script:
    """Answers by list, the last one for ever."""

    def __init__(self, *raw):
        self.raw = list(raw)

    def __call__(self, request, now):
        return self.raw.pop(0) if len(self.raw) > 1 else self.raw[0]


def by_path(**scripts):
    """Each address has a script of its own."""
    return lambda request, now: scripts[request.url.rpartition("/")[2]](request, now)


async def polled(*raw, polls=1, **more):
    """A house after so many polls of a publisher that says this."""
    house = Polled(Script(*raw))
    await house.watch(**more)
    for _ in range(polls):
        await house.poll()
    return house


def sent(house):
    return [request.validators for _, request in house.asked]


# --- A: conditional requests


async def test_a1_the_first_request_has_no_condition_and_all_later_ones_have():
    house = await polled(feed("a", etag='"1"', modified="Sun, 22 Nov 2026 07:21:08 GMT"), said(304), polls=4)
    given = Validators(etag='"1"', last_modified="Sun, 22 Nov 2026 07:21:08 GMT")
    assert sent(house) == [NONE, given, given, given]


@pytest.mark.parametrize("etag", ['W/"abc"', '"x;gzip"', '"x-gzip"', "unquoted", '"é"'])
async def test_a2_an_etag_goes_back_byte_for_byte(etag):
    house = await polled(feed("a", etag=etag), said(304), polls=2)
    assert sent(house)[1].etag == etag


async def test_a3_a_date_goes_back_as_it_was_written():
    odd = "Sunday, 22-Nov-26 07:21:08 GMT"
    house = await polled(feed("a", modified=odd), said(304), polls=2)
    assert sent(house)[1] == Validators(last_modified=odd)


async def test_a4_each_200_replaces_both_validators():
    house = await polled(
        feed("a", etag='"1"', modified="Sun, 22 Nov 2026 07:21:08 GMT"), feed("b", etag='"2"'), said(304), polls=3
    )
    assert sent(house)[2] == Validators(etag='"2"')


async def test_a5_a_304_keeps_what_is_known_and_may_bring_a_new_validator():
    house = await polled(feed("a", etag='"1"', modified="m"), said(304, 'ETag: "2"'), said(304), polls=4)
    assert sent(house)[2:] == [Validators(etag='"2"', last_modified="m")] * 2
    assert [entry.key for entry in house.entries] == ["a"]
    assert (await house.status()).failures == 0


async def test_a6_validators_are_those_of_one_address():
    web = by_path(feed=Script(moved(302, NEW)), new=Script(feed("a", etag='"n"'), said(304)))
    house = Polled(web)
    await house.watch()
    for _ in range(4):
        await house.poll()
    assert [(request.url, request.validators.etag) for _, request in house.asked] == [
        (FEED, None),
        (NEW, None),
        (FEED, None),
        (NEW, '"n"'),
    ]


async def test_a6_validators_of_a_target_that_is_no_longer_led_to_are_dropped():
    web = by_path(feed=Script(moved(302, NEW), feed("b", etag='"f"')), new=Script(feed("a", etag='"n"')))
    house = Polled(web)
    await house.watch()
    for _ in range(4):
        await house.poll()
    assert sent(house)[2:] == [NONE, Validators(etag='"f"')]


async def test_a7_the_same_body_again_is_unchanged_and_not_read():
    house = await polled(feed("a"), polls=3)
    assert (await house.status()).polls == {"fetched": 1, "unchanged": 2}


async def test_a8_another_body_with_the_same_etag_is_read():
    house = await polled(feed("a", etag='"stuck"'), feed("a", "b", etag='"stuck"'), polls=2)
    assert [entry.key for entry in house.entries] == ["a", "b"]


async def test_a9_a_feed_that_says_nothing_new_for_ever_is_asked_whole_once_a_week():
    house = await polled(feed("a", etag='"1"'), said(304))
    await house.until(60 * DAY)
    whole = [(at - START) / 1000 / DAY for at, request in house.asked if request.validators == NONE]
    assert 3 <= len(whole) - 1 <= 7
    assert whole[1] >= 14
    assert all(later - earlier >= 7 for earlier, later in itertools.pairwise(whole))


async def test_a9_validators_that_hid_what_is_new_are_not_sent_any_more():
    def web(request, now):
        return said(304) if request.validators.etag else feed("a", *("b" for _ in range(now > START)), etag='"1"')

    house = Polled(web)
    await house.watch()
    await house.until(40 * DAY)
    assert [entry.key for entry in house.entries] == ["a", "b"]
    assert (await house.status()).rhythm.unsure
    last = [request.validators for at, request in house.asked if at > START + 30 * DAY * 1000]
    assert set(last) == {NONE}


@pytest.mark.parametrize("answer", [said(304), said(206, body=rss("b")), said(226, body=rss("b")), said(200), said(204)])
async def test_a10_what_is_no_whole_answer_is_a_failure_and_changes_nothing(answer):
    house = await polled(feed("a"), answer, feed("a", "b"), polls=2)
    assert (await house.status()).outcome == "unusable"
    assert await house.store.known_entries((await house.status()).source.source_id)
    await house.poll()
    assert [entry.key for entry in house.entries] == ["a", "b"]


async def test_a11_one_request_a_poll_and_no_burst_at_a_start():
    house = await polled(feed("a", etag='"1"'), said(304), polls=1)
    assert len(house.asked) == 1
    await house.watch()
    await house.until(30)
    assert len(house.asked) == 1, "a second start asks nothing that isn't due"


# --- C: when


@pytest.mark.parametrize(
    ("header", "hours"),
    [("Retry-After: 7200", 2), ("Cache-Control: max-age=10800", 3), ("Cache-Control: max-age=31536000", 24), ("X: y", 0)],
)
async def test_c1_never_before_what_was_asked_for(header, hours):
    house = await polled(feed("a", etag='"1"'), said(304, header), polls=2, every_ms=600_000)
    wait = await house.poll()
    assert wait >= hours * HOUR
    assert wait <= max(hours * HOUR, 700)


@pytest.mark.parametrize("status", [429, 503, 500, 404, 403])
async def test_c2_retry_after_holds_whatever_came_with_it(status):
    house = await polled(feed("a"), said(status, "Retry-After: 180000", body=b"later"), polls=2, every_ms=600_000)
    assert await house.poll() >= 50 * HOUR


async def test_c2_retry_after_may_be_a_date_and_holds_for_a_month_at_most():
    date = "Tue, 24 Nov 2026 11:06:40 GMT"
    house = await polled(
        feed("a"), said(503, f"Retry-After: {date}"), said(503, "Retry-After: 99999999"), polls=2, every_ms=600_000
    )
    assert (house.now, await house.poll() >= DAY) is not None
    assert await house.poll() == pytest.approx(31 * DAY, rel=0.01)


async def test_c2_a_redirect_that_asks_for_time_is_followed_later():
    web = by_path(feed=Script(moved(301, NEW, "Retry-After: 900")), new=Script(feed("a")))
    house = Polled(web)
    await house.watch()
    await house.poll()
    assert await house.poll() >= 900


async def test_c3_a_429_may_say_how_long_in_its_freshness():
    house = await polled(feed("a"), said(429, "Cache-Control: max-age=7200"), polls=2, every_ms=600_000)
    assert await house.poll() >= 7200


async def test_c5_a_ttl_is_a_lower_bound():
    house = await polled(feed("a", head="<ttl>120</ttl>"), polls=1, every_ms=600_000)
    assert await house.poll() == 7200


async def test_c6_a_feed_that_sleeps_is_left_asleep():
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 12)
    house = await polled(feed("a", head=f"<skipHours>{hours}</skipHours>"), polls=1, every_ms=600_000)
    await house.poll()
    assert house.now // 3_600_000 % 24 == 12


async def test_c7_first_polls_and_later_ones_fall_out_of_step():
    house = Polled(lambda request, now: feed("a", etag='"1"') if request.validators == NONE else said(304), chance=0.9)
    await house.watch(every_ms=HOURLY)
    await house.poll()
    assert await house.poll() == pytest.approx(HOUR * 1.04, rel=0.01)


async def test_c9_a_feed_without_validators_is_asked_once_an_hour_at_most():
    news = iter(range(10_000))
    house = Polled(lambda request, now: feed(*(f"{next(news)}" for _ in range(30))), tempo=Tempo(theta=1))
    await house.watch()
    await house.until(DAY)
    assert len(house.asked) <= 25


async def test_c9_a_large_one_once_a_day():
    def glanced(task, body):
        return Discovery(found="feed", items=1, entries=(Entry(key=f"{len(task.known)}", item_hash="x"),))

    large = iter(range(10_000))
    house = Polled(
        lambda request, now: said(200, body=b"%d" % next(large) + b"x" * 5_000_001), tempo=Tempo(theta=1), reader=glanced
    )
    await house.watch()
    await house.until(3 * DAY)
    assert len(house.asked) <= 4


# --- D: what an answer means


def moving(target=NEW, status=301, at_target=None):
    return by_path(feed=Script(moved(status, target)), new=at_target or Script(feed("a", etag='"n"'), said(304)))


async def test_d1_a_move_is_believed_after_three_answers_over_two_days_and_keeps_its_past():
    house = Polled(moving())
    await house.watch(every_ms=12 * HOURLY)
    await house.until(1.9 * DAY)
    assert (await house.status()).moved is None
    await house.until(3 * DAY)
    assert (await house.status()).moved == NEW
    before = len(house.times())
    await house.until(6 * DAY)
    assert len(house.times()) == before, "nobody asks at the old address"
    assert [entry.key for entry in house.entries] == ["a"]
    assert (await house.status()).polls["fetched"] == 1


async def test_d1_a_move_to_what_is_no_feed_is_not_believed():
    house = Polled(moving(at_target=Script(said(200, "Content-Type: text/html", body=b"<!doctype html><p>Maintenance"))))
    await house.watch(every_ms=12 * HOURLY)
    await house.until(20 * DAY)
    assert (await house.status()).moved is None
    assert (await house.status()).state == "not_a_feed"


async def test_d1_a_chain_with_a_temporary_link_is_not_believed():
    web = by_path(
        feed=Script(moved(301, "https://paper.example/b")),
        b=Script(moved(302, NEW)),
        new=Script(feed("a", etag='"n"'), said(304)),
    )
    house = Polled(web)
    await house.watch(every_ms=12 * HOURLY)
    await house.until(6 * DAY)
    assert (await house.status()).moved is None


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_d2_a_temporary_move_is_never_believed(status):
    house = Polled(moving(status=status))
    await house.watch(every_ms=12 * HOURLY)
    await house.until(6 * DAY)
    assert (await house.status()).moved is None
    assert len(house.times(NEW)) >= 10


async def test_d3_a_move_from_https_to_http_is_never_believed():
    target = "http://paper.example/new"
    house = Polled(moving(target=target))
    await house.watch(every_ms=12 * HOURLY)
    await house.until(6 * DAY)
    assert (await house.status()).moved is None
    assert len(house.times(target)) >= 10


async def test_d4_a_circle_of_redirects_is_a_failure_after_one_round():
    web = by_path(feed=Script(moved(302, NEW)), new=Script(moved(302, FEED)))
    house = Polled(web)
    await house.watch(every_ms=HOURLY)
    await house.until(HOUR)
    assert len(house.asked) == 2
    assert ((await house.status()).outcome, (await house.status()).failures) == ("hops", 1)


async def test_d4_a_chain_ends_after_its_hops():
    house = Polled(lambda request, now: moved(302, f"{request.url}x"))
    await house.watch(every_ms=HOURLY)
    await house.until(HOUR)
    assert len(house.asked) == 11
    assert (await house.status()).outcome == "hops"


async def test_d5_what_a_document_says_of_its_own_address_moves_nobody():
    head = f"<itunes:new-feed-url>{NEW}</itunes:new-feed-url><atom:link rel='self' href='{NEW}'/>"
    house = await polled(feed("a", head=head), feed("b", head=head), every_ms=12 * HOURLY)
    await house.until(6 * DAY)
    assert ((await house.status()).moved, house.times(NEW)) == (None, [])


async def test_d6_what_is_gone_is_shown_and_asked_monthly():
    house = await polled(feed("a"), said(410), feed("a", "b"), polls=2)
    assert (await house.status()).state == "gone"
    assert await house.poll() == pytest.approx(30 * DAY, rel=0.06)
    assert ((await house.status()).state, len(house.entries)) == ("active", 2)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_d7_errors_back_off_to_a_day_then_a_week_and_nothing_is_dropped(status):
    house = await polled(feed("a"), said(status, body=b"no"), every_ms=HOURLY)
    house.chance = 0.999
    await house.until(60 * DAY)
    gaps = [later - earlier for earlier, later in zip(house.times(), house.times()[1:], strict=False)]
    assert gaps[1] == pytest.approx(2 * HOUR, rel=0.01)
    assert max(gap for gap, at in zip(gaps, house.times(), strict=False) if at < 29 * DAY) == pytest.approx(DAY, rel=0.01)
    assert gaps[-1] == pytest.approx(7 * DAY, rel=0.01)
    assert (await house.status()).due_at is not None


async def test_d8_server_errors_back_off_and_one_success_ends_it():
    house = await polled(feed("a", etag='"1"'), *[said(500, body=b"oh")] * 5, said(304), polls=7, every_ms=HOURLY)
    assert (await house.status()).failures == 0
    assert await house.poll() == pytest.approx(HOUR, rel=0.06)


async def test_d8_a_feed_that_moved_and_fails_there_backs_off():
    house = Polled(moving(at_target=Script(said(500, body=b"oh"))), chance=0.999)
    await house.watch(every_ms=HOURLY)
    await house.until(20 * HOUR)
    assert (await house.status()).failures == len(house.times(NEW)) <= 6


async def test_d9_a_challenge_blocks_for_hours():
    house = await polled(
        feed("a"), said(403, "cf-mitigated: challenge", "Server: cloudflare", body=b"<html>"), polls=2, every_ms=600_000
    )
    assert (await house.status()).state == "blocked"
    assert await house.poll() >= 4 * HOUR


async def test_d10_a_429_speaks_for_the_whole_host():
    other = "https://paper.example/other"
    house = Polled(by_path(feed=Script(said(429, "Retry-After: 3600")), other=Script(feed("a"))))
    await house.watch(FEED, other, spread=10, every_ms=600_000)
    await house.poll()
    assert await house.poll() >= HOUR
    assert house.asked[-1][1].url == other


# --- E3, F6, F12: what a body leaves


async def test_e3_a_page_in_the_place_of_a_feed_leaves_its_entries_and_is_shown():
    page = said(200, "Content-Type: text/html", 'ETag: "page"', body=b"<!doctype html><title>x</title><p>hello")
    house = await polled(feed("a", etag='"1"'), page, said(304), polls=2, every_ms=HOURLY)
    status = await house.status()
    assert (status.state, status.outcome, status.failures) == ("not_a_feed", "not_a_feed", 1)
    assert await house.store.known_entries(status.source.source_id)
    await house.poll()
    assert sent(house)[2].etag == '"1"', "what we hold is what we ask about"
    assert (await house.status()).state == "active"


async def test_f12_a_source_that_moved_keeps_its_name_and_its_entries():
    house = Polled(moving(at_target=Script(feed("a", etag='"1"'), said(304), said(304), said(304), said(304), feed("b", "a"))))
    await house.watch(every_ms=12 * HOURLY)
    await house.until(6 * DAY)
    status = await house.status()
    assert (status.moved, status.source.url) == (NEW, FEED)
    assert [entry.key for entry in house.entries] == ["a", "b"]


def archived(name, before=None):
    link = f'<link rel="prev-archive" href="https://paper.example/{before}"/>' if before else ""
    entry = f'<entry><id>{name}</id><title>خبر</title><link href="https://paper.example/{name}.html"/></entry>'
    return said(
        200, 'ETag: "1"', body=f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{link}{entry}</feed>'.encode()
    )


async def test_h1_the_past_of_a_new_feed_is_read_back_to_its_beginning_once():
    web = by_path(feed=Script(archived("now", "y2")), y2=Script(archived("then", "y1")), y1=Script(archived("once", "y2")))
    house = Polled(web)
    await house.watch(every_ms=HOURLY)
    await house.until(3 * HOUR)
    assert [request.url.rpartition("/")[2] for _, request in house.asked if "/y" in request.url] == ["y2", "y1"]
    pages = [(offer.url.rpartition("/")[2], offer.context.backfill) for offer in house.offers if offer.kind is Kind.PAGE]
    assert pages == [("now.html", True), ("then.html", True), ("once.html", True)]


async def test_h2_a_delta_nobody_asked_for_is_a_failure():
    house = await polled(feed("a", etag='"1"'), said(226, "IM: feed", body=rss("b")), polls=2)
    assert (await house.status()).outcome == "unusable"
    assert [entry.key for entry in house.entries] == ["a"]


async def test_the_rhythm_is_learnt_from_the_first_document_and_kept_over_polls():
    house = await polled(feed("a", "b", etag='"1"'), said(304), feed("c", "b", "a", etag='"2"'), polls=3)
    known = (await house.status()).rhythm
    assert (known.shown, known.failures) == (3, 0)
    assert known.newest == house.now
