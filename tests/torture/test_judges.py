"""What others say of our files: each judge in an environment of its own, since brotli beside warcio makes it crash."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator

from crawler.archive import cdxj
from crawler.messages import read_response
from crawler.model import Url
from tests.archive import samples
from tests.fidelity import test_answers, test_revisits
from tests.fidelity.cases import CASES
from tests.whole import command

pytestmark = pytest.mark.torture

FRAMED = {name for name, case in CASES.items() if re.search(rb"(?i)\r\ntransfer-encoding:", case.raw)}
BEHIND = {
    "a length too small",
    "junk behind the body",
    "another answer behind the body",
    "switching protocols unasked",
    "204 with a body",
    "304 with a body",
}
"""What came behind the body is evidence and in the block, but no part of the payload; warcio takes all behind the head."""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIETER = "--disable-component-update --disable-sync --window-size=1000,1200 --virtual-time-budget=8000"


@pytest.fixture(scope="session")
def judge(tmp_path_factory):
    """The `bin` of an environment with a package in it, made when it is first asked for."""
    made: dict[str, Path] = {}

    def get(package: str) -> Path:
        if package not in made:
            folder = tmp_path_factory.mktemp("judge")
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([folder / "bin" / "pip", "install", "-qq", "--disable-pip-version-check", package], check=True)
            made[package] = folder / "bin"
        return made[package]

    return get


def said(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, cwd=cwd)


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """The demo's WARC, sealed."""
    folder = tmp_path_factory.mktemp("demo")
    done = command.run(folder, "demo", "-o", "archive")
    assert done.returncode == 0, done.stderr
    (warc,) = folder.rglob("*.warc.gz")
    return warc


def as_sealed(folder: Path) -> Path:
    """A copy of the one WARC in a folder, under a name that says it is one."""
    (warc,) = folder.rglob("*.warc.gz*")
    return Path(shutil.copyfile(warc, folder / "copy.warc.gz")) if warc.suffix != ".gz" else warc


@pytest.fixture(scope="session")
def awkward(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A WARC of all the fidelity suite's answers, and which case is at which address."""
    folder = tmp_path_factory.mktemp("awkward")
    urls, _ = asyncio.run(test_answers.take(folder))
    return as_sealed(folder), {url: name for (_, name), url in urls.items()}


@pytest.fixture(scope="session")
def revisits(tmp_path_factory) -> list[Path]:
    """WARCs in which much was there already."""
    folder = tmp_path_factory.mktemp("revisits")
    test_revisits.crawl(folder, apart=1)  # pywb tells captures apart by the second
    warcs = sorted(folder.rglob("*.warc.gz*"))
    return [Path(shutil.copyfile(warc, folder / f"{number}.warc.gz")) for number, warc in enumerate(warcs)]


def records(warc: Path) -> list[tuple[dict[str, str], bytes]]:
    with warc.open("rb") as file:
        return [(dict(r.headers.to_tuples()), r.reader.read()) for r in ArchiveIterator(file, parse_http=False)]


# --- the files ---------------------------------------------------------------------------------------------------------


def test_warcio_accepts_what_the_demo_archives(demo, revisits, judge):
    for warc in (demo, *revisits):
        checked = said(judge("warcio==1.8.1") / "warcio", "check", "-v", warc)
        assert checked.returncode == 0, checked.stdout
        assert "digest pass" in checked.stdout
        assert subprocess.run(["gzip", "-t", warc], check=False).returncode == 0


def test_warcio_disagrees_only_on_payloads_in_frames(awkward, judge):
    # WARC 1.1 and iipc/warc-specifications#22: a payload is digested without its chunk framing; warcio digests the framing.
    warc, names = awkward
    addresses = {headers["WARC-Record-ID"]: headers.get("WARC-Target-URI") for headers, _ in records(warc)}
    checked = said(judge("warcio==1.8.1") / "warcio", "check", "-v", warc).stdout
    told = re.split(r"WARC-Record-ID ", checked)[1:]
    assert len(told) == len(addresses)
    failed = {text.split()[0]: text for text in told if "failed" in text}
    assert all("block digest failed" not in text for text in failed.values())
    assert {names[addresses[record]] for record in failed} == FRAMED | BEHIND


def test_fastwarc_reads_all_of_them(demo, awkward, revisits, judge):
    for warc in (demo, awkward[0], *revisits):
        checked = said(judge("fastwarc==2.0.1") / "fastwarc", "check", warc)
        assert checked.returncode == 0, checked.stderr
        assert f"{gzip.decompress(warc.read_bytes()).count(b'WARC/1.1' + bytes([13, 10]) + b'WARC-Type: ')} records were" in (
            checked.stdout + checked.stderr
        )


def whatever(chance: random.Random) -> bytes:
    """A body of which some came packed, or none, or all, under any label or none; stored or deflated."""
    noise, text, zeros = (
        chance.randbytes(chance.randrange(150_000)),
        "خبر عاجل ".encode() * chance.randrange(900),
        bytes(chance.randrange(9_000)),
    )
    parts = chance.sample([noise, text, zeros, gzip.compress(text + noise[:5_000]), b"\r\n\r\n"], k=chance.randrange(1, 4))
    return b"".join(parts)


async def keep_whatever(folder: Path, number: int) -> Path:
    chance, archive = random.Random(13), samples.archive(folder)
    await archive.create(samples.name(), samples.WORKER, samples.NOW)
    for n in range(number):
        label = chance.choice([b"", b"Content-Encoding: gzip\r\n", b"Content-Encoding: br\r\n", b"Content-Type: image/png\r\n"])
        head = b"HTTP/1.1 200 OK\r\n" + label + b"X: " + chance.randbytes(9).hex().encode() + b"\r\n\r\n"
        answer = samples.exchange(whatever(chance), url=Url(f"https://a.example/{n}"), head=head, at=samples.NOW + n)
        await archive.write([samples.visit(answer)], {}, {})
        archive.keep()
    await archive.close()
    return as_sealed(folder)


def test_warcio_and_fastwarc_agree_with_every_digest_whatever_came(tmp_path, judge):
    warc = asyncio.run(keep_whatever(tmp_path, 300))
    checked = said(judge("warcio==1.8.1") / "warcio", "check", "-v", warc)
    assert (checked.returncode, "failed" in checked.stdout) == (0, False)
    # once of each: answer, request, note
    assert checked.stdout.count("digest pass") >= 300 * 3
    checked = said(judge("fastwarc==2.0.1") / "fastwarc", "check", "-p", warc)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert subprocess.run(["gzip", "-t", warc], check=False).returncode == 0


def lines(text: str) -> list[tuple[str, str, dict[str, str]]]:
    parted = (line.split(" ", 2) for line in text.splitlines())
    return [(key, moment, json.loads(told)) for key, moment, told in parted]


def test_cdxj_indexer_makes_the_same_index(demo, awkward, revisits, judge):
    odd = {url for url, name in awkward[1].items() if name == "http/0.9"}  # it takes the first line of the page for a status
    for warc in (demo, awkward[0], *revisits):
        made = said(judge("cdxj-indexer==1.5.0") / "cdxj-indexer", "--sort", warc)
        theirs = [line for line in lines(made.stdout) if line[2]["url"] not in odd]
        ours = [line for line in lines(cdxj.index(warc).text.decode()) if line[2]["url"] not in odd]
        assert ours == theirs
        assert ours
    assert lines(demo.with_name(demo.name.removesuffix(".warc.gz") + ".cdxj").read_text()) == lines(
        said(judge("cdxj-indexer==1.5.0") / "cdxj-indexer", "--sort", demo).stdout
    )


# --- replay ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wayback(tmp_path_factory, demo, revisits, judge) -> Iterator[str]:
    """pywb with the demo and the revisits in it: the address of the collection."""
    folder, bin_ = tmp_path_factory.mktemp("pywb"), judge("pywb==2.10.0")
    assert said(bin_ / "wb-manager", "init", "news", cwd=folder).returncode == 0
    added = said(bin_ / "wb-manager", "add", "news", demo, *revisits, cwd=folder)
    assert added.returncode == 0, added.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [bin_ / "wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            until_it_listens(port)
            yield f"http://127.0.0.1:{port}/news/"
        finally:
            server.terminate()
            server.wait()


def until_it_listens(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("pywb doesn't start")


def moment(headers: dict[str, str]) -> str:
    return re.sub(r"\D", "", headers["WARC-Date"])[:14]


def pages(warc: Path) -> list[tuple[str, str, bytes]]:
    """Moment, address and decoded content of each good answer."""
    found = []
    for headers, block in records(warc):
        answer = read_response(block, 1 << 24) if headers["WARC-Type"] == "response" else None
        if answer is not None and answer.status == 200:
            found.append((moment(headers), headers["WARC-Target-URI"], answer.body))
    return found


def asked(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.status == 200
        return answer.read()


def test_pywb_replays_every_page_of_the_demo(demo, wayback):
    replayed = pages(demo)
    assert len(replayed) >= 20
    for when, url, body in replayed:
        assert asked(f"{wayback}{when}id_/{url}") == body
        title = re.search(rb"<title>[^<]+", body)
        assert title is None or title[0] in asked(f"{wayback}{when}mp_/{url}")


def test_pywb_finds_the_original_of_every_identical_payload(revisits, wayback):
    bodies = {url: body for warc in revisits for _, url, body in pages(warc)}
    again = again_of(revisits, "identical-payload-digest")
    assert len(again) == 2
    for headers in again:
        address = f"{wayback}{moment(headers)}id_/{headers['WARC-Target-URI']}"
        assert asked(address) == bodies[headers["WARC-Refers-To-Target-URI"]]


def test_pywb_tells_of_a_304_what_the_server_told(revisits, wayback):
    (headers,) = again_of(revisits, "server-not-modified")
    with pytest.raises(urllib.error.HTTPError, match="304"):
        asked(f"{wayback}{moment(headers)}id_/{headers['WARC-Target-URI']}")


def again_of(warcs: list[Path], profile: str) -> list[dict[str, str]]:
    told = [headers for warc in warcs for headers, _ in records(warc)]
    return [headers for headers in told if headers.get("WARC-Profile", "").endswith(profile)]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_chromium_shows_an_arabic_page_from_the_archive(demo, wayback, tmp_path):
    when, url, body = next(page for page in pages(demo) if "أعلن".encode() in page[2] and b"<h1" in page[2])
    title = re.search(r"<h1[^>]*>\s*([^<]+?)\s*<", body.decode())[1]
    words = [CHROMIUM, *QUIET.split(), *QUIETER.split()]
    shown = said(*words, f"--user-data-dir={tmp_path / 'a'}", "--dump-dom", f"{wayback}{when}mp_/{url}")
    assert title in shown.stdout
    picture = tmp_path / "page.png"
    said(*words, f"--user-data-dir={tmp_path / 'b'}", f"--screenshot={picture}", f"{wayback}{when}/{url}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 60_000  # a blank page of this size has 8 KB
