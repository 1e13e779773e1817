"""What a process does with its memory."""

import resource
import sys
from collections.abc import Callable

import pytest

from crawler.allocator import with_stack


def leaf() -> int:
    return 1


def calls() -> int:
    return leaf()


def deep(level: int, work: Callable[[], int]) -> int:
    return work() if level == 0 else deep(level - 1, work)


def faults() -> int:
    """Pages of memory the system had to find for 200 small calls."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(200):
        calls()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(sys.platform != "linux" or sys.version_info >= (3, 14), reason="how CPython's stack grows")
def test_no_depth_of_calls_stands_at_the_edge_of_the_stack():
    assert max(deep(level, faults) for level in range(250)) >= 200
    assert with_stack(lambda: max(deep(level, faults) for level in range(250))) < 200


def test_what_is_done_with_a_deep_stack_answers_and_fails_as_it_would():
    assert with_stack(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        with_stack(lambda: 1 // 0)
