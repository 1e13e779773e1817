"""PDF with pypdf, which is an extra: in an environment that has it."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pdfs import pdf, visual
from tests.torture.test_judges import judge  # noqa: F401 - a fixture
from tests.whole.command import ROOT, environment, write_config

pytestmark = pytest.mark.torture

ARABIC = "تعلن هيئة المياه عن انقطاع المياه في أحياء المدينة القديمة كلها"


def said(*words: object, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, cwd=cwd, env=env)


def _python(judge, folder: Path) -> tuple[Path, dict[str, str]]:  # noqa: F811
    """One with pypdf, and all of ours behind it."""
    return judge("pypdf") / "python", {**environment(folder), "PYTHONPATH": f"{ROOT}:{sysconfig.get_path('purelib')}"}


def test_documents_are_read_as_their_tests_say(tmp_path, judge):  # noqa: F811
    python, env = _python(judge, tmp_path)
    done = said(python, "-m", "pytest", "tests/extraction/test_pdf.py", "-q", "-p", "no:cacheprovider", cwd=ROOT, env=env)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


def test_a_document_is_fetched_and_archived_with_its_text(tmp_path, judge):  # noqa: F811
    python, env = _python(judge, tmp_path)
    write_config(tmp_path, [])
    (tmp_path / "config.yaml").write_text((tmp_path / "config.yaml").read_text().replace("sources:\n", ""))
    (tmp_path / "news.pdf").write_bytes(pdf([[visual(ARABIC)]], {"Title": "بيان هيئة المياه"}))
    done = said(python, "-m", "crawler", "fetch", "news.pdf", "--jsonl", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert (record["title"], record["text"], record["kind"]) == ("بيان هيئة المياه", ARABIC, "other")
