"""Each mistake: one line on stderr that says what, where and what to do; the right code; never a trace."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Mapping

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST = "127.0.5.1"


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        match path:
            case "/empty.xml":
                return rss([])
            case "/good":
                return page("A good page")
            case "/closed":
                return page("A closed page")
            case "/robots.txt":
                return Answer(b"User-agent: *\nDisallow: /closed\n", kind="text/plain")
            case "/slow":
                time.sleep(3)
        return NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def web():
    with Web([HOST], site) as serving:
        yield serving


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text(
        'fetch: {allow_private: ["127.0.5.0/24"]}\npoliteness: {delay: 0s}\narchive: {dir: archive}\n'
    )
    return tmp_path


def unused_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What was said but for the summary of a fetch; it must be one line and no trace."""
    lines = [line for line in done.stderr.splitlines() if " article" not in line.split(" · ")[0]]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["fetch", "http://"], 2, "not a URL"),
        (["fetch", "ftp://example.org/x"], 2, "http and https"),
        (["fetch", "not a url"], 2, "neither a URL"),
        (["fetch"], 2, "nothing to fetch"),
        (["fetsch"], 2, "did you mean fetch"),
        (["fetch", "--limit", "0", "http://example.org/"], 2, "--limit"),
        (["fetch", "no/such/file.html"], 4, "no/such/file.html"),
        (["fetch", "http://no-such-host.invalid/"], 5, "no-such-host.invalid"),
        (["fetch", "http://127.0.6.1/"], 6, "allow_private"),
        (["fetch", "http://10.1.2.3/"], 6, "allow_private"),
        (["run", "--config", "missing.yaml"], 3, "missing.yaml"),
    ],
)
def test_a_mistake_is_one_line_and_its_code(folder, words, code, said):
    done = command.run(folder, *words)
    assert done.returncode == code, done.stderr
    assert said in one_line(done)
    assert done.stdout == ""


def test_a_refused_port_is_the_network(folder):
    done = command.run(folder, "fetch", f"http://{HOST}:{unused_port()}/")
    assert done.returncode == 5
    assert "refused" in one_line(done)


@pytest.mark.parametrize(("path", "said"), [("/gone", "404"), ("/closed", "robots"), ("/empty.xml", "no items")])
def test_an_answer_of_no_use_is_the_remote(folder, web, path, said):
    done = command.run(folder, "fetch", web.url(HOST, path))
    assert done.returncode == 6, done.stderr
    assert said in one_line(done)


def test_some_of_several_is_partial(folder, web):
    done = command.run(folder, "fetch", web.url(HOST, "/good"), web.url(HOST, "/gone"))
    assert done.returncode == 7
    assert "404" in one_line(done)
    assert done.stdout.count("\n") == 1


def test_what_there_was_no_time_for_is_a_limit(folder, web):
    (folder / "config.yaml").write_text('fetch: {allow_private: ["127.0.5.0/24"]}\npoliteness: {delay: 60s}\n')
    done = command.run(folder, "fetch", "--no-archive", "--timeout", "1", web.url(HOST, "/good"), web.url(HOST, "/empty.xml"))
    assert done.returncode == 8, done.stderr
    assert "--timeout gives them more" in one_line(done)


def test_three_mistakes_in_three_sections_are_told_at_once_each_with_its_place(folder):
    (folder / "config.yaml").write_text("fetch:\n  concurrency: lots\npoliteness: {dealy: 2s}\nsources:\n  - feed: nowhere\n")
    done = command.run(folder, "run")
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    for place, line in zip(("config.yaml:2:", "config.yaml:3:", "config.yaml:5:"), lines, strict=True):
        assert place in line
        assert line.split(":")[2].isdigit(), line


def test_a_daemon_without_sources_says_so(folder):
    done = command.run(folder, "run")
    assert done.returncode == 2
    assert "sources" in one_line(done)


def test_an_archive_that_cannot_be_written_is_local(folder, web):
    (folder / "archive").write_text("a file where the folder should be")
    done = command.run(folder, "fetch", web.url(HOST, "/good"))
    assert done.returncode == 4
    assert "archive" in one_line(done)


def test_an_archive_without_permission_is_local(folder, web):
    (folder / "config.yaml").write_text('fetch: {allow_private: ["127.0.5.0/24"]}\narchive: {dir: /sys/warraq}\n')
    done = command.run(folder, "fetch", web.url(HOST, "/good"))
    assert done.returncode == 4
    assert "/sys/warraq" in one_line(done)


def test_ctrl_c_ends_with_130_and_without_a_trace(folder, web):
    fetching = command.start(folder, "fetch", web.url(HOST, "/slow"))
    time.sleep(1.5)
    fetching.send_signal(signal.SIGINT)
    _, said = fetching.communicate(timeout=20)
    assert fetching.returncode == 130, said
    assert b"Traceback" not in said
