import base64
import hashlib
import io
import uuid
import zlib

import pytest
from fastwarc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from crawler import urls
from crawler.archive import groups, warc
from crawler.archive.groups import Refers, Setting
from crawler.model import Broken, CaptureKey, Context, Fetched, HostId, Kind, Original, SegmentId, SourceId, Url, UrlHash
from tests.archive.samples import HEAD, HTML, NOW, PAGE, digest, exchange, job, visit

SETTING = Setting(archive_id="a", segment=SegmentId("WARRAQ-20261122072108123-00001-run-0a1b2c"))
ORIGINAL = Original(
    key=CaptureKey(host_id=HostId(1), h=UrlHash(-2), fetched_at=NOW - 1000),
    url=Url("https://news.example/first"),
    segment=SETTING.segment,
    offset=0,
    length=10,
    digest="sha1:OLD",
)


def told(exchange_, *, visit_=None, refers=None):
    """The records of an exchange, as an independent reader sees them."""
    packed = b"".join(
        zlib.compress(b"".join(r), 6, 31) for r in groups.records(visit_ or visit(exchange_), exchange_, SETTING, refers)
    )
    records = ArchiveIterator(io.BytesIO(packed), parse_http=False)
    return [(str(record.record_type), dict(record.headers.to_tuples()), record.reader.read()) for record in records]


def fields(block):
    return dict(line.split(": ", 1) for line in block.decode().splitlines())


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_what_goes_in_comes_out_byte_for_byte(response, request):
    answer, asked, _ = told(exchange(response=response, request=b"G" + request))
    assert answer[2] == response
    assert asked[2] == b"G" + request
    assert answer[1]["Content-Length"] == str(len(response))
    assert answer[1]["WARC-Block-Digest"] == digest(response)


def test_a_response_says_who_answered_when_and_over_what():
    taken = exchange(protocol="h2", cipher="TLS_AES_256_GCM_SHA384", peer="2001:DB8::0:7", truncated="length")
    kind, headers, block = told(taken)[0]
    key = CaptureKey(host_id=urls.host_id("news.example"), h=urls.url_hash(PAGE), fetched_at=NOW)
    assert (kind, block) == ("response", HEAD + HTML)
    assert headers == {
        "WARC-Type": "response",
        "WARC-Record-ID": warc.record_id("a", key, "answer"),
        "WARC-Date": "2026-11-22T07:21:08.123Z",
        "WARC-Target-URI": PAGE,
        "WARC-Warcinfo-ID": warc.warcinfo_id("a", SETTING.segment),
        "WARC-IP-Address": "2001:db8::7",
        "WARC-Protocol": "h2",
        "WARC-Cipher-Suite": "TLS_AES_256_GCM_SHA384",
        "WARC-Concurrent-To": warc.record_id("a", key, "request"),
        "WARC-Payload-Digest": digest(HTML),
        "WARC-Identified-Payload-Type": "text/html",
        "WARC-Truncated": "length",
        "WARC-Block-Digest": digest(HEAD + HTML),
        "Content-Type": "application/http;msgtype=response",
        "Content-Length": str(len(HEAD + HTML)),
    }


def test_request_and_metadata_point_to_their_answer():
    (_, answer, _), (_, request, _), (_, metadata, _) = told(exchange())
    assert request["WARC-Concurrent-To"] == metadata["WARC-Concurrent-To"] == answer["WARC-Record-ID"]
    assert request["Content-Type"] == "application/http;msgtype=request"
    assert metadata["Content-Type"] == "application/warc-fields"
    assert request["WARC-IP-Address"] == "192.0.2.7"
    assert {h["WARC-Target-URI"] for h in (answer, request, metadata)} == {PAGE}
    assert len({h["WARC-Record-ID"] for h in (answer, request, metadata)}) == 3


def test_metadata_tells_all_a_catalog_is_made_of():
    context = Context(
        source=SourceId("abc"),
        via=Url("https://news.example/rss"),
        first_url=Url("https://news.example/short"),
        hops=2,
        guid="tag:خبر-١",
        pub_date="Sun, 22 Nov 2026",
        title="وصل\r\nالرئيس",
        revisit=True,
    )
    taken = exchange(interim=b"HTTP/1.1 103 Early Hints\r\n\r\n", rebuilt=True, status=0)
    block = told(taken, visit_=visit(taken, job_=job(context=context)))[2][2]
    assert fields(block) == {
        "via": "https://news.example/rss",
        "hopsFromSeed": "2",
        "fetchTimeMs": "250",
        "kind": "page",
        "status": "0",
        "mime": "text/html",
        "keyVersion": "2",
        "outcome": "fetched",
        "firstUrl": "https://news.example/short",
        "source": "abc",
        "feedGuid": "tag:خبر-١",
        "feedPubDate": "Sun, 22 Nov 2026",
        "feedTitle": "وصل  الرئيس",
        "revisit": "1",
        "unparsed": "1",
        "rebuilt": "1",
        "interim": base64.b64encode(b"HTTP/1.1 103 Early Hints\r\n\r\n").decode(),
    }


def test_only_the_last_exchange_of_a_visit_tells_its_outcome():
    first, last = exchange(at=NOW), exchange(at=NOW + 1)
    whole = visit(first, last, outcome=Broken(reason="cut", detail="", exchanges=(first, last)))
    assert "outcome" not in fields(told(first, visit_=whole)[2][2])
    assert fields(told(last, visit_=whole)[2][2])["outcome"] == "broken cut"


def test_robots_are_kept_under_their_own_address_and_name_the_job():
    url = Url("https://news.example/robots.txt")
    robots = exchange(b"User-agent: *", url=url, kind=Kind.ROBOTS, mime="text/plain")
    page = exchange(at=NOW + 1)
    whole = visit(robots, page)
    assert groups.key_of(whole, robots).h == urls.url_hash(url)
    assert groups.key_of(whole, page).h == whole.job.h
    told_of_robots = fields(told(robots, visit_=whole)[2][2])
    assert (told_of_robots["kind"], told_of_robots["jobUrl"]) == ("robots", PAGE)


@pytest.mark.parametrize(
    ("why", "profile", "payload"),
    [
        ("payload", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest", digest(HTML)),
        ("not_modified", "http://netpreserve.org/warc/1.1/revisit/server-not-modified", "sha1:OLD"),
    ],
)
def test_a_revisit_has_all_five_fields_and_the_head_alone(why, profile, payload):
    kind, headers, block = told(exchange(), refers=Refers(why=why, original=ORIGINAL))[0]
    assert (kind, block) == ("revisit", HEAD)
    assert headers["WARC-Profile"] == profile
    assert headers["WARC-Refers-To"] == warc.record_id("a", ORIGINAL.key, "answer")
    assert headers["WARC-Refers-To-Target-URI"] == "https://news.example/first"
    assert headers["WARC-Refers-To-Date"] == "2026-11-22T07:21:07.123Z"
    assert headers["WARC-Payload-Digest"] == payload
    assert headers["Content-Length"] == str(len(HEAD))
    assert headers["Content-Type"] == "application/http;msgtype=response"
    assert headers["WARC-Block-Digest"] == digest(HEAD)


def test_a_local_document_is_a_resource_without_a_request():
    url = Url("urn:sha256:" + hashlib.sha256(HTML).hexdigest())
    local = exchange(HTML, url=url, head=b"", request=b"", peer=None, mime="text/plain")
    (kind, headers, block), (other, *_) = told(local, visit_=visit(local, job_=job(url)))
    assert (kind, other, block) == ("resource", "metadata", HTML)
    assert headers["Content-Type"] == "text/plain"
    assert headers["WARC-Target-URI"] == url
    assert "WARC-Concurrent-To" not in headers
    assert "WARC-IP-Address" not in headers


def test_record_ids_are_version_8_uuids_and_always_the_same():
    key = CaptureKey(host_id=HostId(1), h=UrlHash(2), fetched_at=3)
    name = warc.record_id("a", key, "answer")
    parsed = uuid.UUID(name.removeprefix("<urn:uuid:").removesuffix(">"))
    assert (parsed.version, parsed.variant) == (8, uuid.RFC_4122)
    assert name == warc.record_id("a", key, "answer")
    others = {warc.record_id("b", key, "answer"), warc.record_id("a", key, "request"), warc.record_id("a", key, "metadata")}
    assert name not in others
    assert len(others) == 3


@given(st.text(), st.text(), st.text())
def test_no_value_ends_its_line(mime, cipher, guid):
    taken = exchange(mime=mime, cipher=cipher, url=Url("urn:" + guid), request=b"", head=b"")
    asked = job(context=Context(guid=guid, title=cipher))
    records = told(taken, visit_=visit(taken, job_=asked))
    assert [kind for kind, _, _ in records] == ["resource", "metadata"]
    assert records[0][2] == HTML
    assert set(records[0][1]) <= {
        "WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Payload-Digest",
        "WARC-Identified-Payload-Type",
        "WARC-Block-Digest", "Content-Type", "Content-Length",
    }  # fmt: skip
    assert all(line.count(": ") for line in records[1][2].decode().split("\r\n")[:-1])


def test_an_address_that_is_no_address_is_left_out():
    assert warc.address("[2001:db8::1]") == "2001:db8::1"
    assert warc.address("fe80::1%eth0") == "fe80::1"
    assert warc.address("127.0.0.1\r\nX: y") is None
    assert warc.address(None) is None


@pytest.mark.parametrize(
    ("openssl", "iana"),
    [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
        ("ECDHE-ECDSA-AES256-CCM8", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"),
        ("DHE-RSA-AES128-SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
        ("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        ("something new", "something new"),
        (None, None),
    ],
)
def test_a_cipher_suite_is_called_as_iana_calls_it(openssl, iana):
    assert warc.cipher_suite(openssl) == iana


def test_each_layer_has_a_line_of_its_own():
    taken = exchange(protocol="http/1.1 tls/1.3", cipher="TLS_AES_128_GCM_SHA256")
    lines = groups.records(visit(taken), taken, SETTING, None)[0][0].split(b"\r\n")
    assert [line for line in lines if line.startswith(b"WARC-Pr")] == [b"WARC-Protocol: http/1.1", b"WARC-Protocol: tls/1.3"]


@pytest.mark.parametrize(
    ("response", "status", "payload"),
    [
        (HEAD + HTML[:9], 200, HTML[:9]),
        (b"HTTP/1.1 301 Moved\r\n\r\n", 301, b""),
        (b"HTTP/1.1 200 OK\r\nX: a\0b\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 0, b"a"),
    ],
)
def test_a_payload_that_is_nobodys_original_has_a_digest_in_its_record(response, status, payload):
    taken = exchange(response=response, status=status, payload_digest=None)
    assert told(taken)[0][1]["WARC-Payload-Digest"] == digest(payload)


def test_what_is_no_answer_has_no_payload():
    taken = exchange(response=b"HTTP/1.1 200 OK\r\nX: ", status=0, payload_digest=None)
    assert "WARC-Payload-Digest" not in told(taken)[0][1]
    assert "WARC-Identified-Payload-Type" not in told(taken)[0][1]


def test_the_warcinfo_names_its_file_and_says_who_crawls():
    block = warc.warcinfo(SETTING.segment, "a", {"software": "Warraq/1", "operator": "مكتبة"}, NOW)
    record = next(iter(ArchiveIterator(io.BytesIO(zlib.compress(b"".join(block), 6, 31)), parse_http=False)))
    headers = dict(record.headers.to_tuples())
    assert headers["WARC-Filename"] == f"{SETTING.segment}.warc.gz"
    assert headers["WARC-Record-ID"] == warc.warcinfo_id("a", SETTING.segment)
    said = fields(record.reader.read())
    assert said["format"] == "WARC File Format 1.1"
    assert (said["software"], said["operator"], said["archiveId"]) == ("Warraq/1", "مكتبة", "a")


def test_an_answer_that_is_not_http_is_kept_as_it_came():
    kind, _, block = told(exchange(response=b"SSH-2.0-x\r\n", status=0, payload_digest=None))[0]
    assert (kind, block) == ("response", b"SSH-2.0-x\r\n")


def test_outcomes_without_a_reason_are_named_alone():
    taken = exchange()
    assert fields(told(taken, visit_=visit(taken, outcome=Fetched(exchanges=(taken,))))[2][2])["outcome"] == "fetched"
