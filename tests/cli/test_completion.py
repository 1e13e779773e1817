from __future__ import annotations

import shutil
import subprocess

import pytest

from crawler.cli import cli, completion
from crawler.cli.completion import SHELLS, VARIABLE
from crawler.cli.errors import Exit, run


def asked(monkeypatch, capsys, words: str) -> str:
    """What bash is told after these words; the last one is being typed."""
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    assert completion.answer(cli, "bash_complete") == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_that_is_here_takes_its_script(shell, capsys):
    assert run(cli, ["completion", shell]) == Exit.OK
    script = capsys.readouterr().out
    assert VARIABLE in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_words_and_options_are_completed(monkeypatch, capsys):
    assert asked(monkeypatch, capsys, "warraq fe") == "plain,fetch\n"
    assert "plain,--origin\n" in asked(monkeypatch, capsys, "warraq config show --o")
    assert "plain,rebuild\n" in asked(monkeypatch, capsys, "warraq archive ")


def test_after_a_word_that_is_none_nothing_is_said_and_nothing_breaks(monkeypatch, capsys):
    assert asked(monkeypatch, capsys, "warraq fetsch --l").strip() in ("", "plain,")


def test_another_shell_is_a_mistake(capsys):
    assert run(cli, ["completion", "tcsh"]) == Exit.USAGE
