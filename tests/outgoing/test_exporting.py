"""What is given out: safe, the same each time, and never half of it."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import tombs
from crawler.archive.cdxj import index
from crawler.export import csv as sheets
from crawler.export import markdown_files
from crawler.model import Place, Record, SegmentId
from crawler.outgoing import forms
from crawler.outgoing.order import Order, export
from crawler.outgoing.stamp import LICENCE
from crawler.ports import ArchiveError
from crawler.store.outgoing import Choice
from tests.takedown.test_carrying import COMMON
from tests.tools import no_file_grows_beyond

FORMS = [form for form in forms.FORMS if form != "parquet"]  # which needs a library of its own: tests/torture


def order(root: Path, form: str, to: str, **choice: object) -> Order:
    return Order(
        root=root,
        store=root / "warraq.db",
        to=root.parent / to,
        form=form,
        choice=Choice(**choice),
        chosen={name: str(value) for name, value in choice.items()},
        licence=LICENCE,
    )


def quiet(_total: int):
    return lambda: None


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def record(**more: object) -> Record:
    place = Place(segment=SegmentId("s"), offset=1, length=2, fetched_at="2026-11-22T07:21:08.123Z")
    empty = dict.fromkeys(
        (
            "canonical_url",
            "published",
            "modified",
            "language",
            "direction",
            "section",
            "site",
            "source",
            "summary",
            "image",
            "note",
        )
    )
    values = {
        **empty,
        "id": "abcdefgh",
        "url": "https://news.example/a",
        "title": "T",
        "authors": (),
        "tags": (),
        "text": "x",
        "words": 1,
        "links": (),
        "rights": {},
        "found_in": {},
        "feed": {},
        "capture": place,
        "extractor": "t/1",
    }
    return Record(**{**values, **more})


@pytest.mark.parametrize("form", FORMS)
def test_twice_gives_the_same_bytes_in_place_of_the_first(root, form):
    done = export(order(root, form, "out"), quiet)
    first = files(root.parent / "out")
    assert len(done.articles) > 3
    assert "export.json" in first
    export(order(root, form, "out"), quiet)
    export(order(root, form, "other"), quiet)
    assert files(root.parent / "out") == files(root.parent / "other") == first
    assert not [path.name for path in root.parent.iterdir() if path.name.startswith(".")]


def test_the_stamp_says_what_it_is(root):
    export(order(root, "jsonl", "out", language="ar"), quiet)
    stamp = json.loads((root.parent / "out" / "export.json").read_bytes())
    assert stamp["chosen"] == {"language": "ar"}
    assert stamp["licence"].startswith("No licence")
    assert stamp["articles"] == len((root.parent / "out" / "articles.jsonl").read_text().splitlines())
    assert [one["path"] for one in stamp["files"]] == ["articles.jsonl"]


def test_something_elses_folder_is_left_alone(root):
    (root.parent / "mine").mkdir()
    (root.parent / "mine" / "letter").write_text("x")
    with pytest.raises(ArchiveError, match="something else is in it"):
        export(order(root, "csv", "mine"), quiet)
    assert files(root.parent / "mine") == {"letter": b"x"}


def test_an_interrupted_export_leaves_nothing_half_written(root):
    export(order(root, "jsonl", "out"), quiet)
    before = files(root.parent / "out")

    def stops(_total: int):
        def step() -> None:
            raise KeyboardInterrupt

        return step

    for to in ("out", "new"):
        with pytest.raises(KeyboardInterrupt):
            export(order(root, "warc", to), stops)
    assert files(root.parent / "out") == before
    assert not (root.parent / "new").exists()
    assert not list(root.parent.glob(".*"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("room", [10, 1000])
def test_a_disk_that_gets_full_is_named_and_nothing_is_left(root, form, room):
    with contextlib.ExitStack() as disk:

        def gets_full(_total: int):
            disk.enter_context(no_file_grows_beyond(room))  # the store is open by then, which needs more beside it
            return lambda: None

        with pytest.raises(ArchiveError, match=r"/\.out\.part/[^:]+: cannot \w+ it: File too large"):
            export(order(root, form, "out"), gets_full)
    assert not [path.name for path in root.parent.iterdir() if "out" in path.name]


def test_a_wacz_holds_what_the_specification_asks_for(root):
    export(order(root, "wacz", "out"), quiet)
    with zipfile.ZipFile(root.parent / "out" / "warraq.wacz") as packed:
        assert {one.compress_type for one in packed.infolist()} == {zipfile.ZIP_STORED}
        package = json.loads(packed.read("datapackage.json"))
        head, *pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]
        lines = packed.read("indexes/index.cdxj").decode().splitlines()
        digest = json.loads(packed.read("datapackage-digest.json"))
        names = set(packed.namelist()) - {"datapackage.json", "datapackage-digest.json"}
        for resource in package["resources"]:
            content = packed.read(resource["path"])
            assert len(content) == resource["bytes"]
            assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert digest["hash"] == "sha256:" + hashlib.sha256(packed.read("datapackage.json")).hexdigest()
        packed.extract("archive/warraq-00001.warc.gz", root.parent)
    assert package["profile"] == "data-package"
    assert package["wacz_version"] == "1.1.1"
    assert {one["path"] for one in package["resources"]} == names
    assert (head["format"], head["hasText"]) == ("json-pages-1.0", True)
    assert all({"url", "ts", "title", "text"} <= page.keys() for page in pages)
    assert lines == sorted(lines)
    assert lines == index(root.parent / "archive" / "warraq-00001.warc.gz").text.decode().splitlines()


@given(st.text(max_size=60))
def test_no_cell_is_a_formula(text):
    made = sheets.line(record(title=text, text=text)).decode()
    (row,) = list(csv.reader(io.StringIO(made, newline="")))
    cells = dict(zip([name for name, _ in sheets.COLUMNS], row, strict=True))
    assert not cells["title"].lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_a_sheet_reads_any_script_and_long_texts_are_cut_with_a_mark():
    made = b"".join(sheets.lines(iter([record(title="=1+1", text="صوت العقل" * 5_000)])))
    head, row = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    cells = dict(zip(head, row, strict=True))
    assert cells["title"] == "'=1+1"
    assert cells["text"].startswith("صوت العقل")
    assert cells["text"].endswith("[…]")
    assert max(map(len, row)) < 32_767


def test_front_matter_says_where_it_is_from_and_stays_on_its_lines():
    made = markdown_files.document(record(title='a"b\n---\u2028c: d', language="ar"), "00ff")
    head, _, rest = made.removeprefix("---\n").partition("\n---\n")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    assert json.loads(told["title"]) == 'a"b --- c: d'
    assert json.loads(told["sha256"]) == "00ff"
    assert json.loads(told["warc"])["offset"] == 1
    assert rest.startswith("\n# ")
    assert markdown_files.name(record()) == "ab/abcdefgh.md"


def test_what_a_takedown_erased_is_not_given_out(root):
    before = export(order(root, "jsonl", "out"), quiet).articles
    records = next(root.rglob("*-00001-*.jsonl"))
    first = records.read_bytes().splitlines(keepends=True)[0]
    records.write_bytes(records.read_bytes().replace(first, tombs.line(COMMON, len(first)), 1))
    after = export(order(root, "jsonl", "out"), quiet).articles
    assert set(after) < set(before)
