"""Webhooks against a server on loopback, commands as processes."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time

import pytest
from aiohttp import web

from crawler.outlet import Command, Message, Webhook
from crawler.outlet.signing import signed
from crawler.outlet.webhook import open_session, shown

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = Message(name="o-1", at=1_795_000_000_000, body='{"seq":1,"عنوان":"م"}'.encode())


def test_a_signature_is_the_one_of_the_standard():
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', SECRET)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
async def server():
    seen = []

    async def answer(request):
        seen.append((request.path, dict(request.headers), await request.read()))
        match request.path:
            case "/moved":
                return web.Response(status=302, headers={"location": "/elsewhere"})
            case "/busy":
                return web.Response(status=503, headers={"retry-after": "77"})
            case "/slow":
                await asyncio.sleep(5)
            case "/endless":
                response = web.StreamResponse()
                await response.prepare(request)
                while True:
                    await response.write(b"x" * 65536)
        return web.Response(status=204)

    runner = web.AppRunner(web.Application(), shutdown_timeout=0.1)
    runner.app.router.add_route("*", "/{any:.*}", answer)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", seen
    await runner.cleanup()


@pytest.fixture
async def session():
    async with open_session() as session:
        yield session


async def test_a_webhook_is_posted_as_it_is_and_signed(server, session):
    address, seen = server
    assert await Webhook(session, f"{address}/hook?t=%2F", secret=SECRET, timeout=5).tell(MESSAGE) is None
    path, headers, body = seen[0]
    assert (path, body, headers["Content-Type"]) == ("/hook", MESSAGE.body, "application/json")
    content = b"%s.%s.%s" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    digest = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert headers["webhook-id"] == "o-1"


async def test_without_a_secret_there_is_no_signature(server, session):
    address, seen = server
    assert await Webhook(session, address, secret=None, timeout=5).tell(MESSAGE) is None
    assert "webhook-signature" not in seen[0][1]


async def test_a_redirect_is_not_followed(server, session):
    address, seen = server
    refusal = await Webhook(session, f"{address}/moved", secret=None, timeout=5).tell(MESSAGE)
    assert "302" in refusal.why
    assert [path for path, *_ in seen] == ["/moved"]


async def test_who_is_busy_says_when_to_come_again(server, session):
    refusal = await Webhook(session, f"{server[0]}/busy", secret=None, timeout=5).tell(MESSAGE)
    assert (refusal.why, refusal.wait) == ("answered 503", 77)


async def test_who_does_not_answer_is_left_in_time(server, session):
    refusal = await Webhook(session, f"{server[0]}/slow", secret=None, timeout=0.1).tell(MESSAGE)
    assert "no answer" in refusal.why


async def test_an_answer_without_end_is_not_read(server, session):
    assert await Webhook(session, f"{server[0]}/endless", secret=None, timeout=5).tell(MESSAGE) is None


async def test_nobody_there_is_a_refusal_that_does_not_repeat_the_address(session):
    refusal = await Webhook(session, "http://127.0.0.1:1/token", secret=None, timeout=5).tell(MESSAGE)
    assert refusal is not None
    assert "token" not in refusal.why


def test_of_an_address_only_its_host_is_shown():
    assert shown("https://user:pass@hooks.example/T0K3N?k=v") == "https://hooks.example"


# --- commands ------------------------------------------------------------------------------------------------------------


def command(tmp_path, code, timeout=20.0):
    return Command([sys.executable, "-c", code], folder=tmp_path, timeout=timeout)


async def test_a_command_gets_the_line_on_stdin(tmp_path):
    code = "import sys; open('got', 'w').write(sys.stdin.read())"
    assert await command(tmp_path, code).tell(MESSAGE) is None
    assert json.loads((tmp_path / "got").read_text()) == {"seq": 1, "عنوان": "م"}


async def test_a_command_that_fails_or_is_not_there_is_a_refusal(tmp_path):
    assert "ended with 3" in (await command(tmp_path, "raise SystemExit(3)").tell(MESSAGE)).why
    assert "No such file" in (await Command(["./nothing"], folder=tmp_path, timeout=1).tell(MESSAGE)).why


async def test_a_command_that_does_not_read_may_take_it_all_the_same(tmp_path):
    large = Message(name="o-2", at=0, body=b'"' + b"x" * 1_000_000 + b'"')
    assert await command(tmp_path, "pass").tell(large) is None


async def test_a_command_that_takes_too_long_is_killed_with_all_it_started(tmp_path):
    begun = time.monotonic()
    refusal = await Command(["sh", "-c", "sleep 60 & sleep 60"], folder=tmp_path, timeout=0.2).tell(MESSAGE)
    assert "killed" in refusal.why
    assert time.monotonic() - begun < 30


async def test_words_are_no_shell(tmp_path):
    assert await Command(["touch", "a; touch b"], folder=tmp_path, timeout=5).tell(MESSAGE) is None
    assert [path.name for path in tmp_path.iterdir()] == ["a; touch b"]
