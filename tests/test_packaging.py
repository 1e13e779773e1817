from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crawler.version import VERSION

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = (
    "aiohttp",
    "feedparser",
    "selectolax",
    "aiosqlite",
    "msgspec",
    "yaml",
    "rich",
    "structlog",
    "fastwarc",
    "publicsuffixlist",
    "asyncio",
)


def locked(path: str) -> dict[str, str]:
    """Package -> version of a lock."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~ ;\[]", one)[0].lower().replace("_", "-") for one in requirements}


def test_the_core_has_at_most_34_packages() -> None:
    assert len(locked("requirements.lock")) <= 34


def test_the_locks_hold_what_is_depended_on() -> None:
    core = wanted(PYPROJECT["project"]["dependencies"])
    extras = PYPROJECT["project"]["optional-dependencies"]
    assert core <= set(locked("requirements.lock"))
    assert core | wanted(extras["test"]) | wanted(extras["check"]) <= set(locked("tests/requirements.lock"))


def test_both_locks_hold_the_same_versions() -> None:
    tests = locked("tests/requirements.lock")
    assert {name: tests[name] for name in locked("requirements.lock")} == locked("requirements.lock")


@pytest.mark.parametrize("path", ["requirements.lock", "tests/requirements.lock"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "://" not in text
    for entry in re.split(r"(?m)^(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in entry


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_import_nothing_heavy(words: list[str]) -> None:
    script = (
        "import sys\nfrom crawler.cli import cli\nfrom crawler.cli.errors import run\n"
        f"assert run(cli, {words!r}) == 0\nprint(*sys.modules, file=sys.stderr)\n"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60)
    assert found.stdout
    assert not set(HEAVY) & set(found.stderr.split())


def test_who_only_looks_waits_for_no_reader_and_no_network() -> None:
    script = "import sys\nfrom crawler.cli import show, status, tail, why\nprint(*sys.modules)\n"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60)
    assert not {"aiohttp", "lxml", "feedparser", "crawler.extraction", "crawler.wiring"} & set(found.stdout.split())


def test_one_round_loads_no_server_and_no_index_of_words() -> None:
    script = (
        "import sys\nfrom crawler.cli import cli\n"
        "assert cli.get_command(None, 'fetch') and cli.get_command(None, 'run')\nprint(*sys.modules)\nimport rich\n"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60)
    assert not {"aiohttp.web", "crawler.web.server", "crawler.search.stems", "rich"} & set(found.stdout.split())


def test_the_version_stands_in_one_place() -> None:
    assert "version" in PYPROJECT["project"]["dynamic"]
    pattern = PYPROJECT["tool"]["hatch"]["version"]["pattern"]
    found = re.search(pattern, (ROOT / PYPROJECT["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8"))
    assert found is not None
    assert found["version"] == VERSION


def test_a_wheel_takes_along_what_the_program_reads() -> None:
    taken = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert taken["config.yaml"] == "crawler/config.yaml"
    assert all((ROOT / path).is_file() for path in taken)


def test_run_lists_its_words_and_refuses_others() -> None:
    listed = subprocess.run(["./run"], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60).stdout
    assert re.findall(r"^\./run (\w+)", listed, flags=re.MULTILINE) == ["demo", "test", "check", "torture", "bench", "lock"]
    refused = subprocess.run(["./run", "nix"], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert refused.returncode == 1
    assert refused.stderr.endswith("run: there is no 'nix' (see above)\n")


def test_run_without_a_python_says_so_in_one_line(tmp_path: Path) -> None:
    for tool in ("sh", "dirname", "cat", "cksum", "cp"):
        (tmp_path / tool).symlink_to(Path("/bin") / tool if (Path("/bin") / tool).exists() else Path("/usr/bin") / tool)
    (tmp_path / "tests").mkdir()
    for name in ("run", "requirements.lock", "tests/requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    found = subprocess.run(
        [str(tmp_path / "sh"), "./run", "demo"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        timeout=60,
        env={"PATH": str(tmp_path)},
    )
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1] == "run: there is no python3 - install Python 3.11 or newer"
