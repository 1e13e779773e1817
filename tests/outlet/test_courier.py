from __future__ import annotations

import msgspec
import pytest

from crawler.archive.recorded import RecordReader
from crawler.couriers.watch import Watch
from crawler.model import Rhythm
from tests.outlet.shelf import Ear, Shelf, post


@pytest.fixture
async def shelf(tmp_path):
    return await Shelf(tmp_path).make()


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture
async def opened(shelf, ear):
    made = []

    async def open_(**more):
        made.append(await post(shelf, ear, **more))
        return made[-1]

    yield open_
    for one in made:
        await one.store.close()


async def test_a_new_outlet_is_told_of_what_comes_from_now_on(shelf, ear, opened):
    shelf.add("old", "older")
    courier = await opened()
    shelf.add("new", "newer")
    await courier.for_seconds(3)
    assert ear.heard == [3, 4]
    assert ear.bodies[0]["record"]["title"] == "new"
    assert ear.bodies[0]["event"] == "article"


async def test_who_is_started_again_goes_on_where_it_ended(shelf, ear, opened):
    await (await opened()).for_seconds(0)
    shelf.add("while", "nobody", "was there")
    await (await opened()).for_seconds(3)
    await (await opened()).for_seconds(3)
    assert ear.heard == [1, 2, 3]


async def test_a_kill_between_two_notes_tells_some_twice_under_the_same_name_and_none_never(shelf, ear, opened):
    first = await opened()
    shelf.add("one", "two")
    for number in (1, 2):
        found = await first.store.after(number - 1, 1)
        assert await first.courier._tell(found[0], RecordReader(shelf.root)) is True
    await (await opened()).for_seconds(2)
    assert ear.heard == [1, 2, 1, 2]
    assert ear.names[:2] == ear.names[2:]


async def test_nobody_there_is_asked_ever_more_rarely_and_misses_nothing(shelf, ear, opened):
    courier = await opened()
    shelf.add(*(f"story {n}" for n in range(30)))
    ear.deaf = True
    await courier.for_seconds(3600)
    assert ear.tries < 60
    assert shelf.rows("SELECT seq, delivered, error FROM outlets") == [(0, 0, "no")]
    ear.deaf = False
    await courier.for_seconds(400)
    assert list(dict.fromkeys(ear.heard)) == list(range(1, 31))


async def test_a_message_that_nobody_can_take_holds_up_no_other_and_is_tried_for_ever(shelf, ear, opened):
    courier = await opened()
    ear.poison = {2}
    shelf.add("one", "two", "three", "four")
    await courier.for_seconds(60)
    assert sorted(set(ear.heard)) == [1, 3, 4]
    assert shelf.rows("SELECT seq FROM undelivered") == [(2,)]
    ear.poison = set()
    courier.clock.go(7 * 3600)
    await courier.for_seconds(1)
    assert ear.heard[-1] == 2
    assert shelf.rows("SELECT seq FROM undelivered") == []


async def test_who_says_when_to_come_again_is_not_asked_before(shelf, ear, opened):
    courier = await opened()
    shelf.add("one")
    ear.deaf, ear.wait = True, 100
    await courier.for_seconds(99)
    assert ear.tries == 1


async def test_a_clock_that_was_set_back_holds_nothing_up_for_long(shelf, ear, opened):
    courier = await opened()
    shelf.add("one", "two")
    ear.poison = {1}
    await courier.for_seconds(60)
    shelf.rows("UPDATE undelivered SET due_at = due_at + 864000000")
    ear.poison = set()
    await courier.for_seconds(5)
    assert 1 in ear.heard


async def test_a_record_that_was_changed_is_passed_over(shelf, ear, opened):
    courier = await opened()
    shelf.add("one", "two")
    shelf.records.write_bytes(shelf.records.read_bytes().replace(b'"one"', b'"eno"'))
    await courier.for_seconds(2)
    assert ear.heard == [2]


async def test_a_keyword_in_any_spelling_is_told_once_an_article(shelf, ear, opened):
    courier = await opened(keyword="إعلان مينسك")
    shelf.add("Something else", "عن اعلانٍ مينسك اليوم", "والإعلان مِينسك")
    shelf.add("اعلان مينسك again", version=2, article="a2")
    shelf.add("now of اعلان مينسك, too", version=2, article="a1")
    await courier.for_seconds(3)
    assert ear.heard == [2, 3, 5]
    assert ear.bodies[0]["alert"] == {"keyword": "إعلان مينسك"}
    assert ear.bodies[0]["record"]["id"] == "a2"


FETCHED = {"capture": {"fetched_at": "2026-11-22T07:21:08.123Z"}}


async def test_the_past_of_a_new_source_is_told_but_to_those_who_want_only_news(shelf, ear, opened):
    plain, eager = await opened(past=False), await opened(outlet_id="eager")
    shelf.add("of last week", backfill=True, published="2026-11-15T12:00:00+03:00", **FETCHED)
    shelf.add("of this morning", backfill=True, published="2026-11-22T06:00:00Z", **FETCHED)
    shelf.add("of a day nobody knows", backfill=True, published=None, **FETCHED)
    shelf.add("found late", published="2026-11-15", **FETCHED)
    await plain.for_seconds(3)
    assert ear.heard == [2, 3, 4]
    await eager.for_seconds(3)
    assert ear.heard == [2, 3, 4, 1, 2, 3, 4]


async def test_an_old_article_that_has_changed_is_news(shelf, ear, opened):
    courier = await opened(keyword="minsk", past=False)
    shelf.add("Minsk", backfill=True, published="2026-11-15", article="a", **FETCHED)
    shelf.add("Warsaw", backfill=True, published="2026-11-15", article="b", **FETCHED)
    shelf.add("Minsk, too", backfill=True, published="2026-11-15", article="b", version=2, **FETCHED)
    await courier.for_seconds(3)
    assert ear.heard == [3]


async def test_outlets_that_config_names_no_more_are_forgotten(shelf, ear, opened):
    courier = await opened()
    await courier.store.set_aside("o", 1, 1, 0, "no")
    await courier.store.enter({"p": "another"})
    assert shelf.rows("SELECT outlet_id FROM outlets") == [("p",)]
    assert shelf.rows("SELECT * FROM undelivered") == []


# --- sources ------------------------------------------------------------------------------------------------------------


def _source(shelf, name, *, newest=0, failures=0, state="active"):
    rhythm = msgspec.msgpack.encode(Rhythm(newest=newest))
    values = (
        f"'{name}', 1, 'https://{name}.example/', 1, 1, '{name}', 'config', '[]', 1, '{state}', {failures}, x'{rhythm.hex()}'"
    )
    columns = "source_id, kind, url, host_id, h, name, origin, tags, every_ms, state, failures, rhythm"
    shelf.rows(f"INSERT OR REPLACE INTO sources ({columns}) VALUES ({values})")


async def test_a_source_that_went_quiet_is_told_once_until_it_speaks_again(shelf, ear, opened):
    made = await opened(quiet=86_400.0)
    watch, now = Watch(made.outlet, made.desk), made.clock.now()
    _source(shelf, "loud", newest=now - 1000)
    _source(shelf, "quiet", newest=now - 90_000_000)
    await watch.look()
    await watch.look()
    assert [body["source"]["name"] for body in ear.bodies] == ["quiet"]
    assert ear.bodies[0]["alert"] == {"quiet": "1d"}
    _source(shelf, "quiet", newest=now)
    await watch.look()
    _source(shelf, "quiet", newest=now - 90_000_000)
    await watch.look()
    assert len(ear.bodies) == 2


async def test_a_source_that_fails_is_told_when_somebody_listens(shelf, ear, opened):
    made = await opened(failing=3)
    watch = Watch(made.outlet, made.desk)
    _source(shelf, "shaky", failures=2)
    _source(shelf, "broken", failures=3)
    _source(shelf, "shut", state="blocked")
    _source(shelf, "resting", state="paused", failures=9)
    ear.deaf = True
    await watch.look()
    ear.deaf = False
    await watch.look()
    await watch.look()
    assert [body["source"]["name"] for body in ear.bodies] == ["broken", "shut"]


async def test_through_a_week_each_silence_is_told_when_it_is_reached_and_once(shelf, ear, opened):
    made = await opened(quiet=2 * 86_400.0)
    watch, begun = Watch(made.outlet, made.desk), made.clock.now()
    for name in ("daily", "stopped", "resting"):
        _source(shelf, name, newest=begun)
    told_at = []
    for hour in range(0, 7 * 24, 6):
        if hour % 24 == 0:  # one speaks each morning, one never again, one from the fourth day on
            _source(shelf, "daily", newest=made.clock.now())
        if hour == 72:
            _source(shelf, "resting", newest=begun + 10 * 86_400_000)
        before = len(ear.bodies)
        await watch.look()
        told_at += [(hour, body["source"]["name"]) for body in ear.bodies[before:]]
        made.clock.go(6 * 3600)
    assert told_at == [(54, "resting"), (54, "stopped")]
