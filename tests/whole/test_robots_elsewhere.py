"""robots.txt lies on another host: its rules hold all the same, for the daemon and for a one-shot."""

from __future__ import annotations

from tests.whole import command
from tests.whole.web import Answer, Web, page, rss

HOME, AWAY = "127.0.7.1", "127.0.7.2"
RULES = b"User-agent: *\nDisallow: /secret\n"


def site(web, host):
    def answer(path, headers):
        if path == "/robots.txt":
            away = {"Location": web.url(AWAY, "/robots.txt")}
            return Answer(RULES, kind="text/plain") if host == AWAY else Answer(status=301, headers=away)
        if path == "/feed":
            return rss([web.url(HOME, "/secret"), web.url(HOME, "/open"), web.url(AWAY, "/open")])
        return page(path)

    return answer


def test_what_another_hosts_file_disallows_is_not_asked_for(tmp_path):
    with Web([HOME, AWAY], site) as web:
        command.write_config(tmp_path, [f"feed: {web.url(HOME, '/feed')}"])
        done = command.run(tmp_path, "run", "--once")
        assert done.returncode == 0, done.stderr
        asked = web.paths()
    assert f"{HOME}/secret" not in asked
    assert {f"{HOME}/open", f"{AWAY}/open"} <= set(asked)
    assert asked.count(f"{HOME}/robots.txt") == 1
    assert command.rows(tmp_path, "SELECT count(*) FROM robots WHERE length(body) > 0")[0][0] >= 1
    assert command.rows(tmp_path, "SELECT count(*) FROM hosts WHERE owner IS NOT NULL") == [(0,)]


def test_nor_by_a_one_shot(tmp_path):
    with Web([HOME, AWAY], site) as web:
        command.write_config(tmp_path, [])
        config = (tmp_path / "config.yaml").read_text().replace("sources:\n", "")
        (tmp_path / "config.yaml").write_text(config)
        done = command.run(tmp_path, "fetch", web.url(HOME, "/secret"), web.url(HOME, "/open"))
        assert "robots" in done.stderr
        assert f"{HOME}/secret" not in web.paths()
        assert f"{HOME}/open" in web.paths()
