"""An hour without a network, on a clock of our own."""

from __future__ import annotations

import pytest
import structlog

from crawler.model import Broken, Fetched, Refused, Unasked
from crawler.network import HOSTS, Network
from tests.making import exchange

SILENT = Broken(reason="dns", detail="news.example: DNS can't say now")
ANSWER = Fetched(exchanges=(exchange(),))


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> int:
        return round(self.at * 1000)

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def network(clock):
    return Network(clock, lasts=True)


def silence(network, hosts=HOSTS):
    return [network.judged(f"{n}.example", SILENT) for n in range(hosts)]


def test_one_host_that_is_silent_again_and_again_is_at_fault_itself(network):
    assert [network.judged("a.example", SILENT) for _ in range(50)] == [SILENT] * 50
    assert not network.down


def test_where_nobody_answers_nobody_is_blamed(network):
    with structlog.testing.capture_logs() as said:
        assert silence(network, 10) == [SILENT] * (HOSTS - 1) + [Unasked()] * (11 - HOSTS)
    assert [(entry["event"], entry["why"]) for entry in said] == [("nobody_is_asked", SILENT.detail)]


def test_an_answer_in_between_says_that_the_network_is_there(network):
    for n in range(20):
        assert network.judged(f"{n}.example", SILENT) == SILENT
        assert network.judged("good.example", ANSWER) == ANSWER
    assert not network.down


@pytest.mark.parametrize("outcome", [Unasked(), Refused(reason="robots", detail="x"), Refused(reason="address", detail="x")])
def test_what_was_never_asked_says_nothing(network, outcome):
    silence(network, HOSTS - 1)
    assert network.judged("c.example", outcome) == outcome
    assert not network.down
    silence(network, HOSTS)
    assert network.judged("c.example", outcome) == outcome
    assert network.down


def test_an_hour_without_network_is_probed_ever_less_often_and_ends_with_the_first_answer(network, clock):
    with structlog.testing.capture_logs() as said:
        silence(network)
        probes = []
        while clock.at < 3600:
            clock.at += 0.5
            if network.may_probe():
                probes.append(clock.at)
                assert network.judged("a.example", SILENT) == Unasked()
        assert probes[:5] == [1.0, 3.0, 7.0, 15.0, 31.0]
        assert 60 < len(probes) < 70
        assert network.judged("b.example", ANSWER) == ANSWER
    assert not network.down
    assert [entry["event"] for entry in said] == ["nobody_is_asked", "asking_again"]
    assert said[1]["after"] == 3600.0
    assert silence(network, HOSTS - 1) == [SILENT] * (HOSTS - 1), "it begins anew"


def test_what_our_own_machine_lacks_stops_us_at_once(network):
    assert network.judged("a.example", Unasked(ours="too many open files")) == Unasked()
    assert network.down


def test_a_one_shot_hears_every_failure_as_it_is(clock):
    network = Network(clock, lasts=False)
    assert silence(network, 10) == [SILENT] * 10
    assert not network.down


@pytest.mark.parametrize(("silent", "at_once"), [(59, [64, 64, 64]), (60, [4, 14, 64])])
def test_behind_a_long_silence_hosts_are_asked_a_few_at_first_and_more_with_each_second(network, clock, silent, at_once):
    assert network.at_once(64) == 64
    silence(network)
    clock.at += silent
    network.judged("a.example", ANSWER)
    found = []
    for seconds in (0, 10, 50):
        clock.at += seconds
        found.append(network.at_once(64))
    assert found == at_once
