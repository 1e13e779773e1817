"""Receipts in the outbox: shorter, and the same when they come back."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from crawler import urls
from crawler.model import Capture, CaptureKey, Context, Job, Kind, Original, Poll, Receipt, SegmentId, Url, Validators
from crawler.store.receipts import packed, unpacked

URL, OTHER = Url("https://a.example/خبر"), Url("http://b.example:8080/2")
KEY = CaptureKey(host_id=urls.host_id("a.example"), h=urls.url_hash(URL), fetched_at=9)
CAPTURE = Capture(
    key=KEY,
    url=URL,
    kind=Kind.PAGE,
    status=200,
    segment=SegmentId("S"),
    offset=1,
    length=2,
    group_length=3,
    mime=None,
    digest=None,
)
ORIGINAL = Original(key=KEY, url=OTHER, segment=SegmentId("S"), offset=5, length=6)
POLL = Poll(source_id="ztqnbzod2wrbrezg", url=URL, host_id=1, h=2, validators=Validators(etag='"1"'))


def job(url, **more):
    host = urls.host(url)
    return Job(host=host, host_id=urls.host_id(host), h=urls.url_hash(url), url=url, **more)


RECEIPTS = st.builds(
    Receipt,
    capture=st.just(CAPTURE),
    job=st.builds(
        job,
        st.sampled_from([URL, OTHER]),
        due_at=st.integers(0, 2**41),
        kind=st.sampled_from(Kind),
        depth=st.integers(0, 3),
        tries=st.integers(0, 3),
        leases=st.integers(0, 3),
        context=st.sampled_from([Context(), Context(source="ztqnbzod2wrbrezg", via=OTHER, guid=URL, title="\0")]),
        poll=st.sampled_from([None, POLL]),
    ),
    validators=st.sampled_from([Validators(), Validators(etag="W/é"), Validators(last_modified="")]),
    truncated=st.booleans(),
    body=st.sampled_from([None, ORIGINAL]),
    rights=st.sampled_from([{}, {"robots": "noai"}]),
)


@given(RECEIPTS)
def test_a_receipt_comes_back_as_it_was(receipt):
    assert unpacked(packed(receipt), CAPTURE) == receipt


@given(RECEIPTS)
def test_one_with_the_names_of_its_fields_is_read_as_it_was_meant(receipt):
    named = {name: getattr(receipt, name) for name in ("job", "validators", "truncated", "body", "rights")}
    assert unpacked(msgspec.msgpack.encode(named), CAPTURE) == receipt


def test_what_the_capture_says_already_is_left_out():
    said = packed(Receipt(capture=CAPTURE, job=job(URL, due_at=7, kind=Kind.PAGE, leases=1)))
    assert msgspec.msgpack.decode(said) == ["a.example", 7, 2, None, 1]
