"""`warraq sources …` without a network: what each command does, what it leaves in store and manifest, and each mistake."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from crawler.archive import manifest
from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.model import UnwatchedLine, WatchedLine
from crawler.store.roster import open_roster
from crawler.store.sqlite import SqliteStore
from tests.whole.web import Web, page

FEED, SITE = "https://paper.example/rss", "https://site.example/"
CONFIG = """archive: {dir: archive}
sources:
  - feed: https://configured.example/rss
    name: في الملف
"""


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]):
    def call(*words: str, code: Exit = Exit.OK) -> str:
        capsys.readouterr()
        ended = run(cli, ["sources", *words])
        said = capsys.readouterr()
        assert ended == code, said
        assert "Traceback" not in said.err
        return said.out if code is Exit.OK else said.err

    return call


def listed(told) -> dict[str, dict[str, object]]:
    return {str(one["url"]): one for one in map(json.loads, told("list", "--json").splitlines())}


def lines() -> list[object]:
    return [line.entry for line in manifest.read(Path("archive"))]


def due() -> dict[str, int | None]:
    """When each source is due, by the store that a daemon works with."""

    async def ask() -> dict[str, int | None]:
        store = await SqliteStore.open(Path("archive/warraq.db"))
        try:
            return {one.source.url: one.due_at for one in await store.sources()}
        finally:
            await store.close()

    return asyncio.run(ask())


def test_a_feed_is_added_with_all_that_is_said_of_it_and_due_at_once(told) -> None:
    words = ["--every", "5m", "--tag", "عربي", "--tag", "خليج", "--name", "الجريدة", "--priority", "high", "--delay", "5s"]
    assert "added: الجريدة" in told("add", FEED, "--kind", "feed", *words)
    one = listed(told)[FEED]
    assert (one["name"], one["kind"], one["every"], one["tags"], one["origin"]) == (
        "الجريدة",
        "feed",
        "5m",
        ["عربي", "خليج"],
        "command",
    )
    assert due()[FEED] is not None
    (line,) = lines()
    assert isinstance(line, WatchedLine)
    assert (line.url, line.name, line.every_ms, line.weight, line.details.delay) == (FEED, "الجريدة", 300_000, 4.0, 5.0)


def test_adding_again_changes_what_is_said_and_the_same_again_changes_nothing(told) -> None:
    told("add", FEED, "--kind", "feed")
    before = due()[FEED]
    assert "changed: " in told("add", FEED, "--kind", "feed", "--name", "جديد")
    assert "as before: " in told("add", FEED, "--kind", "feed", "--name", "جديد")
    assert listed(told)[FEED]["name"] == "جديد"
    assert due()[FEED] == before
    assert len(lines()) == 2


def test_a_paused_source_is_not_queued_until_it_is_resumed(told) -> None:
    told("add", FEED, "--kind", "feed", "--name", "أ")
    assert "is paused" in told("pause", "أ")
    assert (due()[FEED], listed(told)[FEED]["condition"]) == (None, "paused")
    assert [line.paused for line in lines() if isinstance(line, WatchedLine)] == [False, True]
    assert "is paused - `warraq sources resume` wakes it" in told("poll", "أ", code=Exit.USAGE)
    told("resume", FEED)
    assert (due()[FEED] is not None, listed(told)[FEED]["condition"]) == (True, "active")


def test_a_source_of_the_config_stays_paused_though_the_config_is_read_again(told) -> None:
    def enter() -> None:
        assert run(cli, ["run", "--once", "--config", "config.yaml"]) in (Exit.OK, Exit.PARTIAL)

    Path("config.yaml").write_text(CONFIG.replace("https://configured.example", "http://127.0.0.1:9"))
    enter()
    told("pause", "في الملف")
    enter()
    one = listed(told)["http://127.0.0.1:9/rss"]
    assert (one["condition"], one["origin"], one["next"]) == ("paused", "config", None)
    told("resume", "في الملف")
    assert listed(told)["http://127.0.0.1:9/rss"]["next"] is not None


def test_all_sources_with_a_tag_are_meant_at_once(told) -> None:
    told("import", "--tag", "x", listed_file(3))
    told("add", FEED, "--kind", "feed")
    told("pause", "--tag", "x")
    assert {url: one["condition"] == "paused" for url, one in listed(told).items()} == {
        FEED: False,
        **{f"https://a{n}.example/rss": True for n in range(3)},
    }
    assert "no source has the tag 'y'" in told("poll", "--tag", "y", code=Exit.USAGE)


def test_removing_forgets_a_source_and_says_so_in_the_manifest(told) -> None:
    told("add", FEED, "--kind", "feed")
    told("add", SITE, "--kind", "site", "--depth", "1")
    told("rm", "paper.example/rss")
    assert list(listed(told)) == [SITE]
    assert isinstance(lines()[-1], UnwatchedLine)
    assert [line.url for line in manifest.watched(manifest.read(Path("archive")))] == [SITE]


def test_polling_makes_a_source_due_now(told) -> None:
    told("import", "--tag", "x", listed_file(400))
    late = max(due().items(), key=lambda one: one[1] or 0)[0]
    before = due()[late] or 0
    assert "is due now" in told("poll", late)
    assert 0 < (due()[late] or 0) < before


def listed_file(number: int) -> str:
    Path("feeds.txt").write_text("".join(f"https://a{n}.example/rss\n" for n in range(number)))
    return "feeds.txt"


def test_an_import_adds_what_is_not_known_and_leaves_the_rest(told) -> None:
    told("add", "https://a1.example/rss", "--kind", "feed", "--name", "mine")
    assert "2 sources added, 1 known already" in told("import", listed_file(3))
    found = listed(told)
    assert (len(found), found["https://a1.example/rss"]["name"]) == (3, "mine")
    assert "0 sources added, 3 known already" in told("import", listed_file(3))


def test_all_that_opml_can_hold_comes_back(told) -> None:
    text = """<opml version="2.0"><body><outline text="أخبار"><outline text="محلية"><outline text="جريدة" type="rss"
    xmlUrl="https://a.example/rss" htmlUrl="https://a.example/" description="عن" language="ar" category="بحر"/>
    </outline></outline>    <outline text="https://b.example/rss" xmlUrl="https://b.example/rss"/></body></opml>"""
    Path("in.opml").write_text(text)
    assert "https://a.example/rss  جريدة" in told("import", "in.opml", "--dry-run")
    assert "2 sources added" in told("import", "in.opml")
    out = told("export")
    assert all(part in out for part in ('htmlUrl="https://a.example/"', 'description="عن"', 'language="ar"', "أخبار,محلية,بحر"))
    Path("out.opml").write_text(out)
    told("rm", "https://a.example/rss", "https://b.example/rss")
    told("import", "out.opml")
    assert told("export") == out
    assert told("export", "--list").splitlines() == ["https://b.example/rss", "https://a.example/rss"]


def test_what_is_known_of_a_source_is_shown_and_no_secret_with_it(told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPER_KEY", "5ecret-of-the-test")
    told("add", FEED, "--kind", "feed", "--header", "X-Api-Key=${PAPER_KEY}", "--exclude", "*/print/")
    said = told("show", FEED)
    assert "{X-Api-Key: '${PAPER_KEY}'}" in said
    assert "a command" in said
    assert "5ecret" not in said + told("list", "--json") + Path("archive/manifest.jsonl").read_text()


def test_an_empty_word_names_no_source_not_the_one_without_a_name(told) -> None:
    told("add", FEED, "--kind", "feed")
    assert "no source is called ''" in told("rm", "", code=Exit.USAGE)
    assert FEED in listed(told)


def test_a_long_rule_of_a_source_is_shown_to_its_end(told) -> None:
    rules = [f"*/قسم-{n}/*/print/" for n in range(9)]
    told("add", FEED, "--kind", "feed", *(word for rule in rules for word in ("--exclude", rule)))
    (shown,) = [line for line in told("show", FEED).splitlines() if line.startswith("exclude")]
    assert all(rule in shown for rule in rules)


def test_what_its_pages_are_drawn_with_is_archived_where_that_is_said_of_a_source(told) -> None:
    told("add", FEED, "--kind", "feed", "--assets", "lead-image")
    (line,) = lines()
    assert isinstance(line, WatchedLine)
    assert line.details.assets == "lead-image"
    assert "lead-image" in told("show", FEED)


def test_health_tells_who_is_overdue_and_ends_with_nine(told) -> None:
    told("add", FEED, "--kind", "feed", "--name", "أ")
    assert told("health") == ""

    async def late() -> None:
        async with open_roster(Path("archive/warraq.db")) as roster:
            (one,) = await roster.all()
            await roster.poll([one.source.source_id], 1)

    asyncio.run(late())
    said = told("health", code=Exit.UNHEALTHY)
    assert "1 source, 1 not as they should be" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["list"], Exit.LOCAL, "there is no store yet; `warraq sources add`"),
        (["add"], Exit.USAGE, "missing argument"),
        (["add", "ftp://a.example"], Exit.USAGE, "only http and https"),
        (["add", FEED, "--kind", "blog"], Exit.USAGE, "--kind"),
        (["add", FEED, "--kind", "feed", "--every", "1s"], Exit.USAGE, "--every: schedule allows 1m to 1d"),
        (["add", FEED, "--kind", "feed", "--every", "soon"], Exit.USAGE, "--every: `soon` is no span of time"),
        (["add", FEED, "--kind", "feed", "--every", "5m", "--cron", "0 * * * *"], Exit.USAGE, "--cron: it has `every`, too"),
        (["add", FEED, "--kind", "feed", "--cookie", "a"], Exit.USAGE, "--cookie a: no value - write name=value"),
        (["add", FEED, "--kind", "feed", "--cookie", "a=5ecret"], Exit.USAGE, "--cookie: a secret can't stand here"),
        (["add", FEED, "--kind", "feed", "--depth", "1"], Exit.USAGE, "--depth: only a site has it"),
        (["add", FEED, "--kind", "feed", "--include", "world"], Exit.USAGE, "--include: `world` fits no path"),
        (["add", "https://configured.example/rss", "--kind", "feed"], Exit.USAGE, "config.yaml line 3"),
        (["import", "nix.opml"], Exit.LOCAL, "nix.opml: no such file"),
        (["import", "config.yaml"], Exit.USAGE, "no feed is named in it"),
        (["shwo", "x"], Exit.USAGE, "did you mean show?"),
    ],
)
def test_a_mistake_is_told_in_one_line(words: list[str], code: Exit, said: str, told) -> None:
    err = told(*words, code=code)
    assert said in err
    assert "5ecret" not in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "paper.exampel/rss"], "did you mean"),
        (["rm"], "which source?"),
        (["pause", "zz"], "no source is called 'zz'"),
    ],
)
def test_a_source_that_is_not_there_is_told_in_one_line(words: list[str], said: str, told) -> None:
    told("add", FEED, "--kind", "feed")
    assert said in told(*words, code=Exit.USAGE)


def test_a_source_of_the_config_is_removed_where_it_stands(told) -> None:
    Path("config.yaml").write_text(CONFIG.replace("https://configured.example", "http://127.0.0.1:9"))
    assert run(cli, ["run", "--once"]) in (Exit.OK, Exit.PARTIAL)
    assert "config.yaml line 3" in told("rm", "في الملف", code=Exit.USAGE)


# --- the store is lost


def test_a_rebuild_gives_back_the_sources_that_commands_added(told) -> None:
    told("add", FEED, "--kind", "feed", "--every", "5m", "--tag", "عربي", "--cookie", "s=${S}")
    told("add", SITE, "--kind", "site", "--depth", "1")
    told("import", listed_file(3))
    told("pause", SITE)
    told("rm", "https://a1.example/rss")
    before = {url: {**one, "next": None} for url, one in listed(told).items()}
    with Web(["127.0.71.8"], lambda web, name: lambda path, headers: page("A page")) as web:
        Path("config.yaml").write_text(f'{CONFIG}\nfetch: {{allow_private: ["127.0.71.0/24"]}}\npoliteness: {{delay: 0s}}\n')
        assert run(cli, ["fetch", web.url("127.0.71.8", "/"), "--jsonl"]) == Exit.OK
    assert run(cli, ["archive", "rebuild", "--force"]) == Exit.OK
    after = {url: {**one, "next": None} for url, one in listed(told).items() if one["origin"] == "command"}
    assert after == before
    assert due()[FEED] is not None


def test_a_source_of_the_config_that_was_paused_stays_so_whatever_becomes_of_the_store(told) -> None:
    with Web(["127.0.71.8"], lambda web, name: lambda path, headers: page("A page")) as web:
        configured = web.url("127.0.71.8", "/rss")
        more = '\nfetch: {allow_private: ["127.0.71.0/24"]}\npoliteness: {delay: 0s}\n'
        Path("config.yaml").write_text(CONFIG.replace("https://configured.example/rss", configured) + more)
        assert run(cli, ["run", "--once"]) in (Exit.OK, Exit.PARTIAL)
    told("pause", "في الملف")
    assert run(cli, ["archive", "rebuild", "--force"]) == Exit.OK
    assert (listed(told)[configured]["condition"], due()[configured]) == ("paused", None)
    assert run(cli, ["backup", "b.tar"]) == Exit.OK
    told("resume", "في الملف")
    assert run(cli, ["restore", "b.tar", "--force"]) == Exit.OK
    assert (listed(told)[configured]["origin"], due()[configured] is not None) == ("config", True)


def test_what_a_backup_does_not_know_of_sources_the_manifest_does(told) -> None:
    told("add", FEED, "--kind", "feed")
    assert run(cli, ["backup", "b.tar"]) == Exit.OK
    told("add", SITE, "--kind", "section")
    told("rm", FEED)
    assert run(cli, ["restore", "b.tar", "--force"]) == Exit.OK
    assert list(listed(told)) == [SITE]


def test_a_line_of_a_list_that_is_no_address_is_told_and_the_others_are_added(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    (tmp_path / "list").write_text("https://a.example/feed\n# a remark\n\na.example/rss\n")
    assert run(cli, ["sources", "import", "list"]) == Exit.PARTIAL
    out, err = capsys.readouterr()
    assert out == "1 source added, 0 known already\n"
    assert err == "warraq: list: not a URL: 'a.example/rss'\n"
