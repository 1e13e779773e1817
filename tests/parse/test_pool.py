import asyncio
import os
import signal
import subprocess
import sys
import tracemalloc
from contextlib import aclosing, suppress
from pathlib import Path

import pytest
import structlog

from crawler.model import Kind, ParseTask, Span, Url
from crawler.parse import turns
from crawler.parse.pool import ParserPool
from crawler.parse.process import ParserError
from crawler.patience import Patience

ROOT = Path(__file__).parents[2]
ODD = (sys.executable, "-P", "-m", "tests.parse.odd_child")


@pytest.fixture
async def pools():
    made = []

    def make(**more):
        made.append(ParserPool(**{"command": ODD, "page_seconds": 0.1, **more}))
        return made[-1]

    yield make
    for pool in made:
        await pool.close()


def tasks(*names):
    return [
        ParseTask(span=Span(path="/none", offset=0, length=1), url=Url(f"https://news.example/{name}"), kind=Kind.PAGE)
        for name in names
    ]


async def read(pool, asked):
    """All answers of a batch, in the order of its tasks."""
    found = {}
    async with aclosing(pool.parse(asked)) as parts:
        async for part in parts:
            found.update(part)
    return [found[index] for index in range(len(asked))]


def told(found):
    return [answer.note or answer.title.rpartition("/")[2] for answer in found]


async def test_answers_come_in_the_order_of_the_tasks(pools):
    names = [f"page{n}" for n in range(100)]
    assert told(await read(pools(), tasks(*names))) == names


async def test_an_empty_batch_has_no_answers(pools):
    assert await read(pools(), []) == []


async def test_many_batches_at_once_get_each_their_own_answers(pools):
    pool = pools(workers=2)
    batches = [[f"b{b}p{p}" for p in range(5)] for b in range(20)]
    found = await asyncio.gather(*(read(pool, tasks(*batch)) for batch in batches))
    assert [told(answers) for answers in found] == batches


@pytest.mark.parametrize(
    ("bad", "note"),
    [
        ("spin", "the parser ran out of time (0.1 s)"),
        ("sleep", "the parser ran out of time (0.1 s)"),
        ("kill", "the parser crashed (signal 9)"),
        ("memory", "the parser ran out of memory"),
        ("defect", "the parser crashed (RuntimeError: قسمة على صفر)"),
    ],
)
async def test_a_bad_page_is_given_up_alone(pools, bad, note):
    found = await read(pools(), tasks("one", "two", bad, "three", "four"))
    assert told(found) == ["one", "two", note, "three", "four"]
    assert [answer.given_up for answer in found] == [False, False, True, False, False]
    assert found[2].found == "nothing"


async def test_several_bad_pages_of_a_batch_each_are_given_up(pools):
    found = await read(pools(), tasks("kill", "one", "defect", "kill", "two", "memory"))
    assert [answer.given_up for answer in found] == [True, False, True, True, False, True]


async def test_a_page_is_not_blamed_for_what_pages_before_it_did(pools):
    names = [f"{n}/tired" for n in range(8)]
    found = await read(pools(), tasks(*names))
    assert [answer.given_up for answer in found] == [False] * 8


async def test_a_child_that_ends_between_two_pages_has_each_told_once(pools):
    pool = pools()
    assert await parts_of(pool, tasks("one", "last", "two", "last", "three")) == [[0, 1, 2, 3, 4]]


async def test_an_answer_nobody_can_read_is_the_pages_fault(pools):
    found = await read(pools(), tasks("one", "nonsense", "two"))
    assert [answer.given_up for answer in found] == [False, True, False]


async def test_what_a_library_prints_is_no_answer(pools):
    assert told(await read(pools(), tasks("noise", "one", "noise"))) == ["noise", "one", "noise"]


async def test_a_lone_surrogate_does_not_stop_an_answer(pools):
    (found,) = await read(pools(), tasks("surrogate"))
    assert found.article.title == "a\ufffdb"
    assert found.article.found_in == {"title": "x\ufffd"}


async def test_a_child_goes_on_from_batch_to_batch_until_it_fails(pools):
    pool = pools()
    (first,) = await read(pool, tasks("who"))
    (again,) = await read(pool, tasks("who"))
    assert first.note == again.note
    await read(pool, tasks("kill"))
    (other,) = await read(pool, tasks("who"))
    assert other.note.split()[0] != first.note.split()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_child_holds_nothing_but_its_pipes(pools, tmp_path):
    with (tmp_path / "lock").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        (found,) = await read(pools(), tasks("who"))
    assert (
        found.note.split()[1] == "7"
    )  # stdin, stdout, stderr, the way to us, the turns, the marks, and the folder being listed


async def test_a_child_writes_no_file(pools):
    (found,) = await read(pools(), tasks("write"))
    assert found.note == "File too large"


async def parts_of(pool, asked):
    return [sorted(part) async for part in pool.parse(asked)]


async def test_a_page_that_takes_long_holds_up_nobody_and_costs_one_child(pools):
    pool = pools(page_seconds=1.0)
    assert await parts_of(pool, tasks("one", "two", "spin", "three", "four")) == [[0, 1, 3, 4], [2]]
    found = await asyncio.gather(read(pool, tasks("spin")), *(read(pool, tasks("who")) for _ in range(5)))
    assert found[0][0].given_up
    assert len({answers[0].note.split()[0] for answers in found[1:]}) == 1


async def test_a_page_that_takes_long_and_ends_well_is_read_once(pools):
    pool = pools(page_seconds=5.0)
    started = await read(pool, tasks("who"))
    assert await parts_of(pool, tasks("slow")) == [[], [0]]
    assert await read(pool, tasks("who")) == started


async def test_a_child_behind_a_slow_page_makes_room_for_the_one_that_is_on_its_way(pools, tmp_path):
    held = tmp_path / "held"
    pool = pools(page_seconds=5.0, command=("sh", "-c", f'while [ -e "{held}" ]; do sleep 0.01; done; exec "$0" "$@"', *ODD))
    (who,) = await read(pool, tasks("who"))
    held.touch()
    going = asyncio.gather(read(pool, tasks("slow")), read(pool, tasks("one")))
    async with asyncio.timeout(20):
        while _lives(int(who.note.split()[0])):
            await asyncio.sleep(0.01)
    held.unlink()
    assert [told(found) for found in await going] == [["slow"], ["one"]]


async def test_more_slow_pages_than_there_are_places_wait_for_each_other_and_all_are_read(pools):
    found = await read(pools(page_seconds=5.0), tasks("one", *7 * ["slow"], "two"))
    assert told(found) == ["one", *7 * ["slow"], "two"]


async def test_a_child_that_was_killed_from_outside_costs_no_page(pools):
    pool = pools(page_seconds=30)
    (who,) = await read(pool, tasks("who"))
    going = asyncio.create_task(read(pool, tasks("one", "slow", "two")))
    await asyncio.sleep(0.1)
    os.kill(int(who.note.split()[0]), signal.SIGKILL)
    found = await going
    assert told(found) == ["one", "slow", "two"]
    assert not any(answer.given_up for answer in found)


async def test_a_child_that_died_while_it_had_nothing_to_do_is_replaced(pools):
    pool = pools()
    (who,) = await read(pool, tasks("who"))
    os.kill(int(who.note.split()[0]), signal.SIGKILL)
    assert told(await read(pool, tasks("one"))) == ["one"]


async def test_a_child_that_has_grown_is_not_used_again(pools):
    pool = pools()
    (before,) = await read(pool, tasks("who"))
    await read(pool, tasks("fat"))
    (after,) = await read(pool, tasks("who"))
    assert before.note != after.note


async def test_what_was_handed_over_is_let_go_while_a_page_is_waited_for(pools):
    tracemalloc.start()
    try:
        async with aclosing(pools(page_seconds=30).parse(tasks("long", "sleep"))) as parts:
            assert len((await anext(parts))[0].note) == 4 << 20
            going = asyncio.ensure_future(anext(parts))
            await asyncio.sleep(0.05)
            assert tracemalloc.get_traced_memory()[0] < 4 << 20
            going.cancel()
            with suppress(asyncio.CancelledError):
                await going
    finally:
        tracemalloc.stop()


async def test_a_cancelled_batch_leaves_no_answers_to_the_next(pools):
    pool = pools(page_seconds=30)
    going = asyncio.create_task(read(pool, tasks("one", "sleep")))
    await asyncio.sleep(0.3)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert told(await read(pool, tasks("next"))) == ["next"]


async def test_closing_ends_the_children_and_what_they_do(pools):
    pool = pools(page_seconds=30, workers=2)
    (who,) = await read(pool, tasks("who"))
    going = asyncio.create_task(read(pool, tasks("sleep")))
    await asyncio.sleep(0.2)
    await pool.close()
    with pytest.raises(ParserError, match="closed"):
        await going
    with pytest.raises(ProcessLookupError):
        os.kill(int(who.note.split()[0]), 0)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("/no/such/python",), "No such file or directory"),
        ((sys.executable, "-c", "raise SystemExit('no lexbor here')"), "no lexbor here"),
        ((sys.executable, "-c", "pass"), "exit 0"),
    ],
)
async def test_a_child_that_cannot_start_is_our_own_fault(pools, command, why):
    with pytest.raises(ParserError, match=why):
        await read(pools(command=command), tasks("one"))


KILLED_TWICE = 'n=$(cat "$1" 2>/dev/null || echo 0); echo $((n + 1)) > "$1"; [ $n -lt 2 ] && kill -9 $$; shift; exec "$@"'


def killed_twice(folder):
    """A child that whoever needs the memory kills while it starts, twice."""
    return ("/bin/sh", "-c", KILLED_TWICE, "sh", str(folder / "starts"), *ODD)


async def test_a_child_that_cannot_be_started_just_now_is_waited_for(pools, tmp_path):
    pool = pools(command=killed_twice(tmp_path), patience=Patience(lasts=True, least=0.001))
    with structlog.testing.capture_logs() as said:
        assert told(await read(pool, tasks("one", "two"))) == ["one", "two"]
    assert [entry["event"] for entry in said] == ["process_refused", "process_refused", "process_started"]
    assert said[0]["error"] == "the parser can't be started: it crashed (signal 9)"


async def test_who_has_no_patience_is_told_that_it_may_go_later(pools, tmp_path):
    with pytest.raises(ParserError, match="signal 9") as told_why:
        await read(pools(command=killed_twice(tmp_path)), tasks("one"))
    assert told_why.value.again


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no turns")
async def test_only_one_child_has_its_turn_and_the_next_gets_it_when_that_one_dies():
    shared = turns.make()
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(shared)], stdout=subprocess.PIPE, pass_fds=(shared,), cwd=ROOT)
    with holder:
        assert holder.stdout.readline() == b"taken\n"
        second = turns.Turn(shared)
        second.take(0)
        assert not second.taken
        holder.kill()
        holder.wait()
        second.take()
        assert second.taken
    os.close(shared)


def test_without_a_file_to_share_nobody_waits():
    turn = turns.Turn(turns.NONE)
    turn.take()
    assert not turn.taken


HOLDER = """
import sys, time
from crawler.parse.turns import Turn
turn = Turn(int(sys.argv[1]))
turn.take()
print("taken" if turn.taken else "not", flush=True)
time.sleep(60)
"""

PARENT = """
import asyncio, sys
from tests.parse.test_pool import ODD, read, tasks
from crawler.parse.pool import ParserPool
async def main():
    pool = ParserPool(command=ODD, page_seconds=1.0, workers=2)
    a, b = await asyncio.gather(read(pool, tasks("who")), read(pool, tasks("who")))
    print(a[0].note.split()[0], b[0].note.split()[0], flush=True)
    await read(pool, tasks(sys.argv[1]))
    sys.stdin.read()
asyncio.run(main())
"""


@pytest.mark.parametrize("doing", ["one", "spin"])
def test_children_end_when_the_pool_is_killed(doing):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, doing], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with parent:
        children = [int(word) for word in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert len(set(children)) == 2
    for _ in range(1000):
        if not any(_lives(child) for child in children):
            return
        signal.sigtimedwait([], 0.01)
    pytest.fail("a child outlived the pool")


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
