"""The unit that `warraq systemd` prints, and what lies beside it for monitors."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import run
from crawler.cli.systemd import unit
from crawler.clock import SystemClock
from crawler.config import Config, load
from crawler.daemon.bulletin import Bulletin
from crawler.meters.crawl import CrawlMeter
from crawler.store.sqlite import SqliteStore

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"


def configured(tmp_path, text) -> Config:
    (tmp_path / "config.yaml").write_text(text)
    return load(tmp_path / "config.yaml", {}, tmp_path)


def printed(tmp_path, capsys, text, *words):
    (tmp_path / "config.yaml").write_text(text)
    code = run(cli, ["systemd", *words, "--config", str(tmp_path / "config.yaml")])
    return code, capsys.readouterr()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("words", [[], ["--user", "daemon"]])
def test_systemd_takes_the_unit_without_a_word(tmp_path, capsys, words):
    code, said = printed(tmp_path, capsys, "archive: {dir: /var/lib/warraq/archive}\n", *words)
    assert code == 0
    (tmp_path / "warraq.service").write_text(said.out)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "warraq.service"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_folder_in_var_lib_is_given_to_the_account_that_is_made_up(tmp_path):
    config = configured(tmp_path, "archive: {dir: /var/lib/warraq/archive}\n")
    text = unit(config, "/opt/warraq/bin/warraq", None)
    assert "\nDynamicUser=yes\n" in text
    assert "\nStateDirectory=warraq\n" in text
    assert f"\nEnvironmentFile=-{tmp_path}/secrets\n" in text
    assert "ReadWritePaths" not in text


def test_any_other_folder_is_made_writable_and_a_store_elsewhere_too(tmp_path):
    config = configured(tmp_path, "archive: {dir: /srv/news}\nstore: {path: /fast/warraq.db}\n")
    text = unit(config, "/opt/warraq/bin/warraq", "warraq")
    assert "\nUser=warraq\n" in text
    assert "\nReadWritePaths=/fast\nReadWritePaths=/srv/news\n" in text
    assert "StateDirectory" not in text


def test_it_waits_at_the_end_for_what_may_be_in_flight(tmp_path):
    config = configured(tmp_path, "fetch: {timeout: 100s}\nstore: {lease_ttl: 300s}\n")
    assert "\nTimeoutStopSec=160s\n" in unit(config, "/opt/warraq/bin/warraq", None)


def test_a_place_that_would_need_quotes_is_refused_in_one_line(tmp_path, capsys):
    code, said = printed(tmp_path, capsys, 'archive: {dir: "/srv/my news"}\n')
    assert code == 2
    assert len(said.err.splitlines()) == 1
    assert "needs no quotes" in said.err


async def test_the_dashboard_and_the_alerts_ask_for_metrics_that_there_are(tmp_path):
    await (await SqliteStore.open(tmp_path / "warraq.db")).close()
    clock = SystemClock()
    told = await Bulletin(tmp_path / "warraq.db", CrawlMeter(clock), clock).metrics()
    there = set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE)) | {
        "warraq_page_visits_total",
        "warraq_source_visits_total",
        "warraq_seconds_since_success",
    }
    board = json.loads((DEPLOY / "grafana.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += re.findall(r"expr: (.*)", (DEPLOY / "alerts.yaml").read_text())
    names = {re.sub("_bucket$", "", name) for expr in asked for name in re.findall(r"warraq_\w+", expr)}
    assert len(asked) > 20
    assert names <= there


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="there is no hadolint here")
def test_hadolint_has_nothing_to_say():
    subprocess.run(["hadolint", DEPLOY / "Dockerfile"], check=True)


def test_the_image_runs_as_nobody_special_and_pins_what_it_is_made_of():
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["10001"]
    assert all(re.search(r":\d", image) for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert "--require-hashes" in text
