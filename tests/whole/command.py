"""`warraq` as a process, and what it leaves behind."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

COMMAND = [sys.executable, "-m", "crawler"]
ROOT = Path(__file__).parents[2]


def environment(folder: Path) -> dict[str, str]:
    """Of a command that runs in `folder`: what it keeps of its own accord lies there too, never in the folders of who tests."""
    # bytecode may be written: a process that compiles all it imports takes half a second longer to start
    left_out = ("WARRAQ_", "XDG_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "XDG_DATA_HOME": str(folder / "home")}


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *words], cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def run(folder: Path, *words: str, stdin: bytes = b"", timeout: float = 60) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *words], cwd=folder, env=environment(folder), input=stdin, capture_output=True, timeout=timeout, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def write_config(folder: Path, sources: list[str], *, delay: str = "0s", more: str = "") -> None:
    """A config for loopback; `more` are further lines, `sources` lines such as `feed: http://…`."""
    lines = "\n".join(f"  - {source}" for source in sources)
    text = f"""
archive: {{dir: archive, free_least: 0B}}
web: {{listen: null}}
politeness: {{delay: {delay}}}
retry: {{base: 100ms}}
log: {{level: info, format: json}}
{more if "fetch:" in more else 'fetch: {allow_private: ["127.0.0.0/8"]}' + chr(10) + more}
sources:
{lines}
"""
    (folder / "config.yaml").write_text(text)


def responses(folder: Path) -> Counter[str]:
    """How often each address has a full response in the archive; every member is read to its end."""
    found: Counter[str] = Counter()
    for warc in folder.glob("archive/**/*.warc.gz*"):
        if ".torn" in warc.name:
            continue
        with warc.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False):
                length = len(record.reader.read())
                assert length == int(record.headers["Content-Length"]), warc
                if record.record_type == WarcRecordType.response:
                    found[record.headers["WARC-Target-URI"]] += 1
    return found


def records(folder: Path) -> list[dict]:
    """All lines of all `.jsonl` files."""
    files = [path for path in folder.glob("archive/**/*.jsonl") if path.name != "manifest.jsonl"]
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def rows(folder: Path, sql: str) -> list[tuple]:
    """What the store says."""
    with closing(sqlite3.connect(folder / "archive" / "warraq.db")) as db:
        return db.execute(sql).fetchall()
