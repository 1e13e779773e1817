"""Five thousand feeds of another reader: imported within seconds, and all of them there."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole import command

pytestmark = pytest.mark.torture
FEEDS = 5_000


def test_five_thousand_feeds_are_imported_in_five_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    rows = "".join(f'<outline text="خبر {n}" xmlUrl="https://h{n}.example/rss" category="a,b"/>\n' for n in range(FEEDS))
    (tmp_path / "all.opml").write_text(f"<opml version='2.0'><body>{rows}</body></opml>")
    began = time.process_time()
    assert run(cli, ["sources", "import", "all.opml"]) == Exit.OK
    took = time.process_time() - began
    assert took <= 5, took
    counted = command.rows(tmp_path, "SELECT count(*), count(q_due), count(DISTINCT host_id) FROM sources")
    assert counted == [(FEEDS, FEEDS, FEEDS)]
    assert run(cli, ["sources", "export", "-o", "out.opml"]) == Exit.OK
    assert run(cli, ["sources", "import", "out.opml"]) == Exit.OK
    assert "0 sources added, 5000 known already" in capsys.readouterr().out
