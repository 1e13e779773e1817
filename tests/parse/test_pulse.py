"""Whether a silent child is busy with its page, or waits for a core: the second is no fault of the page."""

from crawler.parse.process import Pulse


def test_a_child_that_gets_no_core_is_waited_for() -> None:
    before = Pulse(told=True, ready=True, cpu=1.0)
    assert Pulse(told=True, ready=True, cpu=1.05).waits_since(before, 0.125)
    assert not Pulse(told=True, ready=True, cpu=1.13).waits_since(before, 0.125)


def test_a_child_that_sleeps_keeps_nobody_waiting() -> None:
    before = Pulse(told=True, ready=True, cpu=1.0)
    assert not Pulse(told=True, ready=False, cpu=1.0).waits_since(before, 0.125)


def test_where_the_system_tells_nothing_silence_alone_counts() -> None:
    assert not Pulse().waits_since(None, 0.125)
    assert Pulse(told=True).waits_since(None, 0.125)
