"""What others say of our exports, and we of theirs: py-wacz, pywb, pyarrow, warcio; nothing is lost on the way back."""

from __future__ import annotations

import hashlib
import re
import socket
import subprocess
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.torture.test_judges import asked, judge, pages, said, until_it_listens  # noqa: F401 - a fixture
from tests.whole import command

pytestmark = pytest.mark.torture

CATALOG = (
    "SELECT host_id, h, fetched_at, kind, status, mime, hex(digest), revisit_at, url, extracted FROM captures ORDER BY 1, 2, 3",
    "SELECT article_id, version, text_hash, h, fetched_at, url, title, published, language, source FROM articles ORDER BY 1",
    "SELECT article_id, n, v.text_hash, v.fetched_at FROM versions AS v JOIN articles AS a ON a.id = v.article ORDER BY 1, 2",
    "SELECT host_id, hex(digest), h, fetched_at FROM payloads ORDER BY 1, 2",
)
"""All but where things lie."""

THEIRS = """
import io, sys
from warcio.warcwriter import WARCWriter
from warcio.statusandheaders import StatusAndHeaders
with open(sys.argv[1], 'wb') as out:
    writer = WARCWriter(out, gzip=True, warc_version='1.0')
    writer.write_record(writer.create_warcinfo_record('theirs.warc.gz', {'software': 'theirs'}))
    for number in range(8):
        text = f'<html><head><title>Page {number}</title></head><body><article>' + ''.join(
            f'<p>Sentence {n} of page {number}, long enough to be a text that is read.</p>' for n in range(6)) + '</article></body></html>'
        head = StatusAndHeaders('200 OK', [('Content-Type', 'text/html; charset=utf-8')], protocol='HTTP/1.1')
        answer = writer.create_warc_record(f'http://theirs.example/{number}', 'response', payload=io.BytesIO(text.encode()), http_headers=head)
        line = StatusAndHeaders(f'GET /{number} HTTP/1.1', [('Host', 'theirs.example')], is_http_request=True)
        request = writer.create_warc_record(f'http://theirs.example/{number}', 'request', http_headers=line)
        writer.write_request_response_pair(request, answer)
        if number == 3:
            again = writer.create_revisit_record('http://other.example/again', answer.rec_headers.get_header('WARC-Payload-Digest'),
                'http://theirs.example/3', answer.rec_headers.get_header('WARC-Date'), http_headers=head)
            writer.write_record(again)
    writer.write_record(writer.create_warc_record('dns:theirs.example', 'resource', payload=io.BytesIO(b'x'), warc_content_type='text/dns'))
"""  # noqa: E501 - a script of its own


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The demo's archive, given out as WARC and WACZ."""
    folder = tmp_path_factory.mktemp("out")
    assert command.run(folder, "demo", "-o", "archive").returncode == 0
    (folder / "config.yaml").write_text("archive: {dir: archive}\n")
    for form in ("warc", "wacz"):
        assert command.run(folder, "export", form, form).returncode == 0
    return folder


def test_py_wacz_says_it_is_valid(folder, judge):  # noqa: F811
    checked = said(judge("wacz") / "wacz", "validate", "-f", folder / "wacz" / "warraq.wacz")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "is valid" in checked.stdout + checked.stderr


@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_export_and_import_give_the_same_catalog_and_twice_adds_nothing(folder, tmp_path, form):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    (given,) = [path for path in (folder / form).iterdir() if path.suffix in (".gz", ".wacz")]
    for _ in range(2):
        done = command.run(tmp_path, "import", form, str(given))
        assert done.returncode == 0, done.stderr
    for sql in CATALOG:
        assert command.rows(tmp_path, sql) == command.rows(folder, sql)
        assert command.rows(folder, sql)
    checked = command.run(tmp_path, "verify", "--deep")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert command.run(tmp_path, "archive", "rebuild", "--force").returncode == 0
    assert command.rows(tmp_path, CATALOG[1]) == command.rows(folder, CATALOG[1])


def test_pywb_replays_the_pages_of_a_wacz(folder, tmp_path, judge):  # noqa: F811
    with zipfile.ZipFile(folder / "wacz" / "warraq.wacz") as packed:
        warc = Path(packed.extract("archive/warraq-00001.warc.gz", tmp_path))
    bin_ = judge("pywb==2.10.0")
    assert said(bin_ / "wb-manager", "init", "news", cwd=tmp_path).returncode == 0
    assert said(bin_ / "wb-manager", "add", "news", warc, cwd=tmp_path).returncode == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [bin_ / "wayback", "-b", "127.0.0.1", "-p", str(port)]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(words, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
        try:
            until_it_listens(port)
            replayed = pages(warc)
            assert len(replayed) > 15
            for when, url, body in replayed:
                assert asked(f"http://127.0.0.1:{port}/news/{when}id_/{url}") == body
        finally:
            server.terminate()
            server.wait()


def test_what_warcio_wrote_is_taken_in_read_and_searched(tmp_path, judge):  # noqa: F811
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    made = said(judge("warcio==1.8.1") / "python", "-c", THEIRS, tmp_path / "theirs.warc.gz")
    assert made.returncode == 0, made.stderr
    done = command.run(tmp_path, "import", "warc", "theirs.warc.gz")
    assert done.returncode == 0, done.stderr
    assert "9 captures taken in" in done.stdout
    assert "1 passed over" in done.stderr
    assert len(command.rows(tmp_path, "SELECT 1 FROM articles")) == 9
    assert "theirs.example/5" in command.run(tmp_path, "search", "page 5").stdout
    checked = command.run(tmp_path, "verify", "--deep")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout
    again = command.run(tmp_path, "import", "warc", "theirs.warc.gz")
    assert "0 captures taken in, 9 known already" in again.stdout
    warc = next(path for path in (tmp_path / "archive").rglob("*import*.warc.gz"))
    assert said(judge("warcio==1.8.1") / "warcio", "check", warc).returncode == 0
    ids = set(re.findall(rb"WARC-Record-ID: (\S+)", zcat(tmp_path / "theirs.warc.gz")))
    assert len(ids & set(re.findall(rb"WARC-Record-ID: (\S+)", zcat(warc)))) == 17  # 9 answers, 8 requests


def zcat(path: Path) -> bytes:
    return subprocess.run(["zcat", path], capture_output=True, check=True).stdout


def test_parquet_is_read_by_pyarrow_and_is_the_same_each_time(folder, judge):  # noqa: F811
    python = judge("pyarrow") / "python"
    theirs = said(python, "-c", "import pyarrow, os; print(os.path.dirname(os.path.dirname(pyarrow.__file__)))").stdout.strip()
    ours = sysconfig.get_paths()["purelib"]
    digests = set()
    for to in ("a", "b"):
        run = f"import sys; sys.path[:0] = [{str(command.ROOT)!r}, {ours!r}]; from crawler.__main__ import main; main()"
        done = said(python, "-c", run, "export", "parquet", to, cwd=folder)
        assert done.returncode == 0, done.stderr
        digests.add(hashlib.sha256((folder / to / "articles.parquet").read_bytes()).hexdigest())
    assert len(digests) == 1
    look = "import pyarrow.parquet as p; t = p.read_table('a/articles.parquet'); print(t.num_rows, len(t.schema))"
    assert said(python, "-c", look, cwd=folder).stdout.split()[:2] == [
        str(len(command.rows(folder, "SELECT 1 FROM articles"))),
        "27",
    ]
    assert theirs
    assert command.run(folder, "export", "parquet", "c").returncode == 4  # without pyarrow: one line says what to install
