from __future__ import annotations

from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.cli.init import shipped
from crawler.config import load

ROOT = Path(__file__).parent.parent.parent


def test_init_writes_the_shipped_file_into_a_new_folder(tmp_path: Path) -> None:
    assert run(cli, ["init", str(tmp_path / "أخبار/جديد")]) == Exit.OK
    written = tmp_path / "أخبار/جديد/config.yaml"
    assert written.read_bytes() == (ROOT / "config.yaml").read_bytes()
    assert load(written, {}, tmp_path).archive.dir == written.parent / "archive"


def test_init_never_writes_over_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("mine")
    assert run(cli, ["init", str(tmp_path)]) == Exit.USAGE
    assert (tmp_path / "config.yaml").read_text() == "mine"
    said = capsys.readouterr().err
    assert said.startswith(f"warraq: {tmp_path}/config.yaml is already there - ")
    assert said.count("\n") == 1


def test_init_does_not_follow_a_link_to_write_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").symlink_to(tmp_path / "elsewhere")
    assert run(cli, ["init", str(tmp_path)]) == Exit.USAGE
    assert not (tmp_path / "elsewhere").exists()


def test_init_where_nothing_can_be_written_is_a_local_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(cli, ["init", str(tmp_path / "file/below")]) == Exit.LOCAL
    assert capsys.readouterr().err.count("\n") == 1


def test_in_a_checkout_the_shipped_file_is_the_repositorys() -> None:
    assert shipped() == ROOT / "config.yaml"
