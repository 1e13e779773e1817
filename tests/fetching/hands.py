"""A clock moved by hand and a fetcher that answers from a list: twins of the real ones, without a network or a wait."""

import asyncio

from crawler.model import Broken, Exchange, Fetched, Kind, Redirected, Refused, Request, Url

START = 1_795_000_000_000


class HandClock:
    """Time goes on only when somebody sleeps, or by hand."""

    def __init__(self):
        self.wall = START
        self.steady = 1000.0

    def now(self):
        return self.wall

    def monotonic(self):
        return self.steady

    async def sleep(self, seconds):
        self.go(max(0.0, seconds))
        await asyncio.sleep(0)

    def go(self, seconds):
        self.steady += seconds
        self.wall += round(seconds * 1000)


class ListFetcher:
    """Answers each request with the next outcome of its list (the last one for ever), after `takes` seconds."""

    def __init__(self, clock, *outcomes, takes=0.0):
        self.clock = clock
        self.takes = takes
        self.outcomes = list(outcomes)
        self.asked = []
        """(monotonic start, url)."""

    async def fetch(self, request):
        self.asked.append((self.clock.monotonic(), request.url))
        self.clock.go(self.takes)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def starts(self):
        return [start for start, _ in self.asked]

    def urls(self):
        return [url for _, url in self.asked]


def request(url="http://paper.example/1", kind=Kind.PAGE):
    return Request(url=Url(url), kind=kind)


def exchange(status=200, body=b"x", headers=()):
    head = "\r\n".join([f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "", ""]).encode()
    return Exchange(
        url=Url("http://paper.example/"),
        kind=Kind.PAGE,
        fetched_at=START,
        took=0.1,
        request=b"GET",
        response=head + body,
        status=status,
        payload_bytes=len(body),
    )


def fetched(body=b"x"):
    return Fetched(exchanges=(exchange(200, body),))


def redirected(target, status=301):
    return Redirected(exchanges=(exchange(status, b""),), target=Url(target), permanent=status == 301)


def refused(reason, status, **more):
    return Refused(reason=reason, detail=f"status {status}", exchanges=(exchange(status),), **more)


def broken(reason, status=None):
    return Broken(reason=reason, detail=f"it was {reason}", exchanges=() if status is None else (exchange(status),))
