"""Replayed pages in Chromium: as they were, right to left where they are, and a hostile one does nothing."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.torture.test_judges import judge, said  # noqa: F401 - a fixture
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium"),
]
HOST, EVIL = "127.0.77.1", "127.0.77.2"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
HOSTILE = """<!doctype html><html lang=en><head><title>Hostile</title>
<base href="http://{evil}/base/"><meta http-equiv=refresh content="1;url=http://{evil}/refresh">
<link rel=preconnect href="http://{evil}/"><link rel=dns-prefetch href="//evil.example"><link rel=prefetch href="http://{evil}/p">
<link rel="preload stylesheet" href="http://{evil}/preload.css" as=style><link rel=stylesheet href="http://{evil}/css.css">
<link rel=icon href="http://{evil}/icon.ico"><link rel=manifest href="http://{evil}/m.json">
<style>@import "http://{evil}/import.css"; body{{background:url(http://{evil}/bg.png)}} p{{background:u\\72l(http://{evil}/esc.png)}}</style>
<script>document.title='owned'; fetch('http://{evil}/fetch'); top.document.title='owned'; top.location='http://{evil}/top';
alert(1); new Image().src='http://{evil}/img'; navigator.sendBeacon('http://{evil}/beacon');
new WebSocket('ws://{evil}/ws');</script>
</head><body onload="alert(2); parent.postMessage('x','*')" background="http://{evil}/body.png">
<p style="background:url('http://{evil}/style.png')">A hostile page of some length, so that it is read as a text.</p>
<img src="http://{evil}/a.png" srcset="http://{evil}/b.png 2x" onerror="alert(3)"><img src=x onerror=alert(4)>
<a href="http://{evil}/link" target=_top ping="http://{evil}/ping">a link</a> <a href="javascript:alert(5)">script</a>
<a href="data:text/html,<script>alert(6)</script>">data</a> <a href="http://{evil}/blank" target=_blank>blank</a>
<svg><a xlink:href="http://{evil}/svg" href="http://{evil}/svg2"><text y=20>svg link</text></a><image href="http://{evil}/i.png"/>
<use href="http://{evil}/u.svg#x"/><script>alert(7)</script><animate attributeName=href values="javascript:alert(8)"/></svg>
<form action="http://{evil}/form"><input name=a><button>send</button></form>
<iframe src="http://{evil}/frame"></iframe><iframe srcdoc="<script>alert(9)</script>"></iframe>
<object data="http://{evil}/o"></object><embed src="http://{evil}/e"><video src="http://{evil}/v" poster="http://{evil}/po"></video>
<template shadowrootmode=open><img src="http://{evil}/shadow"><a href="http://{evil}/shadowlink">s</a></template>
<noscript><img src="http://{evil}/noscript"></noscript><math href="http://{evil}/math"><mtext>m</mtext></math>
<table background="http://{evil}/t.png"><tr><td>x</table></body></html>"""


def site(web: Web, host: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/hostile":
            return Answer(HOSTILE.format(evil=f"{EVIL}:{web.port}").encode())
        if path == "/pictured":
            return Answer(
                b"<html><head><title>Pictured</title><link rel=stylesheet href=/s.css></head><body><h1>Pictured</h1>"
                b"<p>A page with a picture, and a sentence that is long enough.</p>"
                b"<img src=/p.png width=40 height=40></body></html>"
            )
        if path == "/s.css":
            return Answer(b"h1{color:rgb(1,2,3)}", kind="text/css")
        if path == "/p.png":
            return Answer(PNG, kind="image/png")
        return NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def looked(tmp_path_factory, judge):  # noqa: F811
    """What Chromium made of pages: of the demo's Arabic ones, of a hostile one; and who was asked for anything."""
    folder = tmp_path_factory.mktemp("replay")
    assert command.run(folder, "demo", "-o", "archive").returncode == 0
    (folder / "config.yaml").write_text(
        'archive: {dir: archive}\npoliteness: {delay: 0s}\nfetch: {allow_private: ["127.0.0.0/8"]}\n'
    )
    with Web([HOST, EVIL], site) as web:
        for path in ("/hostile", "/pictured", "/s.css", "/p.png"):
            command.run(folder, "fetch", web.url(HOST, path))
        arabic = command.rows(folder, "SELECT url FROM articles WHERE language = 'ar' ORDER BY url")
        english = command.rows(folder, "SELECT url FROM articles WHERE language = 'en' ORDER BY url")
        urls = [arabic[0][0], english[0][0], web.url(HOST, "/hostile"), web.url(HOST, "/pictured")]
        hits = len(web.hits)
        server = command.start(folder, "replay", "--port", "0")
        shell = server.stdout.readline().decode().strip()
        views = [f"/view?at=0&url={quote(url, safe='')}" for url in urls]
        script = Path(__file__).with_name("browser.py")
        python = judge("playwright") / "python"
        done = said(python, script, shell, folder, *views)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=10)
        assert done.returncode == 0, done.stderr
        yield shell, json.loads(done.stdout), web.hits[hits:]


def test_nobody_but_the_replay_is_asked_for_anything(looked):
    _, seen, hits = looked
    assert hits == []
    for one in seen:
        assert all(re.match(r"http://127\.0\.0\.1:\d+/|about:invalid$", url) for url in one["asked"]), one["asked"]


def test_a_hostile_page_does_nothing(looked):
    shell, seen, _ = looked
    hostile = seen[2]
    assert hostile["dialogs"] == hostile["popups"] == []
    assert "owned" not in hostile["title"]
    assert hostile["url"].startswith(shell)
    assert "A hostile page of some length" in hostile["text"]


def test_pages_are_as_they_were_and_right_to_left(looked):
    _, seen, _ = looked
    arabic, english = seen[0], seen[1]
    assert arabic["dir"] == "rtl"
    assert re.search("[\u0600-\u06ff]{3}", arabic["text"])
    assert english["text"]
    assert all("as it was written" in one["bar"] and "not as it" not in one["bar"] for one in seen)


def test_pictures_and_styles_of_the_archive_are_shown(looked):
    _, seen, _ = looked
    assert sum("%2Fs.css" in url or "%2Fp.png" in url for url in seen[3]["asked"]) == 2
