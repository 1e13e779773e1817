"""A web for whole crawls: hosts on loopback addresses, scripted answers, and a log of who asked when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.whole.serving import Serving

REASONS = {
    200: "OK",
    301: "Moved",
    302: "Found",
    304: "Not Modified",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many",
    500: "Oops",
    503: "Busy",
}


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    host: str
    path: str
    at: float
    """When the request's last header byte was here."""
    done: float
    """When the answer's last byte had been written."""
    headers: Mapping[str, str]


Site = Callable[[str, Mapping[str, str]], Answer]
"""(path, headers) -> answer; headers by lower-case name."""


class Web(Serving):
    """Serves each site at its address, all on one port, in a thread of its own, until the `with` ends."""

    backlog = 512

    def __init__(self, hosts: Sequence[str], site: Callable[[Web, str], Site], *, latency: float = 0.0) -> None:
        super().__init__(hosts)
        self._sites = {host: site(self, host) for host in hosts}
        self._latency = latency
        self.hits: list[Hit] = []

    def url(self, address: str, path: str) -> str:
        return f"http://{address}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Host and path of all hits, in the order they came."""
        return [f"{hit.host}{hit.path}" for hit in self.hits]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            at = time.monotonic()
            first, *lines = head.split("\r\n")
            path = first.split(" ")[1]
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
            answer = self._sites[host](path, headers)
            await asyncio.sleep(self._latency)
            writer.write(_written(answer))
            await writer.drain()
            self.hits.append(Hit(host, path, at, time.monotonic(), headers))


def _written(answer: Answer) -> bytes:
    fields = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}
    if answer.status == 304:
        del fields["Content-Length"], fields["Content-Type"]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {answer.status} {REASONS[answer.status]}\r\n{lines}\r\n".encode() + answer.body


def page(title: str, paragraphs: int = 4) -> Answer:
    """A plain news page."""
    text = "".join(
        f"<p>{title}: paragraph {n} of a story that goes on for a while, so that it is taken for text and not for a menu, "
        f"with commas, a few clauses, and an end.</p>"
        for n in range(paragraphs)
    )
    head = f"<!doctype html><html lang=en><head><title>{title}</title></head>"
    return Answer(f"{head}<body><article><h1>{title}</h1>{text}</article></body></html>".encode())


def rss(links: list[str], title: str = "Paper") -> Answer:
    """A feed of these pages."""
    items = "".join(f"<item><title>{link}</title><link>{link}</link><guid>{link}</guid></item>" for link in links)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
    return Answer(body.encode(), kind="application/rss+xml")


NOT_FOUND = Answer(b"no such page", status=404, kind="text/plain")


def short(path: str) -> Answer:
    return page(f"Story {path}", 2)


def newspaper(stories: int, written: Callable[[str], Answer] = short) -> Callable[[Web, str], Site]:
    """A paper of so many stories, `/story/0` and so on, all in `/feed`."""
    links = [f"/story/{n}" for n in range(stories)]

    def paper(web: Web, host: str) -> Site:
        def answer(path: str, _: Mapping[str, str]) -> Answer:
            if path == "/feed":
                return rss([web.url(host, link) for link in links])
            return written(path) if path in links else NOT_FOUND

        return answer

    return paper
