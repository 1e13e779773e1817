"""`warraq archive redact` on a command line: asks, tells, and goes on with what a crash left."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.archive import manifest
from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.archive.devices import Died
from tests.archive.samples import PAGE
from tests.takedown.test_carrying import WORDS, Dying, carry, contents, looked, orders


@pytest.fixture
async def torn(root) -> Path:
    """One in which a takedown was killed in the middle."""
    given = await orders(root)
    with pytest.raises(Died):
        await carry(root, given, Dying(12))
    return root


def redact(root: Path, page: str, *words: str) -> int:
    return run(cli, ["archive", "redact", page, "--reason", "x", "--config", str(root.with_name("config.yaml")), *words])


def test_the_same_command_after_a_crash_ends_what_was_begun(torn, capfd):
    assert redact(torn, PAGE, "--yes") == Exit.OK
    assert "of before: gone on with" in capfd.readouterr().out
    assert manifest.takedowns(manifest.read(torn))[1] == []
    assert [word for word in WORDS if word in contents(torn)] == []
    assert looked(torn) == []


def test_what_is_unknown_is_told_and_nothing_changes(root, capfd):
    before = contents(root)
    assert redact(root, "https://nowhere.example/", "--yes") == Exit.LOCAL
    assert "nothing was changed" in capfd.readouterr().err
    assert redact(root, "not an address: at all", "--yes") == Exit.LOCAL
    assert redact(root, "https://", "--yes") == Exit.USAGE
    assert contents(root) == before


def test_without_yes_and_without_anybody_to_ask_nothing_is_done(root, capfd):
    assert redact(root, PAGE) == Exit.USAGE
    assert "--yes" in capfd.readouterr().err
    assert manifest.takedowns(manifest.read(root))[0] == []


def test_older_copies_of_the_store_that_name_it_go_too(root, capfd):
    copy, other = root / "warraq.db.v9.bak", root / "warraq.db.v8.bak"
    copy.write_bytes((root / "warraq.db").read_bytes())
    other.write_bytes(b"another database")
    assert redact(root, PAGE, "--yes") == Exit.OK
    assert (copy.exists(), other.exists()) == (False, True)
    assert [word for word in WORDS if word in contents(root)] == []
