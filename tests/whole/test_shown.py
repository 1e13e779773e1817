"""Hostile words in every place a site can put them: no command shows a terminal what it would obey."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page

HOST = "127.0.11.1"
OBEYED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# Markdown sets a stretch of the other direction apart (UAX 9), and ends it in the same line: those two are ours.
APART = re.compile("\u2068([^\u2066-\u2069\n]*)\u2069")
EVIL = "a\x1b]0;owned\x07\x9b2J\u202etxt.exe\u2066\x7f"
IN_XML = escape(EVIL.replace("\x1b", "&#27;").replace("\x07", ""))


def feed(web: Web, name: str) -> bytes:
    links = [web.url(name, f"/story/{n}?{EVIL}") for n in range(3)]
    items = "".join(f"<item><title>{IN_XML}</title><link>{escape(link)}</link></item>" for link in links)
    entry = (
        f"<item><title>{IN_XML}</title><description>{IN_XML} and a text of its own, which is long enough.</description></item>"
    )
    return f"<rss version='2.0'><channel><title>{IN_XML}</title>{items}{entry}</channel></rss>".encode()


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/robots.txt":
            return Answer(
                f"User-agent: *\nDisallow: /{EVIL}\nLicense: {EVIL}\nContent-Signal: {EVIL}\n".encode(), kind="text/plain"
            )
        if path == "/feed":
            return Answer(feed(web, name), kind=f"text/xml; x={EVIL}", headers={"X-Robots-Tag": EVIL, "ETag": f'"{EVIL}"'})
        if path.startswith("/story/0"):
            return Answer(b"x", status=301, headers={"Location": f"http://{EVIL}/{EVIL}"})
        if path.startswith("/story/1"):
            return Answer(b"x", headers={"Content-Encoding": EVIL, "Content-Range": EVIL})
        return page(EVIL) if path.startswith("/story/2") else NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shown")
    with Web([HOST], site) as web:
        sources = [f"feed: {web.url(HOST, '/feed')}", f'section: "{web.url(HOST, "/")}gone\\u202e"']
        command.write_config(folder, sources)
        done = command.run(folder, "run", "--once")
        assert done.returncode == 7, done.stderr
        (folder / "log").write_text(done.stdout + done.stderr)
        for form in ("jsonl", "json", "md", "html"):
            fetched = command.run(folder, "fetch", f"--{form}", web.url(HOST, "/feed"))
            (folder / form).write_text(fetched.stdout + fetched.stderr)
    (folder / "page.html").write_bytes(page(EVIL).body)
    return folder


def shown(folder, *words: str) -> str:
    done = command.run(folder, *words)
    assert "Traceback" not in done.stderr
    return APART.sub(r"\1", done.stdout + done.stderr)


@pytest.mark.parametrize("kept", ["log", "jsonl", "json", "md", "html"])
def test_nothing_a_site_says_is_obeyed_when_it_is_fetched(folder, kept):
    text = APART.sub(r"\1", (folder / kept).read_text())
    assert "txt.exe" in text or kept == "log"
    assert OBEYED.findall(text) == []


@pytest.mark.parametrize(
    "words",
    [
        "failures",
        "failures --json",
        "alike",
        "alike --json",
        "archive list",
        "archive seal",
        "archive seal --json",
        "verify --deep",
        "verify --json",
        "config check",
        "config show",
        "reparse",
        "fetch page.html",
        "fetch --md page.html",
        "rule suggest page.html",
        "rule test page.html",
        f"fetch no-{EVIL}-file",
        f"fetch http://{EVIL}/",
        f"--{EVIL}",
        f"failures --host {EVIL}",
        f"run --config {EVIL}.yaml",
        f"restore {EVIL}",
    ],
    ids=lambda words: words.replace(EVIL, "EVIL"),
)
def test_nothing_a_command_shows_is_obeyed(folder, words):
    assert OBEYED.findall(shown(folder, *(word.replace("\0", "") for word in words.split(" ")))) == []


def test_a_config_with_such_names_is_shown_as_harmless(folder, tmp_path):
    (tmp_path / "config.yaml").write_text('sources:\n  - feed: https://paper.example/f\n    name: "a\\u202eb\\u009bc\\u2066"\n')
    assert OBEYED.findall(shown(tmp_path, "config", "show")) == []
    (tmp_path / "config.yaml").write_text('"a\\u202eb\\e[2J": 1\n')
    assert OBEYED.findall(shown(tmp_path, "config", "check")) == []
