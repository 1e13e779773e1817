"""Names: a DNS that never answers, or answers late, holds up nobody."""

import asyncio
import socket
import threading

import pytest

from crawler.fetching.names import MOST_AT_ONCE, NameResolver, look


class Dns:
    """Answers only when told to, but for names that begin with `quick`."""

    def __init__(self):
        self.told = threading.Event()
        self.asked = []

    def __call__(self, host, port, family):
        self.asked.append(host)
        if not host.startswith("quick"):
            self.told.wait(20)
        if host == "nobody":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [{"hostname": host, "host": "192.0.2.1", "port": port, "family": family, "proto": 6, "flags": 0}]


@pytest.fixture
def dns():
    dead = Dns()
    yield dead
    dead.told.set()


async def test_a_name_is_looked_up(dns):
    found = await NameResolver(patience=9, look=dns).resolve("quick", 80)
    assert [(one["host"], one["port"]) for one in found] == [("192.0.2.1", 80)]


async def test_no_answer_in_time_is_told_as_one_that_may_come_later(dns):
    with pytest.raises(socket.gaierror) as raised:
        await NameResolver(patience=0.02, look=dns).resolve("slow", 80)
    assert raised.value.errno == socket.EAI_AGAIN


async def test_a_name_nobody_has_is_told(dns):
    dns.told.set()
    with pytest.raises(socket.gaierror) as raised:
        await NameResolver(patience=9, look=dns).resolve("nobody", 80)
    assert raised.value.errno == socket.EAI_NONAME


async def test_dead_names_take_so_many_threads_and_no_more(dns):
    resolver = NameResolver(patience=0.05, look=dns)
    names = [f"dead{number}" for number in range(3 * MOST_AT_ONCE)]
    answers = await asyncio.gather(*(resolver.resolve(name, 80) for name in names), return_exceptions=True)
    assert {type(answer) for answer in answers} == {socket.gaierror}
    assert len(dns.asked) == MOST_AT_ONCE
    assert await asyncio.to_thread(lambda: "the loop's own threads are free") == "the loop's own threads are free"


async def test_slots_are_free_again_once_the_system_gives_up(dns):
    resolver = NameResolver(patience=0.05, look=dns)
    await asyncio.gather(*(resolver.resolve(f"dead{n}", 80) for n in range(MOST_AT_ONCE)), return_exceptions=True)
    dns.told.set()
    resolver = NameResolver(patience=9, look=dns)
    assert len(await asyncio.gather(*(resolver.resolve(f"live{n}", 80) for n in range(2 * MOST_AT_ONCE)))) == 2 * MOST_AT_ONCE


async def test_the_system_knows_this_machine():
    found = await NameResolver(patience=9, look=look).resolve("localhost", 80, socket.AF_INET)
    assert found[0]["host"].startswith("127.")
