"""Documents that lie here."""

import hashlib
import io
from pathlib import Path

import pytest

from crawler.fetching.files import MOST_BYTES, DocumentError, DocumentFetcher, document, read_document
from crawler.model import Fetched, Refused
from tests.fetching.hands import HandClock, request


def test_a_file_is_named_by_its_content_and_not_by_its_path(tmp_path):
    path = tmp_path / "خبر.html"
    path.write_bytes(b"<p>news")
    found = read_document(path, "خبر.html")
    assert found.url == "urn:sha256:" + hashlib.sha256(b"<p>news").hexdigest()
    assert (found.body, found.name) == (b"<p>news", "خبر.html")


def test_a_stream_is_read_to_its_end():
    assert read_document(io.BytesIO(b"a\nb"), "standard input").body == b"a\nb"


@pytest.mark.parametrize(
    ("name", "why"), [("missing", "no such file"), (".", "is a folder; name the files in it"), ("a\0b", "can't be read")]
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, name, why):
    with pytest.raises(DocumentError, match=why) as error:
        read_document(tmp_path / name, "the file")
    assert str(error.value).startswith("the file: ")
    assert "\n" not in str(error.value)


def test_a_file_that_may_not_be_read_is_told_with_the_reason():
    with pytest.raises(DocumentError, match="mem: can't be read: "):
        read_document(Path("/proc/self/mem"), "mem")


def test_a_document_has_a_most():
    with pytest.raises(DocumentError, match="zero: larger than 64 MB"):
        read_document(Path("/dev/zero"), "zero")
    assert MOST_BYTES == 64 << 20


async def test_a_document_is_fetched_as_an_exchange_without_request():
    fetcher = DocumentFetcher([document(b"<p>news", "x.html")], HandClock())
    outcome = await fetcher.fetch(request(document(b"<p>news", "").url))
    assert isinstance(outcome, Fetched)
    exchange = outcome.exchanges[0]
    assert (exchange.request, exchange.response, exchange.status, exchange.payload_bytes) == (b"", b"<p>news", 200, 7)


async def test_a_document_nobody_gave_is_missing():
    outcome = await DocumentFetcher([], HandClock()).fetch(request("urn:sha256:00"))
    assert isinstance(outcome, Refused)
    assert outcome.reason == "missing"
