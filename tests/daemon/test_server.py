"""Where a daemon tells how it is: to whom, and that it only tells."""

from contextlib import asynccontextmanager

import aiohttp
import pytest

from crawler.ports import LocalError
from crawler.web.callers import called
from crawler.web.server import State, serving


class Told:
    """A teller whose answers a test may change."""

    def __init__(self):
        self.state = State(ok=True, phase="running", since_success=1.5)

    def alive(self):
        return self.state

    def ready(self):
        return self.state

    async def metrics(self):
        return "warraq_x 1\n"


@pytest.fixture
def told():
    return Told()


@asynccontextmanager
async def asking(told, names=()):
    async with serving("127.0.0.1:0", names, told) as address, aiohttp.ClientSession(address) as session:
        yield session


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_is_a_status_and_a_word(told, path):
    async with asking(told) as session:
        async with session.get(path) as answer:
            assert answer.status == 200
            assert await answer.json() == {"ok": True, "phase": "running", "why": [], "since_success": 1.5}
        told.state = State(ok=False, phase="running", why=("the disk is full",))
        async with session.get(path) as answer:
            assert answer.status == 503
            assert (await answer.json())["why"] == ["the disk is full"]


async def test_metrics_are_plain_text(told):
    async with asking(told) as session, session.get("/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert await answer.text() == "warraq_x 1\n"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_can_be_changed_there(told, method):
    async with asking(told) as session, session.request(method, "/metrics") as answer:
        assert answer.status == 405


async def test_a_name_that_was_made_to_point_here_is_refused(told):
    async with asking(told, names=["monitor.example"]) as session:
        for host, status in (("evil.example", 403), ("monitor.example:8765", 200), ("", 403)):
            async with session.get("/metrics", headers={"Host": host}) as answer:
                assert answer.status == status, host


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8765", True),
        ("127.0.0.1", True),
        ("[::1]:8765", True),
        ("192.0.2.7:80", True),
        ("localhost:8765", True),
        ("LOCALHOST.", True),
        ("warraq:8765", True),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("[evil]", False),
        ("evil.example", False),
        ("", False),
    ],
)
def test_by_which_names_it_may_be_called(host, known):
    assert called(host, ["warraq"]) is known


async def test_a_port_that_somebody_else_has_is_named(told):
    async with serving("127.0.0.1:0", (), told) as address:
        taken = address.removeprefix("http://")
        with pytest.raises(LocalError, match=rf"{taken}: .*in use - set web.listen") as refused:
            async with serving(taken, (), told):
                raise AssertionError
    assert refused.value.again
