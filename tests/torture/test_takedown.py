"""Killed in any step of a takedown, and by SIGKILL from outside; and what others' tools say of what is left."""

from __future__ import annotations

import json
import shutil
import signal
import time
import zlib

import pytest

from crawler.archive import manifest
from crawler.takedown import carrying
from tests.archive.devices import Died
from tests.takedown.test_carrying import WORDS, Dying, carry, contents, files, looked, orders
from tests.torture.test_judges import judge, said  # noqa: F401 - a fixture
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

pytestmark = pytest.mark.torture


async def test_a_crash_in_each_step(root, tmp_path):
    given = await orders(root)
    whole = shutil.copytree(root, tmp_path / "whole")
    counting = Dying(0)
    await carry(whole, given, counting)
    for at in range(1, counting.calls + 1):
        torn = shutil.copytree(root, tmp_path / "torn")
        with pytest.raises(Died):
            await carry(torn, given, Dying(at))
        await carrying.resume(torn, torn / "warraq.db")
        if manifest.takedowns(manifest.read(torn))[0]:
            assert files(torn) == files(whole), at
            assert looked(torn) == []
            assert [word for word in WORDS if word in contents(torn)] == []
        shutil.rmtree(torn)


def demo(folder):
    done = command.run(folder, "demo", "-o", "archive")
    assert done.returncode == 0, done.stderr
    (folder / "config.yaml").write_text("archive: {dir: archive}\n")
    return command.rows(folder, "SELECT article_id, url, title FROM articles ORDER BY article_id")


def test_sigkill_at_random_moments_and_the_same_again(tmp_path):
    articles = demo(tmp_path)
    for number, (article, url, _) in enumerate(articles[:8]):
        process = command.start(tmp_path, "archive", "redact", article, "--reason", "test", "--yes", "--mentions")
        time.sleep(0.25 + number * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        again = command.run(tmp_path, "archive", "redact", url, "--reason", "test", "--yes", "--mentions")
        assert again.returncode in (0, 4), again.stderr
        command.run(tmp_path, "archive", "seal")  # a start: it goes on
        done = command.run(tmp_path, "verify", "--deep")
        assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_the_tools_of_others_take_what_is_left(tmp_path, judge):  # noqa: F811
    articles = demo(tmp_path)
    for article, _, _ in articles[::2]:
        done = command.run(tmp_path, "archive", "redact", article, "--reason", "test", "--yes")
        assert done.returncode in (0, 4), done.stderr
    (warc,) = (tmp_path / "archive").rglob("*.warc.gz")
    assert said(judge("warcio==1.8.1") / "warcio", "check", warc).returncode == 0
    assert said(judge("fastwarc==2.0.1") / "fastwarc", "check", warc).returncode == 0
    assert said("gzip", "-t", warc).returncode == 0
    indexed = said(judge("cdxj-indexer==1.5.0") / "cdxj-indexer", "--sort", warc).stdout.splitlines()
    ours = warc.with_name(warc.name.replace(".warc.gz", ".cdxj")).read_text().splitlines()
    assert [json.loads(line.split(" ", 2)[2]) for line in indexed] == [json.loads(line.split(" ", 2)[2]) for line in ours]
    assert len(ours) < 25


SECRET = b"a-word-that-stands-on-one-page-only"


def site(web, host):
    def answer(path, headers):
        if path == "/feed":
            return rss([web.url(host, f"/story/{n}") for n in range(6)])
        if path == "/story/3":
            return Answer(page("Story 3").body.replace(b"paragraph 1", SECRET))
        return page(f"Story {path[-1]}") if path.startswith("/story/") else NOT_FOUND

    return answer


def test_beside_a_daemon_which_erases_in_the_segment_it_writes_to(tmp_path):
    with Web(["127.0.89.1"], site) as web:
        command.write_config(tmp_path, [f"feed: {web.url('127.0.89.1', '/feed')}"])
        daemon = command.start(tmp_path, "run")
        begun = time.monotonic()
        while len(command.records(tmp_path)) < 6:
            assert time.monotonic() - begun < 30
            time.sleep(0.2)
        assert any(SECRET in data for data in unpacked(tmp_path))
        given = command.run(tmp_path, "archive", "redact", web.url("127.0.89.1", "/story/3"), "--reason", "x", "--yes")
        assert given.returncode == 0, given.stderr
        assert "a running process writes to it" in given.stderr
        while any(SECRET in line for line in unpacked(tmp_path)):
            assert time.monotonic() - begun < 100
            time.sleep(1)
        beside = command.run(tmp_path, "verify", "--deep")
        assert (beside.returncode, beside.stdout) == (0, "")
        refused = command.run(tmp_path, "fetch", web.url("127.0.89.1", "/story/3"))
        assert (refused.returncode, "was taken down here" in refused.stderr) == (6, True)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=30)
        assert command.run(tmp_path, "archive", "seal").returncode == 0
        after = command.run(tmp_path, "verify", "--deep")
        assert (after.returncode, after.stdout) == (0, "")
        assert len(command.rows(tmp_path, "SELECT 1 FROM articles")) == 5


def unpacked(folder):
    """Every file's bytes, packed ones unpacked as far as they go."""
    for path in (folder / "archive").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield data
            while data.startswith(b"\x1f\x8b"):
                inflater = zlib.decompressobj(31)
                yield inflater.decompress(data)
                data = inflater.unused_data
