"""robots.txt before everything else, a copy a day, and what holds while it can't be read."""

import pytest

from crawler.fetching.paced import Pace
from crawler.fetching.robots_cache import AGAIN, BUSY, FRESH, SOON, Book, RobotsFetcher
from crawler.model import Broken, Fetched, HostId, Refused, RobotsCopy, Unasked
from crawler.robots import MOST_BYTES
from tests.fetching.hands import START, HandClock, ListFetcher, broken, fetched, redirected, refused, request

ROBOTS = "http://paper.example/robots.txt"
DENY = b"User-agent: *\nDisallow: /\n"
SECRET = b"User-agent: *\nDisallow: /secret\nCrawl-delay: 7\n"


class Scene:
    """A fetcher behind robots.txt, and what it asked."""

    def __init__(self, *outcomes, kept=(), elsewhere=None):
        self.clock = HandClock()
        self.inner = ListFetcher(self.clock, *outcomes)
        self.kept = {copy.origin: copy for copy in kept}
        self.pace = Pace(self.clock, self.cover, gap=2.0, deadline=60, last_at=0)
        self.book = Book(self.look_up)
        self.elsewhere = ListFetcher(self.clock, *(elsewhere or [None]))
        self.fetcher = RobotsFetcher(
            self.inner, self.book, self.pace, self.clock, abroad=self.elsewhere.fetch, crawl_delay_most=300
        )

    async def cover(self, seconds):
        return True

    async def look_up(self, origin):
        return self.kept.get(origin)

    async def ask(self, path="/1", origin="http://paper.example"):
        return await self.fetcher.fetch(request(origin + path))


def copy(status=200, body=SECRET, until=START + 1000, origin="http://paper.example"):
    return RobotsCopy(origin=origin, host_id=HostId(1), status=status, body=body, fetched_at=START - 9000, until=until)


class TestAsking:
    async def test_robots_txt_is_asked_first_and_its_exchange_comes_first(self):
        scene = Scene(fetched(SECRET), fetched(b"page"))
        outcome = await scene.ask()
        assert isinstance(outcome, Fetched)
        assert scene.inner.urls() == [ROBOTS, "http://paper.example/1"]
        assert [exchange.response[-4:] for exchange in outcome.exchanges] == [SECRET[-4:], b"page"]

    async def test_a_copy_holds_for_a_day(self):
        scene = Scene(fetched(SECRET))
        await scene.ask()
        scene.clock.go(FRESH / 1000 - 1)
        await scene.ask("/2")
        assert scene.inner.urls().count(ROBOTS) == 1
        scene.clock.go(1)
        await scene.ask("/3")
        assert scene.inner.urls().count(ROBOTS) == 2

    async def test_each_origin_has_its_own(self):
        scene = Scene(fetched(SECRET))
        await scene.ask()
        await scene.ask("/1", "https://paper.example")
        assert scene.inner.urls()[2] == "https://paper.example/robots.txt"

    async def test_the_copy_is_handed_out_once_for_the_store(self):
        scene = Scene(fetched(SECRET))
        await scene.ask()
        taken = scene.fetcher.take_copy()
        assert (taken.origin, taken.status, taken.body) == ("http://paper.example", 200, SECRET)
        assert (taken.fetched_at, taken.until) == (START, START + FRESH)
        assert scene.fetcher.take_copy() is None

    async def test_a_stored_copy_that_is_fresh_is_used(self):
        scene = Scene(fetched(), kept=[copy()])
        outcome = await scene.ask("/secret")
        assert (outcome.reason, scene.inner.asked, scene.fetcher.take_copy()) == ("robots", [], None)

    async def test_a_document_of_ours_has_no_robots(self):
        scene = Scene(fetched())
        await scene.ask("", "urn:sha256:00")
        assert scene.inner.urls() == ["urn:sha256:00"]

    async def test_only_so_much_is_kept_of_it(self):
        scene = Scene(fetched(b"#" * 2 * MOST_BYTES))
        await scene.ask()
        assert len(scene.fetcher.take_copy().body) == MOST_BYTES

    async def test_the_memory_has_an_end(self):
        scene = Scene(fetched())
        for number in range(120):
            await scene.book.put(copy(body=b"#" * MOST_BYTES, origin=f"http://{number}.example"))
        assert await scene.book.find("http://0.example") is None
        assert await scene.book.find("http://119.example") is not None


class TestMeaning:
    async def test_what_it_disallows_is_refused_and_not_asked_for(self):
        scene = Scene(fetched(SECRET))
        outcome = await scene.ask("/secret/1")
        assert isinstance(outcome, Refused)
        assert (outcome.reason, outcome.detail) == ("robots", f"{ROBOTS} disallows it")
        assert (scene.inner.urls(), len(outcome.exchanges)) == ([ROBOTS], 1)

    async def test_its_crawl_delay_widens_the_gap(self):
        scene = Scene(fetched(SECRET))
        await scene.ask()
        assert scene.pace.gap == 7

    @pytest.mark.parametrize(
        "answer", [refused("missing", 404), refused("forbidden", 403), refused("gone", 410), refused("unusable", 204)]
    )
    async def test_no_robots_txt_restricts_nothing(self, answer):
        assert isinstance(await Scene(answer, fetched()).ask(), Fetched)

    @pytest.mark.parametrize("answer", [broken("server", 500), refused("later", 429), refused("later", 503)])
    async def test_a_robots_txt_that_fails_forbids_all_for_a_while(self, answer):
        scene = Scene(answer, fetched())
        outcome = await scene.ask()
        assert isinstance(outcome, Refused)
        assert (outcome.reason, outcome.retry_after) == ("robots_unreachable", SOON / 1000)
        assert f"status {answer.exchanges[0].status}" in outcome.detail
        await scene.ask("/2")
        assert scene.inner.urls() == [ROBOTS]

    @pytest.mark.parametrize("status", [200, 429, 503])
    async def test_a_challenge_in_its_place_is_no_robots_txt_and_the_page_is_blocked_as_well(self, status):
        scene = Scene(refused("blocked", status))
        outcome = await scene.ask()
        assert (outcome.reason, scene.fetcher.take_copy()) == ("blocked", None)
        assert scene.inner.urls() == [ROBOTS]

    async def test_a_guard_that_refuses_it_leaves_the_page_to_be_asked_for(self):
        scene = Scene(refused("blocked", 403), fetched(b"page"))
        assert isinstance(await scene.ask(), Fetched)

    async def test_its_retry_after_is_waited_for(self):
        scene = Scene(refused("later", 429, retry_after=7200.0))
        assert (await scene.ask()).retry_after == 7200

    @pytest.mark.parametrize("reason", ["dns", "connect", "tls", "timeout", "cut", "protocol"])
    async def test_where_nobody_answers_the_page_is_broken_alike_and_nothing_is_remembered(self, reason):
        scene = Scene(broken(reason), fetched(SECRET), fetched())
        outcome = await scene.ask()
        assert isinstance(outcome, Broken)
        assert (outcome.reason, outcome.detail) == (reason, f"robots.txt: it was {reason}")
        assert scene.fetcher.take_copy() is None
        assert isinstance(await scene.ask(), Fetched)

    async def test_a_forbidden_address_is_told_as_such(self):
        scene = Scene(Refused(reason="address", detail="127.0.0.1 is private"))
        assert await scene.ask() == Refused(reason="address", detail="127.0.0.1 is private")
        assert scene.fetcher.take_copy() is None

    @pytest.mark.parametrize("answer", [broken("timeout"), broken("server", 503), refused("later", 429)])
    async def test_an_older_copy_stays_in_force_while_robots_txt_is_unreachable(self, answer):
        scene = Scene(answer, fetched(), kept=[copy(until=START)])
        assert isinstance(await scene.ask("/1"), Fetched)
        assert (await scene.ask("/secret")).reason == "robots"
        kept = scene.fetcher.take_copy()
        assert (kept.body, kept.fetched_at, kept.until) == (SECRET, START - 9000, START + AGAIN)
        assert scene.inner.urls().count(ROBOTS) == 1

    async def test_an_older_copy_that_was_no_answer_is_replaced(self):
        scene = Scene(fetched(SECRET), fetched(), kept=[copy(status=500, body=b"", until=START)])
        assert isinstance(await scene.ask(), Fetched)


class TestRedirects:
    async def test_redirects_on_the_same_host_are_followed(self):
        scene = Scene(redirected("https://paper.example/robots.txt"), redirected("https://paper.example/r.txt"), fetched(DENY))
        outcome = await scene.ask()
        assert (outcome.reason, len(outcome.exchanges)) == ("robots", 3)

    async def test_five_are_followed_and_the_sixth_means_there_is_none(self):
        assert (await Scene(*[redirected(ROBOTS)] * 5, fetched(DENY)).ask()).reason == "robots"
        assert isinstance(await Scene(*[redirected(ROBOTS)] * 6, fetched()).ask(), Fetched)

    @pytest.mark.parametrize("host", ["www.paper.example", "paper.example:8080", "elsewhere.example"])
    async def test_they_are_followed_to_another_host_and_hold_for_this_one(self, host):
        scene = Scene(redirected(f"http://{host}/robots.txt"), fetched(), elsewhere=[fetched(SECRET)])
        outcome = await scene.ask("/secret")
        assert (outcome.reason, len(outcome.exchanges)) == ("robots", 2)
        assert scene.elsewhere.urls() == [f"http://{host}/robots.txt"]
        taken = scene.fetcher.take_copy()
        assert (taken.origin, taken.body, taken.until) == ("http://paper.example", SECRET, START + FRESH)

    async def test_there_and_back_again_counts_each_step(self):
        scene = Scene(redirected("http://a.example/"), fetched(DENY), elsewhere=[redirected("http://paper.example/r.txt")])
        outcome = await scene.ask()
        assert (outcome.reason, len(outcome.exchanges)) == ("robots", 3)
        home, away = redirected("http://a.example/robots.txt"), redirected("http://b.example/robots.txt")
        assert isinstance(await Scene(home, fetched(), elsewhere=[away] * 9).ask(), Fetched)

    async def test_while_the_other_host_is_busy_the_page_waits(self):
        scene = Scene(redirected("http://www.paper.example/robots.txt"), fetched())
        outcome = await scene.ask()
        assert isinstance(outcome, Unasked)
        assert (outcome.due_at, len(outcome.exchanges), scene.fetcher.take_copy()) == (START + BUSY, 1, None)

    async def test_while_the_other_host_is_busy_an_older_copy_stays_in_force(self):
        scene = Scene(redirected("http://www.paper.example/robots.txt"), fetched(), kept=[copy(until=START)])
        assert (await scene.ask("/secret")).reason == "robots"

    @pytest.mark.parametrize("answer", [broken("connect"), refused("later", 429), Refused(reason="address", detail="private")])
    async def test_where_the_other_host_does_not_answer_robots_txt_is_unreachable(self, answer):
        scene = Scene(redirected("http://www.paper.example/robots.txt"), fetched(), elsewhere=[answer])
        assert (await scene.ask()).reason == "robots_unreachable"

    async def test_where_the_other_host_has_none_nothing_is_restricted(self):
        scene = Scene(redirected("http://www.paper.example/robots.txt"), fetched(), elsewhere=[refused("missing", 404)])
        assert isinstance(await scene.ask(), Fetched)

    async def test_what_is_known_of_the_other_host_counts(self):
        www = copy(body=DENY, origin="http://www.paper.example")
        outcome = await Scene(redirected("http://www.paper.example/robots.txt"), fetched(), kept=[www]).ask()
        assert outcome.reason == "robots"

    async def test_what_is_known_of_the_other_host_but_out_of_date_does_not(self):
        www = copy(body=DENY, origin="http://www.paper.example", until=START)
        scene = Scene(redirected("http://www.paper.example/robots.txt"), fetched(), kept=[www], elsewhere=[fetched(SECRET)])
        assert isinstance(await scene.ask(), Fetched)


class TestRights:
    async def test_what_it_says_on_reuse_is_known_with_each_answer(self):
        scene = Scene(fetched(b"User-agent: *\nContent-Signal: ai-train=no\n"), fetched(), kept=[copy()])
        await scene.ask("/1", "https://paper.example")
        assert scene.fetcher.rights() == {"robots.txt content-signal": "ai-train=no"}
        await scene.ask("/1")
        assert scene.fetcher.rights() == {}

    async def test_a_document_of_ours_has_none(self):
        scene = Scene(fetched(), kept=[copy(body=b"License: /l.xml")])
        await scene.ask()
        assert scene.fetcher.rights() == {"robots.txt license": "/l.xml"}
        await scene.ask("", "urn:sha256:00")
        assert scene.fetcher.rights() == {}
