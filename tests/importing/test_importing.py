"""Archives of others: what they say is kept, a broken one is refused as a whole, a second time adds nothing."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from crawler.archive import warc
from crawler.archive.cdxj import index
from crawler.archive.member import Member
from crawler.archive.packing import PACKS
from crawler.archive.rebuilding import fields, kept
from crawler.importing.adopting import Adopted, Home, Unusable, adopt
from crawler.importing.foreign import Exchange, Foreign, unpacked
from crawler.model import Extracted, Kind, SegmentId
from crawler.ports import ArchiveError
from crawler.rebuild import recall

HOME = Home(archive_id="ours", segment=SegmentId("WARRAQ-20261122072108123-00001-import-0a"), name="theirs.warc.gz")
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>\xd8\xb5\xd9\x88\xd8\xaa</p></html>"


def text(kind: str, block: bytes, version: str = "1.0", **headers: str) -> bytes:
    """A record as others write it."""
    named = {
        "WARC-Type": kind,
        "WARC-Date": "2019-05-06T07:08:09Z",
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"WARC/{version}\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


INFO = text("warcinfo", b"software: other\r\n", WARC_Record_ID="<urn:uuid:0>", Content_Type="application/warc-fields")
REQUEST = text("request", b"GET / HTTP/1.1\r\n\r\n", WARC_Record_ID="<urn:uuid:2>", WARC_Concurrent_To="<urn:uuid:1>")
RESPONSE = text(
    "response", PAGE, WARC_Record_ID="<urn:uuid:1>", WARC_Target_URI="<http://Other.example/a>", WARC_IP_Address="192.0.2.1"
)
REVISIT = text(
    "revisit",
    b"HTTP/1.1 200 OK\r\n\r\n",
    WARC_Record_ID="<urn:uuid:3>",
    WARC_Target_URI="http://third.example/b",
    WARC_Refers_To="<urn:uuid:1>",
    WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
    WARC_Payload_Digest="sha1:AAAA",
)
DNS = text(
    "response",
    b"20190506\nother.example. 1 IN A 192.0.2.1\n",
    WARC_Record_ID="<urn:uuid:4>",
    WARC_Target_URI="dns:other.example",
)


def foreign(path: Path, *records: bytes, packed: bool = True) -> Foreign:
    path.write_bytes(b"".join(gzip.compress(one) if packed else one for one in records))
    return Foreign(path, path.name)


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_comes_with_what_belongs_to_it_in_whatever_order(tmp_path, packed):
    for records in ((INFO, RESPONSE, REQUEST, REVISIT), (INFO, REQUEST, RESPONSE, REVISIT)):
        found = list(foreign(tmp_path / "a.warc", *records, packed=packed).exchanges())
        assert [one.answer.get("WARC-Record-ID") for one in found] == ["<urn:uuid:1>", "<urn:uuid:3>"]
        assert found[0].request is not None
        assert found[1].request is None


def test_ids_dates_and_headers_are_kept_and_the_rest_is_ours(tmp_path):
    theirs = foreign(tmp_path / "a.warc.gz", INFO, RESPONSE, REQUEST)
    (exchange,) = theirs.exchanges()
    adopted = adopt(exchange, HOME, theirs.dates)
    assert isinstance(adopted, Adopted)
    row = kept([PACKS["isal"](record) for record in adopted.records], 0, HOME.segment)
    assert row is not None
    assert (row.capture.url, row.capture.status, row.capture.kind) == ("http://other.example/a", 200, Kind.PAGE)
    assert warc.date(row.capture.key.fetched_at) == "2019-05-06T07:08:09.000Z"
    head = adopted.records[0][0].decode()
    assert "WARC-Record-ID: <urn:uuid:1>\r\n" in head
    assert "WARC-IP-Address: 192.0.2.1\r\n" in head
    assert f"WARC-Block-Digest: {warc.digest(PAGE)}\r\n" in head
    assert "importedFrom: theirs.warc.gz" in b"".join(adopted.records[-1]).decode()
    assert recall.extracted(row, read=None, sealed=False, oneshot=False) is None  # it is to be read


def test_a_revisit_finds_its_original_also_on_another_host(tmp_path):
    theirs = foreign(tmp_path / "a.warc.gz", RESPONSE, REVISIT)
    rows = []
    for exchange in theirs.exchanges():
        adopted = adopt(exchange, HOME, theirs.dates)
        assert isinstance(adopted, Adopted)
        rows.append(kept([PACKS["isal"](record) for record in adopted.records], 0, HOME.segment))
    assert rows[1].capture.revisit_of == rows[0].capture.key


def test_what_is_no_exchange_of_the_web_is_told_and_passed_over(tmp_path):
    theirs = foreign(tmp_path / "a.warc.gz", DNS, RESPONSE)
    first, _ = theirs.exchanges()
    assert isinstance(adopt(first, HOME, theirs.dates), Unusable)
    cut = Member(kind="response", headers=(*first.answer.headers, ("WARC-Segment-Number", "1")), block=b"")
    assert isinstance(adopt(Exchange(cut, None, None), HOME, {}), Unusable)
    lost = Member(
        kind="revisit", headers=(("WARC-Target-URI", "http://a.example/"), ("WARC-Date", "2019-05-06T07:08:09Z")), block=b""
    )
    assert isinstance(adopt(Exchange(lost, None, None), HOME, {}), Unusable)


def test_a_picture_is_kept_and_not_read(tmp_path):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n"
    theirs = foreign(
        tmp_path / "a.warc.gz", text("response", block, WARC_Record_ID="<urn:uuid:9>", WARC_Target_URI="http://a.example/p")
    )
    adopted = adopt(next(theirs.exchanges()), HOME, {})
    row = kept([PACKS["isal"](record) for record in adopted.records], 0, HOME.segment)
    assert recall.extracted(row, read=None, sealed=False, oneshot=False) is Extracted.NOTHING
    assert fields(adopted.records[-1][1])["outcome"] == "kept"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(INFO) + gzip.compress(RESPONSE)[:-12], "ends early"),
        (gzip.compress(INFO) + b"\x1f\x8bjunk" * 9, "damaged"),
        (gzip.compress(INFO) + gzip.compress(RESPONSE) + bytes(9), "damaged"),
        (gzip.compress(RESPONSE) + gzip.compress(bytes(200_000))[:-1], "ends early"),
        (RESPONSE[:-30], "ends early"),
        (b"<html>no archive</html>", "no WARC"),
        (b"", "no WARC"),
    ],
)
def test_a_broken_file_is_refused_with_one_clear_line(tmp_path, content, said):
    (tmp_path / "a.warc.gz").write_bytes(content)
    with pytest.raises(ArchiveError, match=said) as error:
        Foreign(tmp_path / "a.warc.gz", "a.warc.gz")
    assert "\n" not in str(error.value)


def test_a_wacz_is_opened_and_one_that_is_none_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as packed:
        packed.writestr("archive/x.warc.gz", gzip.compress(RESPONSE))
        packed.writestr("datapackage.json", json.dumps({}))
    ((path, name),) = unpacked(tmp_path / "a.wacz", tmp_path)
    assert len(list(Foreign(path, name).exchanges())) == 1
    assert len(index(path).text.splitlines()) == 1
    (tmp_path / "b.wacz").write_bytes((tmp_path / "a.wacz").read_bytes()[:60])
    with pytest.raises(ArchiveError, match="no WACZ"):
        unpacked(tmp_path / "b.wacz", tmp_path)
