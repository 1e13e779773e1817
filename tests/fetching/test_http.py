"""The ways to the server: names, addresses, TLS, connections; and what is left when aiohttp can't be tapped."""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
import textwrap
import tracemalloc
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver

from crawler.clock import SystemClock
from crawler.fetching.asking import Lines
from crawler.fetching.guard import Guard
from crawler.fetching.http import HttpFetcher, Limits, open_fetcher
from crawler.fetching.tap import Tap, install
from crawler.messages import read_response
from crawler.model import Broken, Fetched, Kind, Refused, Request, Unasked, Url
from crawler.room import FREE_BYTES, Room
from tests.fetching.scripted import Again, answer

KEYS = Path(__file__).with_name("self-signed.pem")
LIMITS = Limits(connect=0.7, idle=1, total=2)


class Names(AbstractResolver):
    def __init__(self, **names):
        self.names = names

    async def resolve(self, host, port=0, family=socket.AF_INET):
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            {"hostname": host, "host": ip, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for ip in self.names[host]
        ]

    async def close(self):
        pass


async def ask(url, allow=("127.0.0.0/8",), **names):
    async with open_fetcher(LIMITS, agent="Warraq/0", clock=SystemClock(), allow=allow, resolver=Names(**names)) as fetcher:
        return await fetcher.fetch(Request(url=Url(url), kind=Kind.PAGE))


class TestConnecting:
    async def test_an_unknown_host_is_broken_by_dns(self):
        outcome = await ask("http://nowhere.example/")
        assert isinstance(outcome, Broken)
        assert (outcome.reason, outcome.detail) == ("dns", "nowhere.example: no such host (Name or service not known)")

    async def test_a_refused_connection_is_broken_by_connect(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            outcome = await ask(f"http://127.0.0.1:{closed.getsockname()[1]}/")
        assert (outcome.reason, outcome.exchanges) == ("connect", ())

    async def test_a_name_leads_to_its_address(self, server):
        server.scripts["/"] = [answer(body=b"x")]
        outcome = await ask(f"http://paper:{server.port}/", paper=["127.0.0.1"])
        assert isinstance(outcome, Fetched)
        assert f"Host: paper:{server.port}".encode() in server.requests[0][1]

    @pytest.mark.parametrize("host", ["a!b.example", "ex_ample", "a..b", "a" * 70, "xn--a"])
    async def test_an_odd_name_is_an_outcome_not_a_crash(self, host):
        assert isinstance(await ask(f"http://{host}/"), Broken | Refused)

    async def test_a_server_that_never_greets_back_is_a_time_out(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(1)
            outcome = await ask(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        assert (outcome.reason, outcome.detail) == ("timeout", "no connection in time")


class TestGuarded:
    async def test_a_literal_private_address_is_refused_before_anything_is_sent(self, server):
        outcome = await ask(f"{server.base}/", allow=())
        assert isinstance(outcome, Refused)
        assert outcome.reason == "address"
        assert outcome.detail == f"127.0.0.1 port {server.port} is not a public address; fetch.allow_private can permit it"
        assert server.requests == []

    async def test_a_name_that_leads_inside_is_refused(self, server):
        outcome = await ask(f"http://paper.example:{server.port}/", allow=(), **{"paper.example": ["127.0.0.1", "10.0.0.1"]})
        assert (outcome.reason, outcome.exchanges, server.requests) == ("address", (), [])
        assert "paper.example: 127.0.0.1" in outcome.detail

    async def test_a_permission_for_another_port_is_none(self, server):
        outcome = await ask(f"{server.base}/", allow=[f"127.0.0.1:{server.port - 1}"])
        assert outcome.reason == "address"

    async def test_the_address_of_the_connect_is_what_counts(self, server):
        # A resolver that escaped the check stands for DNS that changes its answer between check and connect.
        guard = Guard()
        connector = aiohttp.TCPConnector(resolver=Names(paper=["127.0.0.1"]), socket_factory=guard.socket)
        async with Lines(connector, LIMITS) as lines:
            fetcher = HttpFetcher(lines, guard=guard, limits=LIMITS, agent="Warraq/0", clock=SystemClock())
            outcome = await fetcher.fetch(Request(url=Url(f"http://paper:{server.port}/"), kind=Kind.PAGE))
        assert (outcome.reason, server.requests) == ("address", [])

    async def test_a_resolver_that_answers_with_a_name_gets_no_socket(self, server):
        outcome = await ask(f"http://paper:{server.port}/", allow=(), paper=["localhost"])
        assert (outcome.reason, outcome.detail, server.requests) == ("address", "'localhost' is no address", [])


async def tls_server():
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(body=b"secret"))
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS)
    return await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)


class TestTls:
    async def test_a_certificate_nobody_vouches_for_is_broken(self):
        async with await tls_server() as running:
            outcome = await ask(f"https://127.0.0.1:{running.sockets[0].getsockname()[1]}/")
        assert isinstance(outcome, Broken)
        assert (outcome.reason, outcome.exchanges) == ("tls", ())
        assert "self-signed certificate" in outcome.detail

    async def test_a_server_without_tls_is_broken(self, server):
        outcome = await ask(f"https://127.0.0.1:{server.port}/")
        assert outcome.reason in ("tls", "connect", "timeout")

    async def test_protocol_and_cipher_are_told(self):
        # Trust comes from the environment and is read once, so this one runs in a process of its own.
        program = """
            import asyncio
            from tests.fetching.test_http import ask, tls_server
            async def main():
                async with await tls_server() as running:
                    outcome = await ask(f"https://127.0.0.1:{running.sockets[0].getsockname()[1]}/")
                exchange = outcome.exchanges[0]
                print(exchange.protocol, exchange.cipher, exchange.response[-6:].decode())
            asyncio.run(main())
        """
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            textwrap.dedent(program),
            env={**os.environ, "SSL_CERT_FILE": str(KEYS)},
            stdout=subprocess.PIPE,
        )
        told, _ = await child.communicate()
        assert told.decode().split()[:2] == ["http/1.1", "tls/1.3"]
        assert told.decode().split()[2].startswith("TLS_")
        assert told.decode().split()[3] == "secret"


class TestTap:
    def test_this_aiohttp_has_the_place_for_our_tap(self):
        # If this fails after an update: see crawler/fetching/tap.py; until then answers are rebuilt.
        async def look():
            connector = aiohttp.TCPConnector()
            install(connector, most=1, most_head=1)
            made = connector._factory()
            await connector.close()
            return made

        assert isinstance(asyncio.run(look()), Tap)

    @pytest.mark.parametrize(
        "sent",
        [answer("X-A:  b", body=b"x"), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"],
    )
    async def test_without_a_tap_the_answer_is_rebuilt(self, server, sent):
        server.scripts["/"] = [sent]
        async with Lines(aiohttp.TCPConnector(), LIMITS) as lines:
            fetcher = HttpFetcher(lines, guard=Guard(["127.0.0.1"]), limits=LIMITS, agent="Warraq/0", clock=SystemClock())
            outcome = await fetcher.fetch(Request(url=Url(f"{server.base}/"), kind=Kind.PAGE))
        exchange = outcome.exchanges[0]
        assert exchange.rebuilt
        again, before = read_response(exchange.response, 100), read_response(sent, 100)
        assert (again.status, again.headers, again.body, again.whole) == (before.status, before.headers, before.body, True)

    async def test_our_secrets_are_starred_at_the_same_length(self, server):
        server.scripts["/"] = [answer(body=b"x"), Again]
        headers = [("Authorization", "Bearer سر"), ("cookie", "a=b"), ("X-Note", "a=b"), ("X-Own", "a=b")]
        kept = await self.send(f"{server.base}/", headers, frozenset({"x-own"}))
        sent = server.requests[0][1]
        assert len(kept) == len(sent)
        secrets = {"Bearer سر".encode(): b"*" * 11, b"cookie: a=b": b"cookie: ***", b"X-Own: a=b": b"X-Own: ***"}
        for secret, stars in secrets.items():
            assert secret in sent
            sent = sent.replace(secret, stars)
        assert kept == sent

    @pytest.mark.parametrize("odd", ["a\r\nX-Other: b", "a\nb", "a\0b"])
    async def test_a_header_cannot_begin_another(self, server, odd):
        with pytest.raises(ValueError, match="control characters"):
            await self.send(f"{server.base}/", [("X-Note", odd)])
        with pytest.raises(ValueError, match="control characters"):
            await self.send(f"{server.base}/{odd}", [])
        assert server.requests == []

    async def send(self, url, headers, secret=frozenset()):
        async with Lines(aiohttp.TCPConnector(), LIMITS) as lines:
            line = await lines.open(Url(url), verified=True)
            try:
                kept = line.send(Url(url), headers, secret)
                await line.reply()
            finally:
                line.leave()
        return kept


async def test_a_large_body_that_was_held_back_is_read_to_its_end(server):
    # What lies unread when there is room again is one byte more than aiohttp lets lie: its parser stops behind the last.
    room, limits = Room(), Limits(connect=1, idle=1, total=3)
    room.hold(16 << 20)
    first, rest = b"x" * (FREE_BYTES + 1), b"y" * ((512 << 10) + 1)
    server.scripts["/"] = [answer(body=first + rest)[: -len(rest)], 0.05, rest, Again]
    async with open_fetcher(limits, agent="Warraq/0", clock=SystemClock(), allow=["127.0.0.1"], room=room) as fetcher:
        asking = asyncio.create_task(fetcher.fetch(Request(url=Url(f"{server.base}/"), kind=Kind.PAGE)))
        await asyncio.sleep(0.2)
        room.give(16 << 20)
        outcome = await asking
    assert isinstance(outcome, Fetched)
    assert outcome.exchanges[0].payload_bytes == len(first) + len(rest)


@pytest.mark.parametrize(("size", "found"), [(100 << 10, Fetched), (300 << 10, Unasked)])
async def test_among_many_large_bodies_only_a_page_of_usual_size_needs_no_room(server, size, found):
    room, limits = Room(), Limits(connect=1, idle=0.2, total=3)
    room.hold(16 << 20)
    room.count(8 << 20)  # what has arrived of others that wait
    server.scripts["/"] = [answer(body=b"x" * size), Again]
    async with open_fetcher(limits, agent="Warraq/0", clock=SystemClock(), allow=["127.0.0.1"], room=room) as fetcher:
        assert isinstance(await fetcher.fetch(Request(url=Url(f"{server.base}/"), kind=Kind.PAGE)), found)
    room.count(-(4 << 20))  # just as much as there may be, if nothing of ours is counted any more
    assert room.free_bytes == FREE_BYTES


async def test_of_a_body_that_waits_for_room_no_more_arrives(server):
    room, limits = Room(), Limits(connect=1, idle=5, total=10)
    room.hold(16 << 20)
    server.scripts["/"] = [answer(body=b"x" * (6 << 20)), Again]
    async with open_fetcher(limits, agent="Warraq/0", clock=SystemClock(), allow=["127.0.0.1"], room=room) as fetcher:
        tracemalloc.start()
        asking = asyncio.create_task(fetcher.fetch(Request(url=Url(f"{server.base}/"), kind=Kind.PAGE)))
        while room.free_bytes == FREE_BYTES and tracemalloc.get_traced_memory()[0] < FREE_BYTES:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        arrived, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        room.give(16 << 20)
        outcome = await asking
    assert arrived < 2 * FREE_BYTES
    assert isinstance(outcome, Fetched)
