"""What a status of the 5xx kind means: come again, come later, or never mind."""

import pytest

from crawler.fetching.answers import Answer, settle
from crawler.model import Validators
from tests.fetching.hands import exchange


def settled(status, retry_after=None):
    return settle(Answer(exchange=exchange(status), asked=False, validators=Validators(), retry_after=retry_after))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 507, 508, 520, 599])
def test_most_errors_of_a_server_may_pass(status):
    assert settled(status).reason == "server"


@pytest.mark.parametrize("status", [501, 505, 506, 510, 511])
def test_some_cannot(status):
    assert settled(status).reason == "unusable"


def test_a_server_that_says_when_is_asked_then():
    assert (settled(503, 30.0).reason, settled(503, 30.0).retry_after) == ("later", 30)
    assert settled(500, 30.0).reason == "server"
