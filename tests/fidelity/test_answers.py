"""Awkward answers, over the network and into a WARC: what another reader finds there is what came over the wire."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import zlib
from dataclasses import dataclass

import pytest
from fastwarc import ArchiveIterator

from crawler.clock import SystemClock
from crawler.fetching.http import Limits, open_fetcher
from crawler.model import Kind, Request, Url, Validators
from tests.archive import samples
from tests.fidelity.cases import CASES
from tests.fidelity.server import ExactServer, trusted

# One fetcher a case: no case sees what another did to its connection.
LIMITS = Limits(connect=5, idle=1.0, total=9, least_rate=0, body_bytes=400_000, decoded_bytes=1_000_000)
SCHEMES = ("http", "https")
BOTH = [(scheme, name) for scheme in SCHEMES for name in CASES]


@dataclass(frozen=True)
class Record:
    kind: str
    headers: tuple[tuple[str, str], ...]
    block: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def get(self, name: str) -> str | None:
        (value,) = self.all(name) or [None]
        return value


@dataclass(frozen=True)
class Archived:
    warcinfo: Record
    groups: dict[tuple[str, str], list[Record]]
    by_hand: list[Record]
    requests: dict[tuple[str, str], bytes]


async def take(folder) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], bytes]]:
    """Ask for every case, over both schemes, and archive each as its own group. Gives each one's URL and request."""
    scripts = {f"/{number}": case.steps for number, case in enumerate(CASES.values())}
    names = {name: f"/{number}" for number, name in enumerate(CASES)}
    context, few = trusted(), asyncio.Semaphore(12)

    async def ask(url, case):
        validators = Validators(etag='"a"') if case.conditional else Validators()
        async with (
            few,
            open_fetcher(LIMITS, agent="W/0", clock=SystemClock(), allow=["127.0.0.0/8"], tls=context) as fetcher,
        ):
            return await fetcher.fetch(Request(url=Url(url), kind=Kind.PAGE, validators=validators))

    async with ExactServer(scripts) as server:
        urls = {(scheme, name): server.bases[scheme] + names[name] for scheme, name in BOTH}
        outcomes = await asyncio.gather(*(ask(urls[one], CASES[one[1]]) for one in BOTH))
        asked = {one: server.requests[one[0], names[one[1]]] for one in BOTH}
    archive = samples.archive(folder)
    await archive.create(samples.name(), samples.WORKER, samples.NOW)
    for outcome in outcomes:
        await archive.write([samples.visit(*outcome.exchanges, outcome=outcome)], {}, {})
        archive.keep()
    await archive.close()
    return urls, asked


def by_fastwarc(path) -> list[Record]:
    with path.open("rb") as file:
        return [
            Record(str(record.record_type), tuple(record.headers.to_tuples()), record.reader.read())
            for record in ArchiveIterator(file, parse_http=False)
        ]


def by_hand(path) -> list[Record]:
    """Member by member with zlib; header lines split at CRLF; the block by its length."""
    found, rest = [], path.read_bytes()
    while rest:
        inflater = zlib.decompressobj(31)
        text = inflater.decompress(rest)
        assert inflater.eof
        rest = inflater.unused_data
        head, _, block = text.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        headers = tuple(tuple(line.split(": ", 1)) for line in lines)
        length = int(dict(headers)["Content-Length"])
        assert (version, block[length:]) == ("WARC/1.1", b"\r\n\r\n")
        found.append(Record(dict(headers)["WARC-Type"], headers, block[:length]))
    return found


@pytest.fixture(scope="module")
def archived(tmp_path_factory) -> Archived:
    folder = tmp_path_factory.mktemp("fidelity")
    urls, requests = asyncio.run(take(folder))
    (path,) = folder.rglob("*.warc.gz.open")
    info, *rest = by_fastwarc(path)
    of = {url: one for one, url in urls.items()}
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in rest:
        groups.setdefault(of[record.get("WARC-Target-URI")], []).append(record)
    return Archived(info, groups, by_hand(path), requests)


@pytest.fixture
def group(archived, scheme, name):
    return archived.groups[scheme, name]


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def facts(metadata: Record) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in metadata.block.decode().splitlines())


each = pytest.mark.parametrize(("scheme", "name"), BOTH)


def test_two_readers_find_the_same(archived):
    assert archived.by_hand == [archived.warcinfo, *(record for group in archived.groups.values() for record in group)]


@each
def test_the_answer_is_kept_byte_for_byte(group, name):
    assert [record.kind for record in group] == ["response", "request", "metadata"]
    assert group[0].block == CASES[name].raw


@each
def test_the_request_is_kept_as_the_server_got_it(archived, group, scheme, name):
    assert group[1].block == archived.requests[scheme, name]


@each
def test_both_digests_are_right(group, name):
    for record in group:
        assert record.get("WARC-Block-Digest") == sha1(record.block)
    entity = CASES[name].entity
    assert group[0].get("WARC-Payload-Digest") == (None if entity is None else sha1(entity))


@each
def test_a_cut_answer_is_marked(group, name):
    assert group[0].get("WARC-Truncated") == CASES[name].truncated


@each
def test_interim_answers_lie_apart(group, name):
    told = facts(group[2])
    assert base64.b64decode(told.get("interim", "")) == CASES[name].interim
    assert told.get("unparsed") == ("1" if CASES[name].status == 0 else None)
    assert "rebuilt" not in told


@each
def test_who_answered_and_over_what_is_told(group, scheme, name):
    answer, request, metadata = group
    http = "http/1.0" if CASES[name].raw.startswith(b"HTTP/1.0") else "http/1.1"
    assert answer.all("WARC-Protocol") == ([http, "tls/1.3"] if scheme == "https" else [http])
    assert (answer.get("WARC-Cipher-Suite") or "").startswith("TLS_") is (scheme == "https")
    assert answer.get("WARC-IP-Address") == request.get("WARC-IP-Address") == "127.0.0.1"
    assert answer.get("WARC-Concurrent-To") == request.get("WARC-Record-ID")
    assert request.get("WARC-Concurrent-To") == metadata.get("WARC-Concurrent-To") == answer.get("WARC-Record-ID")


@each
def test_every_record_names_its_warcinfo(archived, group):
    assert {record.get("WARC-Warcinfo-ID") for record in group} == {archived.warcinfo.get("WARC-Record-ID")}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.sniffed])
def test_what_the_payload_is_was_seen(group, name):
    assert group[0].get("WARC-Identified-Payload-Type") == CASES[name].sniffed
