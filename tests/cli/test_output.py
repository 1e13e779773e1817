"""Where commands write: all of it or nothing, and what goes wrong is told by the name that was given."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.cli.output import replacing
from tests.tools import no_file_grows_beyond


def test_what_was_there_stays_where_the_disk_gets_full(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.write_text("before")
    with no_file_grows_beyond(1000), pytest.raises(OSError, match="File too large") as refused, replacing(place) as file:
        file.write(b"x" * 5000)
    assert refused.value.filename == str(place)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "before")]


def test_what_was_there_stays_where_somebody_interrupts(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "out"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_one_and_leads_to_what_is_new(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("place")
    with replacing(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "place").read_text() == "new"


def test_a_pipe_stays_one_and_gets_it_as_it_comes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_text()))
    reader.start()
    with replacing(tmp_path / "pipe") as stream:
        stream.write(b"new")
    reader.join()
    assert got == ["new"]
    assert (tmp_path / "pipe").is_fifo()


def test_a_folder_that_isnt_there_is_told_by_the_name_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(cli, ["fetch", "https://a.example/", "-o", "nowhere/out"]) == Exit.LOCAL
    assert capfd.readouterr().err == "warraq: nowhere/out: No such file or directory - check how it is written\n"


def test_no_half_configuration_is_left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with no_file_grows_beyond(1000):
        assert run(cli, ["init", str(tmp_path)]) == Exit.LOCAL
    assert f"{tmp_path}/config.yaml: File too large" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []
